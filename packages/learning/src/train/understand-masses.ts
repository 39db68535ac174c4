import type { TrajectorySet } from "@mclnn/datasets";
import type { TrainingData } from "../records/training-data.ts";
import { inUnits } from "../records/units.ts";
import type { FittedMass } from "../runs/train-options.ts";
import { fitMasses } from "../understand/fit-masses.ts";
import type { Question } from "../understand/hypothesis.ts";
import { massesByMomentum } from "../understand/masses-by-momentum.ts";
import { understand } from "../understand/understand.ts";
import type { Understanding } from "../understand/understanding.ts";
import { arranged, finished, type Task, withinLimits } from "./task.ts";

/**
 * Masses beside the law: those that keep the total momentum are close, and under them a law is found that both are fitted from. Where observations
 * are missing, masses are looked for along the paths first.
 *
 * @param understood - what the data show under masses that are known
 */
export async function understandWithMasses(
  task: Task,
  question: Question,
  understood: (data: TrainingData) => Promise<Understanding>,
): Promise<Understanding> {
  const { set, options, units } = task;
  const { coupling, seed } = options;
  const freeStarts = question.velocities === "unknown";
  const { dynamics } = question;
  const common = { coupling, seed, freeStarts, dynamics };
  const scaled = inUnits(set, units);
  const withMasses = (masses: Float64Array): TrainingData => {
    const other: TrajectorySet = { ...set, masses: masses.map((m) => m * units.mass) };
    return withinLimits(task, arranged(task, other, !freeStarts));
  };
  const given = arranged(task, set, !freeStarts);
  const masses = massesByMomentum(given, scaled.masses[0]);
  if (masses === null) {
    const alone = { ...given, threads: null };
    const fitted = await finished(task, fitMasses(scaled, alone, { ...common, hint: null }));
    return { ...(await understood(withMasses(massesOf(fitted)))), masses: fitted };
  }
  const close = withMasses(masses);
  const found = await finished(
    task,
    understand(close, { ...question, mayCut: false }, task.limits),
  );
  const { hypothesis, startStates, law } = found;
  const fitted = await finished(
    task,
    fitMasses(
      { ...scaled, masses },
      { ...close, threads: null },
      {
        ...common,
        hint: law === null ? null : { ...law, hypothesis, startStates },
      },
    ),
  );
  return {
    ...found,
    hypothesis: { ...hypothesis, data: withMasses(massesOf(fitted)) },
    masses: fitted,
  };
}

const massesOf = (fitted: readonly FittedMass[]): Float64Array =>
  Float64Array.from(fitted, ({ mass }) => mass);
