import type { SpeciesModel, SplineModel } from "@mclnn/models";
import type { FittedLaw } from "../fit/problems.ts";
import { now } from "../runs/clock.ts";
import { modelOf } from "./learned.ts";
import type { Task } from "./task.ts";

/** Milliseconds between two laws on the way that are told. */
const APART = 1000;
/** Steps a record that a law on the way is to be rolled out with: nothing is settled yet. */
const SUBSTEPS = 10;

/** Tells the task's `onLaw` of laws on the way, the better ones; null where nobody asks, or a pair law would not be all of it. */
export function interimLaws(task: Task): Task["interim"] {
  const { set, options, units, terms, held } = task;
  const { onLaw, seed } = options;
  if (onLaw === undefined || terms.length + held.length > 0) return null;
  const area = units.length * units.length;
  let last = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  return (law: FittedLaw, loss: number) => {
    if (!(loss < least) || now() - last < APART) return;
    last = now();
    least = loss;
    const record = {
      seed,
      optimizer: "function-first, interrupted",
      trainLoss: loss * area,
      validationLoss: null,
      iterations: 0,
      reachedTarget: false,
      dt: (set.times[1] - set.times[0]) / SUBSTEPS,
      stride: SUBSTEPS,
      data: set.provenance,
    };
    const model = modelOf(task, { ...law, weights: null, posterior: null }, record);
    onLaw({ model: model as SplineModel | SpeciesModel, loss: loss * area });
  };
}
