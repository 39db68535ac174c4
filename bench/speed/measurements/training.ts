import { type TrainResult, train } from "@mclnn/learning";
import type { Goal, Measurement, TimeRow } from "../measurement.ts";
import { processorSeconds } from "../processor-time.ts";
import { paperTrajectories } from "../rollout-problem.ts";
import { spreadOf } from "../statistics.ts";

/** Seconds that a training may take, by system and target. */
const SYSTEMS = [
  { name: "linear-spring", quick: 0.02, deep: 0.5 },
  { name: "quartic-spring", quick: 0.02, deep: null },
  { name: "gravity", quick: 0.03, deep: 1 },
] as const;
const FIRST_SEED = 100;

export const training: Measurement = {
  name: "training",
  title: "Training in memory",
  async measure({ quick, say }) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const { name, quick: quickBound, deep: deepBound } of SYSTEMS.slice(
      0,
      quick ? 1 : undefined,
    )) {
      const data = paperTrajectories(name);
      const learn = async (until: number, seeds: number) => {
        const runs: { seconds: number; result: TrainResult }[] = [];
        for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
          const began = processorSeconds();
          const result = await train(data, { seed, until });
          runs.push({ seconds: processorSeconds() - began, result });
        }
        const spread = spreadOf(runs.map(({ seconds }) => seconds));
        const reached = runs.filter(({ result }) => result.reachedTarget).length;
        times.push({
          work: `${name} to ${until}`,
          who: "MCLNN",
          seconds: spread,
          note: `${reached} of ${seeds} seeds reach it`,
        });
        return { median: spread.median, reached };
      };
      const seeds = quick ? 2 : 100;
      // Just-in-time compilers learn as well; a third of their lessons is enough.
      for (let k = 0; k < (quick ? 0 : 30); k++) await train(data, { seed: k });
      const { median, reached } = await learn(1e-8, seeds);
      goals.push(
        {
          what: `${name}: training to 1e-8, warm, median over seeds`,
          measured: median,
          bound: quickBound,
          sense: "most",
          unit: "s",
        },
        {
          what: `${name}: seeds 100 to 199 that reach 1e-8`,
          measured: quick ? null : reached,
          bound: 100,
          sense: "least",
          unit: "of 100",
          ...(quick ? { note: `${reached} of ${seeds}` } : {}),
        },
      );
      say(`  ${name}`);
      const deep = await learn(1e-14, quick ? 1 : 5);
      if (deepBound !== null)
        goals.push({
          what: `${name}: training to 1e-14, median over seeds`,
          measured: deep.median,
          bound: deepBound,
          sense: "most",
          unit: "s",
        });
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
