import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundledProgram, start } from "../program.ts";
import type { Promised, Size, Tally } from "../promise.ts";

/** No code from strings; no prototype through `__proto__`. */
const STRICT = ["--disallow-code-generation-from-strings", "--disable-proto=throw"];

/** Commands in an order in which each finds what it needs; and a file that must come out the same as without the flags. */
interface Command {
  readonly args: readonly string[];
  readonly same?: string;
  /** Exit code; 0 where not given. */
  readonly ends?: number;
  /** Draws pictures, or takes long: in full only. */
  readonly full?: boolean;
}

const command = (line: string, same?: string, full = false): Command => ({
  args: line.split(" "),
  ...(same === undefined ? {} : { same }),
  full,
});

const COMMANDS: readonly Command[] = [
  command("--help"),
  command("systems --json"),
  command("generate --system gravity --trajectories 6 --records 12 --out data.npz", "data.npz"),
  command(
    "generate --system gravity --trajectories 40 --records 12 --noise 1e-3 --drop-velocities --missing 0.1 --out tracks.npz",
    "tracks.npz",
    true,
  ),
  command("inspect data.npz"),
  command("train --data data.npz --model spline --out spline.safetensors", "spline.safetensors"),
  command("train --data data.npz --out mclnn.safetensors", "mclnn.safetensors"),
  command(
    "train --data tracks.npz --model spline --out tracks.safetensors",
    "tracks.safetensors",
    true,
  ),
  // On threads; the target is out of reach, so that they go on to the last epoch.
  ...[
    "train --data data.npz --model lnn --epochs 40 --threads 2 --checkpoint c --until 1e-30 --out lnn.safetensors",
    "train --resume c --epochs 50 --threads 2 --out lnn-2.safetensors",
  ].map((line) => ({ ...command(line), ends: 1 })),
  command("inspect mclnn.safetensors"),
  command("law --model mclnn.safetensors --out law.csv", "law.csv"),
  command("law --model spline.safetensors --power-law --out law.json", "law.json"),
  command("law --model mclnn.safetensors --out law.svg", "law.svg", true),
  command("law --model mclnn.safetensors --out law.png", "law.png", true),
  command(
    "simulate --model mclnn.safetensors --initial start.json --records 20 --out run.npz",
    "run.npz",
  ),
  command(
    "simulate --potential eps/r^2;eps=2 --initial start.json --records 20 --out formula.npz",
    "formula.npz",
  ),
  command(
    "simulate --potential table.csv --initial start.json --records 20 --out table.npz",
    "table.npz",
  ),
  // On a thread of its own, where flags must hold too.
  command(
    "simulate --potential ./own.mjs --initial start.json --records 20 --out own.npz",
    "own.npz",
  ),
  command(
    "simulate --potential ./typed.ts --initial start.json --records 20 --out typed.npz",
    "typed.npz",
  ),
  command("plot --run run.npz --out run.svg", "run.svg", true),
  command("plot --model spline.safetensors --out spline.png", "spline.png", true),
  command("evaluate --model spline.safetensors --data data.npz --out evaluated", undefined, true),
  command("init project", "project/potential.ts"),
  command(
    "compare --systems gravity --rollout-records 100 --lnn-points 200 --threads 2 --out compared",
    "compared/figures/gravity-potential.svg",
    true,
  ),
  command("reproduce --quick --only theory --threads 2 --out reproduced", undefined, true),
];

const ENERGY = "(r) => 1 / (r * r)";
const INPUTS: Readonly<Record<string, string>> = {
  "start.json": JSON.stringify({
    masses: [1, 1, 1],
    positions: [
      [0, 0],
      [1, 0],
      [0.4, 0.9],
    ],
    velocities: [
      [0, 0.1],
      [0, 0],
      [-0.1, 0],
    ],
  }),
  "table.csv": `r,V\n${Array.from({ length: 60 }, (_, k) => `${0.2 + 0.1 * k},${1 / (0.2 + 0.1 * k)}`).join("\n")}\n`,
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
  async check(size, tally) {
    const folder = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    const { program, remove } = await programFor(size);
    const commands = COMMANDS.filter(({ full }) => size === "full" || full !== true);
    const ways = size === "full" ? ["strict", "plain"] : ["strict"];
    try {
      for (const way of ways) {
        const place = path.join(folder, way);
        await makePlace(place);
        const flags = way === "strict" ? STRICT : [];
        for (const { args, ends = 0 } of commands) {
          const { code, stderr } = await start(program, args, place, flags).ended;
          tally.expect(code === ends, `${way}: ${args.join(" ")}: ${code}, ${stderr.slice(-500)}`);
        }
      }
      for (const { same } of size === "full" ? commands : []) {
        if (same === undefined) continue;
        const [strict, plain] = await Promise.all(
          ["strict", "plain"].map((way) => readFile(path.join(folder, way, same), "base64")),
        );
        tally.expect(strict === plain, `${same} is not the same under ${STRICT.join(" ")}`);
      }
      await controls(program, path.join(folder, "strict"), tally);
    } finally {
      await remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** The command as a user has it; in small, a bundle of the sources, which needs no build. */
async function programFor(size: Size): Promise<{ program: string; remove: () => Promise<void> }> {
  if (size === "quick") {
    const program = await bundledProgram();
    const remove = () => rm(path.dirname(program), { recursive: true, force: true });
    return { program, remove };
  }
  const root = path.resolve(import.meta.dirname, "../../..");
  const build = [
    "exec",
    "turbo",
    "run",
    "build",
    "--filter=@mclnn/cli...",
    "--output-logs=errors-only",
  ];
  execFileSync("pnpm", build, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return { program: path.join(root, "apps/cli/bin/mclnn.js"), remove: async () => {} };
}

async function makePlace(place: string): Promise<void> {
  await mkdir(place);
  for (const [name, text] of Object.entries(INPUTS)) await writeFile(path.join(place, name), text);
}

/** Modules that do what the flags forbid: run without, end the command with. */
async function controls(program: string, place: string, tally: Tally): Promise<void> {
  for (const [k, module] of CONTROLS.entries())
    for (const flags of [STRICT, []]) {
      const args = ["simulate", "--potential", `./${module}`, "--initial", "start.json"];
      const out = `control-${k}-${flags.length}.npz`;
      const run = await start(program, [...args, "--records", "5", "--out", out], place, flags)
        .ended;
      tally.expect(
        flags.length > 0 ? run.code === 2 : run.code === 0,
        `${module} ${flags.length > 0 ? "with" : "without"} the flags: ${run.code}, ${run.stderr.slice(-300)}`,
      );
    }
}
