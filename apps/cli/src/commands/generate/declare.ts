import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import { DONE, type ExitCode } from "../../exit-code.ts";
import { choice } from "../../options/choice.ts";
import { examples } from "../../options/example.ts";
import { given } from "../../options/given.ts";
import { count, number } from "../../options/number.ts";
import { exactlyOne } from "../../options/required.ts";
import type { Runner, Session } from "../../session.ts";
import { formatCount } from "../../terminal/numbers.ts";

interface GenerateOptions {
  readonly system?: string;
  readonly potential?: string;
  readonly initial?: string;
  readonly start?: string;
  readonly trajectories: number;
  readonly records: number;
  readonly dt: number;
  readonly stride: number;
  readonly scheme: "segments" | "random";
  readonly noise: number;
  readonly seed: number;
  readonly skip: number;
  readonly integrator?: string;
  readonly dropVelocities?: boolean;
  readonly velocityNoise: number;
  readonly missing: number;
  readonly missingRecords: number;
  readonly shortest?: number;
  readonly out: string;
  readonly force?: boolean;
}

export function registerGenerate(program: Command, run: Runner): void {
  program
    .command("generate")
    .summary("make trajectories to learn from")
    .description(
      "Rolls out a system and writes its trajectories as NPZ: positions [trajectory, record, particle, dimension], " +
        "velocities, times and masses. Record 0 is the start.",
    )
    .option("--system <name>", "built-in system: linear-spring, quartic-spring, gravity")
    .option(
      "--potential <p>",
      "potential of your own: module, formula in r, or built-in name; by species: '0-0: ... | 0-1: ...'",
    )
    .option("--initial <file>", "state to start from, JSON: masses, positions, velocities")
    .option(
      "--start <name>",
      "start of a built-in system: train, test, tilted, larger (default: train)",
    )
    .option("--trajectories <n>", "number of trajectories", count("--trajectories"), 100)
    .option("--records <n>", "records a trajectory, the start included", count("--records", 2), 20)
    .option("--dt <t>", "time step", number("--dt", { above: 0 }), 0.01)
    .option("--stride <n>", "steps between records", count("--stride"), 10)
    .option(
      "--scheme <scheme>",
      "segments of one run, or random starts",
      choice("--scheme", ["segments", "random"]),
      "segments",
    )
    .option(
      "--noise <sigma>",
      "standard deviation of noise on positions",
      number("--noise", { atLeast: 0 }),
      0,
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option(
      "--skip <n>",
      "trajectories to leave out first (a validation set: 100)",
      count("--skip", 0),
      0,
    )
    .option("--integrator <name>", "method of integration (default: velocity-verlet)")
    .option(
      "--velocity-noise <sigma>",
      "standard deviation of noise on velocities",
      number("--velocity-noise", { atLeast: 0 }),
      0,
    )
    .option("--drop-velocities", "keep positions only")
    .option(
      "--missing <share>",
      "share of the observations (particle by particle) that are missing",
      number("--missing", { atLeast: 0, below: 1 }),
      0,
    )
    .option(
      "--missing-records <share>",
      "share of the records that are missing, all particles together",
      number("--missing-records", { atLeast: 0, below: 1 }),
      0,
    )
    .option(
      "--shortest <n>",
      "trajectories of unequal length: from n records to all of them",
      count("--shortest", 2),
    )
    .option("--out <file>", "where to write", "data.npz")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn generate --system gravity --out gravity.npz",
        'mclnn generate --potential "0-0: 0.5*(r-1)^2 | 0-1: 1/r | 1-1: 1/r" --initial two.json',
        'mclnn generate --potential "0.5*(r-1)^4" --initial start.json --trajectories 50 --out own.npz',
      ),
    )
    .action((options: GenerateOptions) => run((session) => generate(options, session)));
}

async function generate(options: GenerateOptions, { terminal }: Session): Promise<ExitCode> {
  const { system, potential, initial, start, noise, dropVelocities } = options;
  exactlyOne({ "--system": system, "--potential": potential });
  const { velocityNoise, missing, missingRecords, shortest } = options;
  if (dropVelocities === true && velocityNoise > 0)
    throw new MclnnError("velocities are both dropped and noisy", {
      code: "conflicting-options",
      argument: "--velocity-noise",
      expected: "--drop-velocities or --velocity-noise",
      got: "both",
    });
  const { trajectories, records, dt, stride, scheme, seed, skip } = options;
  if (shortest !== undefined && shortest > records)
    throw new MclnnError("--shortest cannot be used", {
      code: "bad-option",
      argument: "--shortest",
      expected: `a whole number from 2 to ${records}, the records of a trajectory`,
      got: String(shortest),
    });
  const { claimFile } = await import("../../outputs/output-file.ts");
  const out = await claimFile(options.out, { force: options.force, ending: ".npz" });
  const [datasets, { namedIntegrator }, { resolveSystem }, { checkWhereItWent }, software] =
    await Promise.all([
      import("@mclnn/datasets"),
      import("../../inputs/integrator.ts"),
      import("../../inputs/system.ts"),
      import("../../inputs/guarded-potential.ts"),
      import("../../software.ts"),
    ]);
  const integrator =
    options.integrator === undefined ? undefined : namedIntegrator(options.integrator);
  const named = await resolveSystem({ system, potential, initial, start }, "train");
  const { checkNpzSize } = await import("../../outputs/npz-size.ts");
  const { masses, dimension: components } = named.system;
  checkNpzSize(
    { trajectories, records, particles: masses.length, dimension: components },
    trajectories === 1 ? "--records" : "--trajectories",
  );
  const clean = datasets.generateTrajectories({
    system: named.system,
    start: named.start,
    trajectories,
    records,
    dt,
    stride,
    scheme,
    noise: 0,
    seed,
    skip,
    ...given({ integrator }),
  });
  const { particles, dimension } = clean;
  if (named.own !== undefined)
    for (const text of checkWhereItWent(named.own.pair, clean.positions, { particles, dimension }))
      terminal.remark(text);
  const noisy = noise > 0 ? datasets.addPositionNoise(clean, { sigma: noise, seed }) : clean;
  const measured =
    dropVelocities === true
      ? datasets.dropVelocities(noisy)
      : velocityNoise > 0
        ? datasets.addVelocityNoise(noisy, { sigma: velocityNoise, seed })
        : noisy;
  const ended =
    shortest === undefined ? measured : datasets.shortenTrajectories(measured, { shortest, seed });
  const sparse =
    missingRecords > 0
      ? datasets.dropObservations(ended, { share: missingRecords, seed, whole: true })
      : ended;
  const set = missing > 0 ? datasets.dropObservations(sparse, { share: missing, seed }) : sparse;
  const versions = software.softwareVersions();
  await out.write(
    datasets.encodeTrajectorySet({
      ...set,
      provenance: { ...set.provenance, ...named.provenance, software: versions },
    }),
  );
  terminal.print(
    `${formatCount(trajectories)} trajectories of ${formatCount(records)} records, ${particles} bodies in ${dimension} dimensions: ${out.path}`,
  );
  terminal.printJson({ data: out.path, trajectories, records, particles, dimension });
  return DONE;
}
