import path from "node:path";
import { durationText } from "../document.ts";
import { busyText } from "../machine.ts";
import { runMclnn, runPnpmCli } from "../mclnn-process.ts";
import type { Measurement } from "../measurement.ts";
import { spreadOf } from "../statistics.ts";

const RUNS = 3;

export const compareCommand: Measurement = {
  name: "compare",
  title: "pnpm cli compare",
  async measure({ quick, folder, say }) {
    const args = ["compare", "--quiet", "--force", "--out", path.join(folder, "compare")];
    const part = quick
      ? ["--systems", "linear-spring", "--lnn-epochs", "5", "--rollout-records", "20"]
      : [];
    // pnpm puts itself on the path of what it runs.
    const byPnpm = process.env.npm_config_user_agent?.startsWith("pnpm") === true;
    const walls: number[] = [];
    const processors: number[] = [];
    for (let run = 0; run < (quick ? 1 : RUNS); run++) {
      const usage = await (byPnpm ? runPnpmCli : runMclnn)([...args, ...part], folder);
      walls.push(usage.wall);
      processors.push(usage.processor);
      say(`  ${usage.wall.toFixed(1)} s`);
    }
    const wall = spreadOf(walls);
    const processor = spreadOf(processors);
    return {
      times: [
        { work: "compare", who: "mclnn, by the wall", seconds: wall },
        { work: "compare", who: "mclnn, processor time", seconds: processor },
      ],
      goals: [
        {
          what: "pnpm cli compare, whole process",
          measured: wall.minimum,
          bound: 10,
          sense: "most",
          unit: "s",
          note: `${durationText(processor.minimum)} of processor time${busyText()}`,
        },
      ],
      notes: [
        `Three systems, MCLNN, spline and baseline until it stops improving, runs and figures; ${byPnpm ? "with pnpm and a build that finds nothing to do" : "without pnpm, which did not start this bench"}.`,
      ],
    };
  },
};
