import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { encodeTrajectorySet, experiments } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { spreadOf } from "../../numbers.ts";
import { measured, type Used } from "../../process.ts";
import { durationText } from "../document.ts";
import { atMost, type Goal, type Measurement, type TimeRow } from "../measurement.ts";
import { paperTrajectories } from "../problems.ts";

const ROOT = path.join(import.meta.dirname, "../../..");
const PROGRAM = path.join(ROOT, "apps/cli/bin/mclnn.js");

/** Runs the built `mclnn` as a process of its own, or by pnpm. @throws MclnnError `process-failed`, `not-built` */
async function runMclnn(args: readonly string[], byPnpm = false): Promise<Used> {
  if (!existsSync(path.join(ROOT, "apps/cli/dist/index.js")))
    throw new MclnnError("the command line is not built", {
      ...{ code: "not-built", expected: "apps/cli/dist", got: "none" },
      mend: "`pnpm bench` builds it; by itself, `pnpm build` does.",
    });
  const used = await measured(
    [...(byPnpm ? ["pnpm", "cli"] : [process.execPath, PROGRAM]), ...args],
    ROOT,
  );
  if (used.code !== 0)
    throw new MclnnError(`mclnn ${args.join(" ")} failed`, {
      ...{ code: "process-failed", expected: "exit code 0", kind: "failure" },
      got: `${used.code}: ${used.stderr.trim().split("\n").slice(-2).join(" ")}`,
    });
  return used;
}

/** What to add to a remark on times by the wall where more programs run than there are cores for. */
export function busyText(): string {
  const [load, cores] = [loadavg()[0], availableParallelism()];
  return load > cores + 1 ? `; ${Math.round(load)} programs wanted the ${cores} cores` : "";
}

/** Rows for whole processes, and a goal for the wall. */
function rows(work: string, who: string, used: readonly Used[], what: string, bound: number) {
  const wall = spreadOf(used.map((one) => one.wall));
  const processor = spreadOf(used.map((one) => one.processor));
  const note = `${durationText(processor.minimum)} of processor time${busyText()}`;
  const times: TimeRow[] = [
    { work, who: `${who}, by the wall`, seconds: wall },
    { work, who: `${who}, processor time`, seconds: processor },
  ];
  return { times, goals: [atMost(what, wall.minimum, bound, "s", note)] };
}

export const freshProcess: Measurement = {
  name: "fresh-process",
  title: "Training in a fresh process",
  async measure({ quick, folder }) {
    const files = experiments.slice(0, quick ? 1 : undefined).map(({ name }) => ({
      ...{ name, data: path.join(folder, `${name}.npz`), used: [] as Used[] },
    }));
    for (const { name, data } of files)
      await writeFile(data, encodeTrajectorySet(paperTrajectories(name)));
    for (let run = 0; run < (quick ? 1 : 9); run++)
      for (const { name, data, used } of files) {
        const out = path.join(folder, `${name}.safetensors`);
        used.push(await runMclnn(["train", "--data", data, "--quiet", "--force", "--out", out]));
      }
    const all = files.map(({ name, used }) => {
      const what = `${name}: training to 1e-8 in a fresh process, start to end`;
      return rows(`${name} to 1e-8`, "mclnn train", used, what, 0.25);
    });
    return {
      times: all.flatMap(({ times }) => times),
      goals: all.flatMap(({ goals }) => goals),
      notes: [
        "`mclnn train` from the start of Node to its end, with the NPZ read, the model written and synced. By the clock on the wall, which everything else on the machine slows down; helper threads of V8 make the processor time larger than that on an idle machine.",
      ],
    };
  },
};

export const compareCommand: Measurement = {
  name: "compare",
  title: "pnpm cli compare",
  async measure({ quick, folder, say }) {
    const args = ["compare", "--quiet", "--force", "--out", path.join(folder, "compare")];
    if (quick)
      args.push(..."--systems linear-spring --lnn-epochs 5 --rollout-records 20".split(" "));
    // pnpm puts itself on the path of what it runs.
    const byPnpm = process.env.npm_config_user_agent?.startsWith("pnpm") === true;
    const used: Used[] = [];
    for (let run = 0; run < (quick ? 1 : 3); run++) {
      used.push(await runMclnn(args, byPnpm));
      say(`  ${used.at(-1)?.wall.toFixed(1)} s`);
    }
    return {
      ...rows("compare", "mclnn", used, "pnpm cli compare, whole process", 10),
      notes: [
        `Three systems, MCLNN, spline and baseline until it stops improving, runs and figures; ${byPnpm ? "with pnpm and a build that finds nothing to do" : "without pnpm, which did not start this bench"}.`,
      ],
    };
  },
};

/** A cube of n x n x n particles a length apart, slowly turning. */
function cube(n: number): string {
  const side = Array.from({ length: n }, (_, k) => k - (n - 1) / 2);
  const positions = side.flatMap((x) => side.flatMap((y) => side.map((z) => [x, y, z])));
  const velocities = positions.map(([x, y, z]) => [0.1 * y, 0.1 * z, 0.1 * x]);
  return JSON.stringify({ masses: positions.map(() => 1), positions, velocities });
}

export const largeData: Measurement = {
  name: "large-data",
  title: "Many trajectories, many particles",
  async measure({ quick, folder, say }) {
    const start = path.join(folder, "cube.json");
    await writeFile(start, cube(quick ? 2 : 4));
    // Softer than one between three particles: every particle has many.
    const law = ["--potential", `${quick ? 0.1 : 0.02}*(r-1)^2`, "--initial", start];
    const many = quick ? 50 : 10_000;
    const cases = [
      {
        work: `${many} trajectories x 20 records, N = 3`,
        source: ["--system", "linear-spring", "--trajectories", String(many)],
      },
      {
        work: `100 trajectories x 20 records, N = ${quick ? 8 : 64}`,
        source: [...law, "--trajectories", quick ? "5" : "100", "--scheme", "random"],
      },
    ];
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const [k, { work, source }] of cases.entries()) {
      const data = path.join(folder, `large-${k}.npz`);
      const model = path.join(folder, `large-${k}.safetensors`);
      for (const [who, ...args] of [
        ["generate", ...source, "--out", data],
        ["train", "--data", data, "--out", model],
      ]) {
        const { wall, processor, memory } = await runMclnn([who, ...args, "--quiet", "--force"]);
        say(`  ${work}: ${who} ${wall.toFixed(1)} s`);
        const note = `${(memory / 1e9).toFixed(2)} GB at most; ${processor.toFixed(2)} s of processor time`;
        times.push({ work, who: `mclnn ${who}, by the wall`, seconds: spreadOf([wall]), note });
        goals.push(atMost(`${who}: memory of ${work}`, memory / 1e9, 1.5, "GB"));
      }
    }
    const notes = ["Whole processes; MCLNN to 1e-8 with the defaults of the command line."];
    return { times, goals, notes };
  },
};
