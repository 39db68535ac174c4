import type { TrajectorySet } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { MclnnError } from "@mclnn/physics";
import type { Finding } from "../findings/finding.ts";
import { distilMany } from "../many/distil-many.ts";
import { type Ends, findEnds, widest } from "../many/ends.ts";
import { curveSquares, fitMany, type ManyFit } from "../many/fit-many.ts";
import {
  type ManyRecords,
  manyRecords,
  spreadIntervals,
  withoutPairs,
} from "../many/many-records.ts";
import { wholeMetric } from "../many/sum-of-squares.ts";
import { type Dynamics, named, namedDynamics } from "../records/dynamics.ts";
import { inUnits } from "../records/units.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { asTold } from "../understand/understanding.ts";
import { type Learned, resultOf } from "./learned.ts";
import { checkEnough } from "./requirements.ts";
import { finished, type Task, told } from "./task.ts";

/** Knot intervals of a law. */
const CELLS = 60;
/** Numbers that intervals are taken for, and how many at least and most. */
const NUMBERS = 9_000;
const INTERVALS = { least: 3, most: 40 };
/** Starts of the networks. */
const STARTS = 3;
/** A target loss is no more than this share of what forces do in an interval. */
const TARGET = 1e-6;

/**
 * Learns laws of near pairs from records of many particles, or of a box.
 *
 * @throws MclnnError `periodic-box` for what is not learned there; `bad-cutoff`, `missing-velocities` and what fits throw
 */
export async function trainMany(task: Task): Promise<TrainResult> {
  const { set, options, units, species, log } = task;
  refuse(task);
  checkEnough(set, { freeStarts: false, laws: species?.length ?? 1 });
  const records = manyRecords(inUnits(set, units), options.coupling, species);
  const dynamics = dynamicsOf(task);
  const steps = dynamics.substeps;
  const { ends, found } = await endsOf(task, records, steps);
  const per = Math.ceil(NUMBERS / (2 * records.particles * records.dimension));
  const count = Math.max(INTERVALS.least, Math.min(INTERVALS.most, per));
  const intervals = spreadIntervals(records, count);
  const fit = await finished(task, fitMany(records, { steps, ends, cells: CELLS, intervals }));
  log.measured(fit.passes, fit.loss);
  const learned = await learnedOf(task, records, fit, found);
  const understanding = {
    ...asTold(withoutPairs(records), dynamics),
    seen: seenOf(task, found, Math.max(...ends) * units.length),
  };
  const hypothesis = { ...understanding.hypothesis, cover: "intervals" as const };
  return resultOf(
    { ...task, until: targetOf(task, records, intervals) },
    { ...understanding, hypothesis },
    learned,
  );
}

/** The law, and the network that is distilled from it. */
async function learnedOf(
  task: Task,
  records: ManyRecords,
  fit: ManyFit,
  found: Ends["found"],
): Promise<Learned> {
  const { options, limits, log } = task;
  const { hidden, seed, epochs } = options;
  const { laws, coefficients, sums, least } = fit;
  const steps = dynamicsOf(task).substeps;
  const outcome =
    options.model === "spline"
      ? null
      : await told(
          task,
          distilMany(fit, {
            ...{ hidden, seed, starts: STARTS },
            maxIterations: epochs ?? limits.iterations,
          }),
        );
  const networks = outcome !== null && "result" in outcome ? outcome.result : null;
  const loss = networks === null ? fit.loss : lossOf(records, fit, networks.curve, steps);
  if (networks !== null) log.measured(fit.passes + networks.iterations, loss);
  const until = targetOf(task, records, fit.intervals);
  const freedom = Math.max(1, sums.rows - sums.size);
  const reachedTarget = loss <= until;
  const [first = null] = found;
  return {
    law: {
      basis: laws.basis,
      separations: fit.separations,
      coefficients,
      weights: networks?.weights ?? null,
      posterior: {
        factor: least.factor,
        variance: sums.sum / freedom,
        likelihood: { metric: wholeMetric(sums), gradient: sums.gradient.map((g) => -g) },
      },
      ends: laws.ends,
    },
    findings: [],
    noise: null,
    ...(isEnded(task, found) && { cutoff: { value: Math.max(...laws.ends), sd: first } }),
    ending: {
      optimizer: "function-first, single intervals",
      trainLoss: loss,
      validationLoss: null,
      iterations: fit.passes + (networks?.iterations ?? 0),
      reachedTarget,
      stopped: reachedTarget ? "target" : "converged",
    },
    record: { intervals: fit.intervals.length },
  };
}

