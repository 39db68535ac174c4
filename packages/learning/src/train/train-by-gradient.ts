import { createRandom } from "@mclnn/datasets";
import { Linear, type Term } from "@mclnn/physics/terms";
import { glorotWeights } from "../network/initial-weights.ts";
import { TabulatedRolloutLoss } from "../network/rollout-loss.ts";
import { adam } from "../optimizers/adam.ts";
import { lbfgs } from "../optimizers/lbfgs.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { scheduleOf } from "../records/dynamics.ts";
import { sortedSeparations, type TrainingData } from "../records/training-data.ts";
import { beginDescent, descend } from "../runs/descend.ts";
import { buildBasis } from "../splines/knots.ts";
import { lawTerms, withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { driven, type Task } from "./task.ts";
import { networkLossOn } from "./train-mclnn.ts";
import { validationOf } from "./validation.ts";

/** Epochs of the paper (A.6). */
const ADAM_EPOCHS = 100_000;
const LBFGS_ITERATIONS = 5_000;
/** Knot intervals of the slope table; three cells each. */
const TABLE_CELLS = 85;

/** Trains MCLNN on the rollout loss by Adam (the paper's recipe) or L-BFGS, from Glorot weights. */
export async function trainByGradient(task: Task, understanding: Understanding): Promise<Learned> {
  const { options, until, log, keeper } = task;
  const { hidden, seed, learningRate } = options;
  const { data, dynamics, terms: specs } = understanding.hypothesis;
  const validation = validationOf(task, understanding);
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells: TABLE_CELLS });
  const schedule = scheduleOf(data.times, dynamics);
  const terms = lawTerms(specs, data);
  const units = unitsOf(terms, data);
  const beside = { terms, units };
  const objective = new TabulatedRolloutLoss(data, schedule, basis.cells, hidden, beside);
  const random = createRandom(seed);
  const parts = Array.from({ length: data.laws }, () => glorotWeights(hidden, random));
  const networks = parts.flatMap((part) => [...part]);
  // Terms begin where they are absent.
  const absent = Float64Array.from(terms.flatMap(absentAt), (c, k) => c / units[k]);
  const weights = Float64Array.from([...networks, ...absent]);
  const isAdam = options.optimizer === "adam";
  const epochs = options.epochs ?? (isAdam ? ADAM_EPOCHS : LBFGS_ITERATIONS);
  const phase = isAdam ? "Adam" : "L-BFGS";
  const run = async <S extends object>(optimizer: Optimizer<S>) => {
    const first = beginDescent(optimizer, weights);
    const state = keeper.resumed(optimizer.name, first) ?? first;
    keeper.follow(optimizer.name, { iteration: () => state.iteration, values: () => state });
    const steps = descend(optimizer, objective, state, { phase, epochs, until, checkEvery: 1 });
    const outcome = await driven(task, steps, {
      keeper,
      onStep: ({ iteration, loss }) => {
        log.measured(iteration, loss);
        log.progress(phase, iteration, loss, epochs);
      },
    });
    const { best, retreats, iteration } = state;
    return { outcome, best, retreats, iterations: iteration };
  };
  const { outcome, best, retreats, iterations } = isAdam
    ? await run(adam({ learningRate }))
    : await run(lbfgs());
  const trainLoss = best.loss;
  const ended = "interrupted" in outcome ? outcome.interrupted : outcome.result;
  const law = {
    ...{ separations, basis, coefficients: null, posterior: null },
    weights: best.weights.slice(0, networks.length),
  };
  const values = objective.valuesAt(best.weights);
  const judged = validation && { ...validation, data: withTerms(validation.data, specs, values) };
  return {
    law,
    terms: foundTerms({ data, basis, values }, specs, null),
    findings: [],
    noise: null,
    ending: {
      optimizer: options.optimizer,
      trainLoss,
      validationLoss: networkLossOn(judged, law, hidden),
      iterations,
      reachedTarget: trainLoss <= until,
      stopped: trainLoss <= until ? "target" : ended,
      retreats,
    },
  };
}

/** Coefficients of a term where it is absent. */
const absentAt = ({ size, start }: Term): number[] =>
  Array.from({ length: size }, (_, k) => start?.[k] ?? 0);

/**
 * Coefficients that each accelerate particles by 1 in training units, root mean square over the start states: a descent goes by parameters that
 * matter alike.
 */
function unitsOf(terms: readonly Term[], data: TrainingData): Float64Array {
  const { trajectories, records, components } = data;
  const tape = new Linear();
  // What grows with time does nothing at the start.
  const time = 0.5 * data.times[records - 1];
  const units = terms.flatMap((term) => {
    const absent = Float64Array.from(absentAt(term));
    const squares = new Float64Array(term.size);
    for (let t = 0; t < trajectories; t++) {
      const first = t * records * components;
      const positions = data.positions.slice(first, first + components);
      const velocities = data.startVelocities.slice(t * components, (t + 1) * components);
      tape.clear();
      term.linearise({ trajectory: t, time, positions, velocities }, absent, tape);
      for (let k = 0; k < tape.sources; k++)
        squares[tape.sourceCoefficient[k]] += tape.sourceValue[k] * tape.sourceValue[k];
    }
    return Array.from(squares, (x) => (x > 0 ? 1 / Math.sqrt(x / (trajectories * components)) : 1));
  });
  return Float64Array.from(units);
}
