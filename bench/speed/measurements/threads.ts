import { type TrainResult, train, trainSeeds } from "@mclnn/learning";
import { createThreads } from "@mclnn/learning/node";
import { encodeModel } from "@mclnn/models";
import { processorSeconds, type Spread, spreadOf } from "../../numbers.ts";
import { atLeast, type Goal, type Measurement, type TimeRow } from "../measurement.ts";
import { paperTrajectories } from "../problems.ts";
import { busyText } from "./processes.ts";

const FIRST_SEED = 100;
/** Trainings of a few hundredths of a second: the shortest of many. */
const ROUNDS = 15;

export const threads: Measurement = {
  name: "threads",
  title: "Two threads against one",
  async measure({ quick }) {
    const many = paperTrajectories("linear-spring", { trajectories: quick ? 20 : 1_000 });
    const few = paperTrajectories("linear-spring", quick ? { trajectories: 5 } : {});
    const seeds = Array.from({ length: quick ? 2 : 20 }, (_, k) => FIRST_SEED + k);
    const two = createThreads(2);
    const works = [
      {
        work: `training on ${many.trajectories.toLocaleString("en")} trajectories`,
        bound: 1.8,
        run: async (pool?: typeof two): Promise<readonly TrainResult[]> => [
          await train(many, pool === undefined ? {} : { threads: pool }),
        ],
      },
      {
        work: `a sweep of ${seeds.length} seeds`,
        bound: 1.85,
        run: async (pool?: typeof two): Promise<readonly TrainResult[]> => {
          const runs = await trainSeeds(few, seeds, pool === undefined ? {} : { threads: pool });
          return runs.map(({ result }) => result);
        },
      },
    ];
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    try {
      for (const { work, bound, run } of works) {
        const walls: [number[], number[]] = [[], []];
        const processors: [number[], number[]] = [[], []];
        const bits: string[] = [];
        // The first round warms up, and starts the second thread.
        for (let round = 0; round <= (quick ? 1 : ROUNDS); round++)
          for (const [k, pool] of [undefined, two].entries()) {
            const began = performance.now();
            const used = processorSeconds();
            const results = await run(pool);
            if (round > 0) {
              walls[k].push((performance.now() - began) / 1000);
              processors[k].push(processorSeconds() - used);
            }
            bits[k] = results
              .map(({ model }) => Buffer.from(encodeModel(model)).toString("base64"))
              .join();
          }
        const [one, both] = walls.map(spreadOf) as [Spread, Spread];
        const [ofOne, ofBoth] = processors.map(spreadOf) as [Spread, Spread];
        const same = bits[0] === bits[1];
        // Where other programs want the cores as well, two threads get two turns for each of one: more than this is no speed.
        const most = Math.min(2, (2 * ofOne.minimum) / ofBoth.minimum);
        const byWall = one.minimum / both.minimum;
        times.push(
          { work, who: "one thread, by the wall", seconds: one },
          { work, who: "two threads, by the wall", seconds: both },
          { work, who: "one thread, processor time", seconds: ofOne },
          {
            work,
            who: "two threads, processor time",
            seconds: ofBoth,
            note: same ? "the same models, bit for bit" : "other models: wrong",
          },
        );
        const note = `${byWall.toFixed(2)} x by the wall; at most ${most.toFixed(2)} x by the processor time that two threads take together${busyText()}`;
        const ratio = same ? Math.min(byWall, most) : null;
        goals.push(atLeast(`${work}: one thread over two`, ratio, bound, "x", note));
      }
    } finally {
      await two.close();
    }
    return {
      times,
      goals,
      notes: [
        "Linear spring to 1e-8, by the clock on the wall, and no more than the processor time allows: on a busy machine two threads get more turns than one, which is no speed of theirs.",
      ],
    };
  },
};