const isEnded = ({ options: { cutoff } }: Task, found: Ends["found"]): boolean =>
  typeof cutoff === "number" || found.some((each) => each !== null);

const lossOf = (records: ManyRecords, fit: ManyFit, curve: Float64Array, steps: number): number =>
  (2 *
    curveSquares(records, fit.laws, curve, { steps, intervals: fit.intervals }).residualSquares) /
  fit.sums.rows;

/** The target, as far as it is one for single intervals. */
function targetOf({ until }: Task, records: ManyRecords, intervals: readonly number[]): number {
  const { particles, times, positions, velocities } = records;
  const size = 3 * particles;
  let sum = 0;
  for (const frame of intervals) {
    const record = frame % records.records;
    const span = times[record + 1] - times[record];
    for (let k = frame * size; k < (frame + 1) * size; k++) {
      const moved = positions[k + size] - positions[k] - span * (velocities as Float64Array)[k];
      sum += moved * moved;
    }
  }
  return Math.min(until, (TARGET * sum) / (intervals.length * particles * records.dimension));
}

/** The steps that are named, or a tenth of the spacing. */
function dynamicsOf({ set, options, units }: Task): Dynamics {
  const own = namedDynamics(set, options);
  if (own !== null) return own.dt === null ? own : { ...own, dt: own.dt / units.time };
  return {
    ...named(velocityVerlet),
    ...{ substeps: 10, dt: null, tangentSubsteps: null, source: "tenth-of-record-spacing" },
  };
}

/** Where the laws end: as told, or as far as the records tell. */
async function endsOf(task: Task, records: ManyRecords, steps: number): Promise<Ends> {
  const { cutoff = "auto" } = task.options;
  const { reach } = records.space;
  const all = new Float64Array(records.laws);
  const found = Array.from(all, () => null);
  if (typeof cutoff === "number") {
    const end = cutoff / task.units.length;
    if (end > reach)
      throw new MclnnError("the cutoff is longer than half the box", {
        code: "bad-cutoff",
        argument: "cutoff",
        expected: `at most ${reach * task.units.length}, half the least width of the box`,
        got: String(cutoff),
        mend: "Within half the box each particle is met once: take data of a larger box, or a shorter cutoff.",
      });
    return { ends: all.fill(end), found };
  }
  if (cutoff === "none") return { ends: all.fill(widest(records)), found };
  const intervals = spreadIntervals(records, 2, 1);
  return finished(task, findEnds(records, { steps, intervals }));
}

/** What is said where no end of the law was found. */
function seenOf(
  { options: { cutoff = "auto" } }: Task,
  found: Ends["found"],
  farthest: number,
): Finding[] {
  if (cutoff !== "auto" || !found.includes(null)) return [];
  return [
    {
      kind: "no-cutoff",
      text: `the law has no sharp end up to ${farthest.toPrecision(4)}, up to where it was fitted`,
      sigmas: 0,
      share: null,
      try: "Give --cutoff where it is known. Where V' does not vanish at half the box: is there an Ewald sum?",
    },
  ];
}

/** What is not learned of many particles. */
function refuse({ set, options }: Task): void {
  const { model, optimizer, fitMasses, fitCharges, terms, known } = options;
  const asked: readonly (readonly [string, boolean, string])[] = [
    ["model", model === "lnn", "lnn"],
    ["optimizer", optimizer !== "auto", optimizer],
    ["fitMasses", fitMasses, "true"],
    ["fitCharges", fitCharges === true, "true"],
    [
      "terms",
      terms !== "auto" && terms?.some((term) => term !== "pair") === true,
      "terms beside the pairs",
    ],
    ["known", known !== undefined, "known terms"],
  ];
  for (const [argument, is, got] of asked)
    if (is)
      throw new MclnnError("in a box, or with a cutoff, laws of pairs are learned by themselves", {
        code: "periodic-box",
        argument,
        expected: "model mclnn or spline, optimizer auto, no other terms",
        got,
        mend: "Where no particle meets another through the walls, give the set without box and periodic.",
      });
  refuseWithoutVelocities(set);
}

function refuseWithoutVelocities({ velocities, observed }: TrajectorySet): void {
  if (velocities !== undefined && observed === undefined) return;
  throw new MclnnError("laws in a box need every particle's velocity in every record", {
    code: "missing-velocities",
    argument: velocities === undefined ? "velocities" : "observed",
    expected: "positions and velocities of all particles in all records",
    got: velocities === undefined ? "positions only" : "missing observations",
    mend: "LAMMPS: dump custom ... id type x y z ix iy iz vx vy vz.",
  });
}
