import { writeFile } from "node:fs/promises";
import path from "node:path";
import { encodeTrajectorySet, experiments } from "@mclnn/datasets";
import { durationText } from "../document.ts";
import { busyText } from "../machine.ts";
import { runMclnn } from "../mclnn-process.ts";
import type { Goal, Measurement, TimeRow } from "../measurement.ts";
import { paperTrajectories } from "../rollout-problem.ts";
import { spreadOf } from "../statistics.ts";

const RUNS = 9;

export const freshProcess: Measurement = {
  name: "fresh-process",
  title: "Training in a fresh process",
  async measure({ quick, folder }) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    const names = experiments.map(({ name }) => name).slice(0, quick ? 1 : undefined);
    const files = new Map<string, string>();
    for (const name of names) {
      const file = path.join(folder, `${name}.npz`);
      await writeFile(file, encodeTrajectorySet(paperTrajectories(name)));
      files.set(name, file);
    }
    const walls = new Map(names.map((name) => [name, [] as number[]]));
    const processors = new Map(names.map((name) => [name, [] as number[]]));
    for (let run = 0; run < (quick ? 1 : RUNS); run++)
      for (const name of names) {
        const { wall, processor } = await runMclnn(
          [
            ...["train", "--data", files.get(name) as string, "--quiet", "--force"],
            ...["--out", path.join(folder, `${name}.safetensors`)],
          ],
          folder,
        );
        walls.get(name)?.push(wall);
        processors.get(name)?.push(processor);
      }
    for (const name of names) {
      const wall = spreadOf(walls.get(name) as number[]);
      const processor = spreadOf(processors.get(name) as number[]);
      times.push(
        { work: `${name} to 1e-8`, who: "mclnn train, by the wall", seconds: wall },
        { work: `${name} to 1e-8`, who: "mclnn train, processor time", seconds: processor },
      );
      goals.push({
        what: `${name}: training to 1e-8 in a fresh process, start to end`,
        measured: wall.minimum,
        bound: 0.25,
        sense: "most",
        unit: "s",
        note: `${durationText(processor.minimum)} of processor time${busyText()}`,
      });
    }
    return {
      times,
      goals,
      notes: [
        "`mclnn train` from the start of Node to its end, with the NPZ read, the model written and synced. By the clock on the wall, which everything else on the machine slows down; helper threads of V8 make the processor time larger than that on an idle machine.",
      ],
    };
  },
};
