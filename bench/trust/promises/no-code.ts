import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inPlace, type Place, withProgram } from "../program.ts";
import type { Promised, Size, Tally } from "../promise.ts";

/** No code from strings; no prototype through `__proto__`. */
const STRICT = ["--disallow-code-generation-from-strings", "--disable-proto=throw"];

/** A command; a file that must come out the same as without the flags; and, of those that draw pictures or take long, that they are tried in full only. */
type Row = readonly [line: string, same?: string | undefined, full?: "full"];

/** In an order in which each finds what it needs. */
const COMMANDS: readonly Row[] = [
  ["--help", undefined, "full"],
  ["systems --json", undefined, "full"],
  ["generate --system gravity --trajectories 6 --records 12 --out data.npz", "data.npz"],
  [
    "generate --system gravity --trajectories 40 --records 12 --noise 1e-3 --drop-velocities --missing 0.1 --out tracks.npz",
    ...(["tracks.npz", "full"] as const),
  ],
  ["inspect data.npz", undefined, "full"],
  [
    "train --data data.npz --model spline --out spline.safetensors",
    ...(["spline.safetensors", "full"] as const),
  ],
  ["train --data data.npz --out mclnn.safetensors", "mclnn.safetensors"],
  ["train --data tracks.npz --model spline --out tracks.safetensors", "tracks.safetensors", "full"],
  // On threads; the target is out of reach, so that they go on to the last epoch.
  [
    "train --data data.npz --model lnn --epochs 40 --threads 2 --checkpoint c --until 1e-30 --out lnn.safetensors",
  ],
  ["train --resume c --epochs 50 --threads 2 --out lnn-2.safetensors", undefined, "full"],
  ["inspect mclnn.safetensors"],
  ["law --model mclnn.safetensors --out law.csv", "law.csv"],
  ["law --model spline.safetensors --power-law --out law.json", "law.json", "full"],
  ["law --model mclnn.safetensors --out law.svg", "law.svg", "full"],
  ["law --model mclnn.safetensors --out law.png", "law.png", "full"],
  ["simulate --model mclnn.safetensors --initial start.json --records 20 --out run.npz", "run.npz"],
  // A formula, a table, and modules on a thread of their own, where flags must hold too.
  ...["eps/r^2;eps=2", "table.csv", "./own.mjs", "./typed.ts"].map((potential, k): Row => {
    const out = `potential-${k}.npz`;
    const options = `--potential ${potential} --initial start.json --records 20`;
    const line = `simulate ${options} --out ${out}`;
    // A formula is read; what is typed is on a thread, and compiled besides.
    return /;|\.ts$/.test(potential) ? [line, out] : [line, out, "full"];
  }),
  ["plot --run run.npz --out run.svg", "run.svg", "full"],
  ["plot --model spline.safetensors --out spline.png", "spline.png", "full"],
  ["evaluate --model spline.safetensors --data data.npz --out evaluated", undefined, "full"],
  ["init project", "project/potential.ts"],
  [
    "compare --systems gravity --rollout-records 100 --lnn-points 200 --threads 2 --out compared",
    ...(["compared/figures/gravity-potential.svg", "full"] as const),
  ],
  ["reproduce --quick --only theory --threads 2 --out reproduced", undefined, "full"],
];
/** These end before their target. */
const SHORT = /--epochs/;

const ENERGY = "(r) => 1 / (r * r)";
const TABLE = Array.from({ length: 60 }, (_, k) => 0.2 + 0.1 * k);
const INPUTS: Readonly<Record<string, string>> = {
  "start.json":
    '{"masses":[1,1,1],"positions":[[0,0],[1,0],[0.4,0.9]],"velocities":[[0,0.1],[0,0],[-0.1,0]]}',
  "table.csv": `r,V\n${TABLE.map((r) => `${r},${1 / r}`).join("\n")}\n`,
  "own.mjs": `export default { name: "own", energy: ${ENERGY} };`,
  "typed.ts": `export default { name: "typed", energy: (r: number): number => 1 / (r * r) };`,
  // What the flags are there for: each works without them.
  "from-string.mjs": `export default { name: "string", energy: new Function("return ${ENERGY}")() };`,
  "prototype.mjs": `if ({}.__proto__ === undefined) throw 0; export default { name: "proto", energy: ${ENERGY} };`,
};
const CONTROLS = ["from-string.mjs", "prototype.mjs"];

export const noCode: Promised = {
  name: "no-code",
  promise:
    "Every command runs where Node makes no code from strings and no prototype may be reached by name, and does the same there",
  check: (size, tally) =>
    withCommand(size, async ({ folder, start }) => {
      const commands = COMMANDS.filter(([, , full]) => size === "full" || full === undefined);
      for (const way of size === "full" ? ["strict", "plain"] : ["strict"]) {
        const place = path.join(folder, way);
        await mkdir(place);
        for (const [name, text] of Object.entries(INPUTS))
          await writeFile(path.join(place, name), text);
        for (const [line] of commands) {
          const { code, stderr } = await start(line, place, way === "strict" ? STRICT : []).ended;
          const ends = SHORT.test(line) ? 1 : 0;
          tally.expect(code === ends, `${way}: ${line}: ${code}, ${stderr.slice(-500)}`);
        }
      }
      for (const [, same] of size === "full" ? commands : []) {
        if (same === undefined) continue;
        const [strict, plain] = await Promise.all(
          ["strict", "plain"].map((way) => readFile(path.join(folder, way, same), "base64")),
        );
        tally.expect(strict === plain, `${same} is not the same under ${STRICT.join(" ")}`);
      }
      await controls(start, path.join(folder, "strict"), tally);
    }),
};

/** Works with the command as a user has it; in small with a bundle of the sources, which needs no build. */
async function withCommand(size: Size, work: (place: Place) => Promise<void>): Promise<void> {
  if (size === "quick") return withProgram(work);
  const root = path.resolve(import.meta.dirname, "../../..");
  const build = "exec turbo run build --filter=@mclnn/cli... --output-logs=errors-only";
  execFileSync("pnpm", build.split(" "), { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return inPlace(path.join(root, "apps/cli/bin/mclnn.js"), work);
}

/** Modules that do what the flags forbid: run without, end the command with. */
async function controls(start: Place["start"], place: string, tally: Tally): Promise<void> {
  for (const [k, module] of CONTROLS.entries())
    for (const flags of [STRICT, []]) {
      const line = `simulate --potential ./${module} --initial start.json --records 5 --out control-${k}-${flags.length}.npz`;
      const { code, stderr } = await start(line, place, flags).ended;
      const with_ = flags.length > 0;
      tally.expect(
        code === (with_ ? 2 : 0),
        `${module} ${with_ ? "with" : "without"} the flags: ${code}, ${stderr.slice(-300)}`,
      );
    }
}
