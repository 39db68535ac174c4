import { experimentByName, generateTrajectories, splitTrajectories } from "@mclnn/datasets";
import { train } from "@mclnn/learning";
import { createSplineModel, fitPowerLaw, type SplineModel } from "@mclnn/models";
import { createSystem, gravity, MclnnError, pairwise } from "@mclnn/physics";
import { tfjsLagrangian } from "@mclnn/tfjs";
import { main } from "../../apps/cli/src/index.ts";
import { springs, untyped } from "./samples.ts";

/** A set of springs in which some particles were not seen. */
const observed = (seen: (record: number, particle: number) => boolean) => {
  const { trajectories, records, particles } = springs();
  const flags = Uint8Array.from({ length: trajectories * records * particles }, (_, k) =>
    Number(seen(Math.floor(k / particles) % records, k % particles)),
  );
  return springs({ observed: flags });
};

/** Runs a command line, and throws what it prints under `--json`. */
async function mclnn(...args: string[]): Promise<void> {
  let stdout = "";
  const exitCode = await main([...args, "--json"], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => undefined },
    env: {},
  });
  const { error } = JSON.parse(stdout) as { error?: ConstructorParameters<typeof MclnnError>[1] };
  if (error !== undefined)
    throw new MclnnError("refused", { ...error, kind: exitCode === 2 ? "input" : "failure" });
}

/** Ways to the codes that no test of a package asks for by name. */
export const refusals: Readonly<Record<string, () => unknown>> = {
  "bad-knots": () =>
    untyped(createSplineModel)({
      knots: [Float64Array.of(2, 1)],
      coefficients: new Float64Array(4),
      separations: { ranges: [[1, 2]], edges: Float64Array.of(1, 2), counts: Float64Array.of(1) },
      record: { seed: 1, trainLoss: 0 },
    }),
  "bad-split": () => splitTrajectories(springs(), { train: 3, test: 1 }),
  "missing-command": () => mclnn("--quiet"),
  "missing-start": () =>
    train(
      observed((record, particle) => record > 0 || particle !== 1),
      { velocities: "given" },
    ),
  "no-error-bars": async () => {
    const { uncertainty: _, ...bare } = (await train(springs(), { model: "spline" }))
      .model as SplineModel;
    return fitPowerLaw(bare);
  },
  "no-start": () =>
    generateTrajectories({
      system: createSystem({
        masses: new Float64Array(300).fill(1),
        dimension: 2,
        potential: pairwise(gravity()),
      }),
      start: {
        time: 0,
        positions: Float64Array.from({ length: 600 }, (_, k) =>
          k % 2 === 0 ? Math.floor(k / 40) : (k >> 1) % 20,
        ),
        velocities: new Float64Array(600),
      },
      trajectories: 1,
      scheme: "random",
    }),
  "singular-lagrangian": async () => {
    const still = await tfjsLagrangian((q) => q.square().sum(1), { coordinates: 2 });
    return still.accelerations(Float64Array.of(1, 2), Float64Array.of(0, 0));
  },
  "start-not-determined": () =>
    train(observed((record, particle) => record === 0 || particle !== 1)),
  "too-few-particles": () => {
    const { trajectories, records } = springs();
    const alone = new Float64Array(trajectories * records * 3);
    return train(
      springs({
        particles: 1,
        masses: Float64Array.of(1),
        positions: alone,
        velocities: alone,
        provenance: {},
      }),
    );
  },
  "unknown-system": () => experimentByName("gravty"),
};

/** Codes that no test asks for by name, and what gets there all the same. */
export const elsewhere: Readonly<Record<string, string>> = {
  "backend-failed": "a broken TensorFlow.js; packages/tfjs/test/tfjs-node.test.ts",
  "page-not-built": "a clone without its build; apps/cli/src/commands/playground/serve.ts",
  "no-law": "a button of the playground before there is a law; apps/playground/check",
  "no-records": "the same before there are records; apps/playground/check",
  "too-crowded": "dots of the playground that find no room; apps/playground/check",
  interrupted: "a signal; bench/trust/promises/signals.ts",
  "study-failed": "a study of reproduce that fails; apps/cli/test/reproduce.test.ts",
};
