import { type TrainResult, train } from "@mclnn/learning";
import { processorSeconds, spreadOf } from "../../numbers.ts";
import { atLeast, atMost, type Goal, type Measurement, type TimeRow } from "../measurement.ts";
import { paperTrajectories } from "../problems.ts";

/** Seconds that a training may take, by system and target. */
const SYSTEMS = [
  { name: "linear-spring", soon: 0.02, deep: 0.5 },
  { name: "quartic-spring", soon: 0.02, deep: null },
  { name: "gravity", soon: 0.03, deep: 1 },
];
const FIRST_SEED = 100;

export const training: Measurement = {
  name: "training",
  title: "Training in memory",
  async measure({ quick, say }) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const { name, soon, deep: deepest } of SYSTEMS.slice(0, quick ? 1 : undefined)) {
      const data = paperTrajectories(name);
      const learn = async (until: number, seeds: number) => {
        const runs: { seconds: number; result: TrainResult }[] = [];
        for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
          const began = processorSeconds();
          const result = await train(data, { seed, until });
          runs.push({ seconds: processorSeconds() - began, result });
        }
        const seconds = spreadOf(runs.map((run) => run.seconds));
        const reached = runs.filter(({ result }) => result.reachedTarget).length;
        const note = `${reached} of ${seeds} seeds reach it`;
        times.push({ work: `${name} to ${until}`, who: "MCLNN", seconds, note });
        return { median: seconds.median, reached };
      };
      const seeds = quick ? 2 : 100;
      // Just-in-time compilers learn as well; a third of their lessons is enough.
      for (let k = 0; k < (quick ? 0 : 30); k++) await train(data, { seed: k });
      const { median, reached } = await learn(1e-8, seeds);
      const all = `${name}: seeds 100 to 199 that reach 1e-8`;
      goals.push(
        atMost(`${name}: training to 1e-8, warm, median over seeds`, median, soon, "s"),
        quick
          ? atLeast(all, null, 100, "of 100", `${reached} of ${seeds}`)
          : atLeast(all, reached, 100, "of 100"),
      );
      say(`  ${name}`);
      const deep = await learn(1e-14, quick ? 1 : 5);
      if (deepest !== null)
        goals.push(
          atMost(`${name}: training to 1e-14, median over seeds`, deep.median, deepest, "s"),
        );
    }
    return {
      times,
      goals,
      notes: [
        "100 trajectories of 20 records in memory, `train()` with its defaults and default widths, one seed after another; time from the call to the model.",
      ],
    };
  },
};
