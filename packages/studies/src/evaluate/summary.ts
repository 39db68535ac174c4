import { slopeError, summarise } from "@mclnn/metrics";
import type { Model } from "@mclnn/models";
import type { Force } from "@mclnn/physics";
import { lossKindOf, MODEL_TITLES } from "../compare/trained-model.ts";
import type { AbsoluteError, ModelResults, RolloutErrors } from "../data/results.ts";
import type { RunSeries } from "../data/series.ts";
import { rememberedSeparations } from "../measure/law-curves.ts";
import { VALID_BOUND } from "../measure/measure.ts";
import type { EvaluatedRun } from "./rollouts.ts";

/**
 * What `results.json` holds for one model, over all trajectories of the data.
 *
 * @param truth - absent where none was given; V' has an error only where it is one law @param inBox - where there is no angular momentum to be compared
 */
export function summariseModel(
  model: Model,
  runs: readonly EvaluatedRun[],
  truth: Force | undefined,
  inBox: boolean,
): ModelResults {
  const { trainLoss, validationLoss, iterations, reachedTarget } = model.record;
  return {
    title: MODEL_TITLES[model.kind],
    parameters: model.parameterCount,
    trainLoss,
    validationLoss,
    lossKind: lossKindOf(model),
    // A model file does not depend on the clock.
    trainSeconds: null,
    iterations,
    reachedTarget,
    slopeError:
      truth?.pair === undefined || !("pair" in model)
        ? null
        : slopeError(model.pair, truth.pair, {
            separations: rememberedSeparations(model.separations),
            ranges: model.separations.ranges,
          }),
    rollout: {
      ...summariseRuns(runs, truth !== undefined),
      ...(inBox && { angularMomentum: UNKNOWN }),
    },
  };
}

const UNKNOWN: AbsoluteError = { mae: null, max: null };

function summariseRuns(
  runs: readonly EvaluatedRun[],
  truthIsKnown: boolean,
): RolloutErrors & { trajectories: number; diverged: number } {
  const diverged = runs.filter(({ run }) => run.divergedAt !== null);
  const over = (key: keyof NonNullable<RunSeries["errors"]>): AbsoluteError =>
    diverged.length > 0 ? UNKNOWN : errorsOf(runs, key);
  const [first] = runs;
  const drifts = runs.map(({ errors }) => errors.ownHamiltonian?.maxDrift ?? Number.NaN);
  const left = runs
    .map(({ errors }) => errors.validTime)
    .filter((time): time is number => typeof time === "number");
  return {
    trajectories: runs.length,
    diverged: diverged.length,
    records: Math.min(...runs.map(({ errors }) => errors.records)),
    lagrangian: truthIsKnown ? over("lagrangian") : UNKNOWN,
    hamiltonian: truthIsKnown ? over("hamiltonian") : UNKNOWN,
    linearMomentum: over("linearMomentum"),
    angularMomentum: over("angularMomentum"),
    position: over("position"),
    ownHamiltonian: {
      start: first?.errors.ownHamiltonian?.start ?? null,
      maxDrift: diverged.length > 0 || !drifts.every(Number.isFinite) ? null : Math.max(...drifts),
    },
    validTime: left.length === 0 ? null : Math.min(...left),
    validBound: VALID_BOUND,
    divergedAt:
      diverged.length === 0
        ? null
        : Math.min(...diverged.map(({ run }) => run.divergedAt as number)),
  };
}

/** Errors over all runs; null where a law without an energy was asked for it. */
function errorsOf(
  runs: readonly EvaluatedRun[],
  key: keyof NonNullable<RunSeries["errors"]>,
): AbsoluteError {
  const all = joined(runs.map(({ series }) => series.errors?.[key] as Float64Array));
  return all.every(Number.isFinite) ? summarise(all) : UNKNOWN;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
