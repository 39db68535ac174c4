import {
  createSpeciesModel,
  createSplineModel,
  type LawTerm,
  type SpeciesModel,
  type SplineModel,
  type TrainingRecord,
} from "@mclnn/models";
import { constantsOf, withTerms } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { choleskyFactor, inverse } from "../algebra/linear-algebra.ts";
import type { Finding } from "../findings/finding.ts";
import { motionFindings } from "../motion/findings.ts";
import { type MotionFit, separationsOf } from "../motion/fit.ts";
import { type LearnedMotion, learnMotion } from "../motion/learn-motion.ts";
import { checkMotion } from "../motion/posterior-check.ts";
import type { Recognised } from "../motion/recognise.ts";
import { stepsBetweenFrames } from "../motion/remake.ts";
import { type Tracks, tracksOf } from "../motion/tracks.ts";
import type { MotionResult, TermResult, TrainResult } from "../runs/train-options.ts";
import { lawErrorOf } from "./law-error.ts";
import { separationRecord } from "./separation-record.ts";
import { finished, type Task } from "./task.ts";

/** Gauss-Newton steps with all that counts, by how much work it may be. */
const PASSES = { preview: 1, usual: 3, thorough: 5 };
/** Half of the way between two cutoffs that are compared, as a share. */
const CUTOFF_APART = 0.125;
/** Precision of a coefficient that is known to be 0, relative to the largest there is. */
const PINNED = 1e6;

/** Learns a law from tracks that noise drives. @param seen - what records showed by themselves @throws MclnnError `fit-failed`, `bad-times`, `too-few-records` */
export async function trainMotion(
  task: Task,
  recognised: Recognised,
  seen: readonly Finding[],
): Promise<TrainResult<SplineModel | SpeciesModel>> {
  const { options, terms } = task;
  const tracks = tracksOf(task.set, task.species !== null);
  const inertial = recognised.kind === "langevin";
  const isChosen = options.terms === undefined || options.terms === "auto";
  const learned = await finished(
    task,
    learnMotion(tracks, {
      inertial,
      terms: isChosen ? null : terms.map((spec) => ({ ...spec, per: "force" })),
      cutoff: options.cutoff ?? "auto",
      passes: PASSES[options.effort],
      begin: recognised.fit,
    }),
  );
  if (learned === null)
    throw new MclnnError("no law could be fitted to these tracks", {
      code: "fit-failed",
      argument: "data",
      expected: "particles that come near each other, or forces on each",
      got: "normal equations that determine nothing",
      kind: "failure",
    });
  if (inertial) refuseWithoutFriction(learned);
  const motion = resultOfMotion(task, learned, recognised);
  const findings = [...seen, ...motionFindings(learned, motion)];
  const { fit, found } = learned;
  const scale = unitsOf(fit);
  const record = recordOf(task, fit, motion);
  const beside = termsOf(fit, scale);
  const law = modelOf(task, fit, scale, record);
  const terms_: TermResult[] = [
    { name: "pair", status: "told", gain: null, constants: [] },
    ...beside.map((term): TermResult => {
      const gain = found.find(({ spec }) => spec.name === term.spec.name)?.gain ?? null;
      const status = gain === null ? "told" : "found";
      return { name: term.spec.name, status, gain, constants: constantsOf(term, task.set) };
    }),
  ];
  const { trainLoss, iterations, dt } = record;
  return {
    model: withTerms(law, beside) as SplineModel | SpeciesModel,
    ...{ trainLoss, iterations, dt, validationLoss: null, reachedTarget: true },
    trainSeconds: task.log.seconds(),
    ...{ stopped: "converged", retreats: [], dtSource: "measured", startStates: "unknown" },
    ...{ integrator: String(record.integrator), substeps: record.stride },
    noise: motion.localisation.value,
    lawError: lawErrorOf(law),
    ...{ networkError: null, masses: null, terms: terms_, motion, findings },
    cutoff: {
      value: motion.cutoff,
      sd: typeof options.cutoff === "number" ? null : CUTOFF_APART * motion.cutoff,
    },
    ...{ history: task.log.history, milestones: [] },
  };
}

/** @throws MclnnError `fit-failed` */
function refuseWithoutFriction({ fit: { posterior, problem } }: LearnedMotion): void {
  const friction = posterior.coefficients[problem.law.size - 1];
  if (friction > 0) return;
  throw new MclnnError("these tracks show no friction", {
    code: "fit-failed",
    argument: "motion",
    expected: "a friction above 0 in Langevin motion",
    got: String(friction),
    mend: "Take --motion newtonian.",
    kind: "failure",
  });
}

/** What coefficients are divided by to be forces in the law's unit of energy: D without inertia, where that is kT. */
interface Scale {
  readonly unit: number;
  /** Relative variance of the unit. */
  readonly doubt: number;
}

function unitsOf({ problem, noise }: MotionFit): Scale {
  if (problem.inertial) return { unit: 1, doubt: 0 };
  const { rates, rateDeviations } = noise;
  const unit = rates.reduce((a, b) => a + b, 0) / rates.length / 2;
  const n = rates.length;
  const doubts = rates.map((q, k) => (q * (rateDeviations[k] ?? 0)) / (2 * n * unit));
  return { unit, doubt: doubts.reduce((sum, x) => sum + x * x, 0) };
}

function resultOfMotion(
  { set, options, species }: Task,
  { fit }: LearnedMotion,
  { inertia }: Recognised,
): MotionResult {
  const { problem, noise, posterior, pass, look } = fit;
  const { law, inertial } = problem;
  const sigma = Math.sqrt(noise.blur);
  const gamma = posterior.coefficients[law.size - 1];
  const gammaSd = Math.sqrt(posterior.covariance[law.size * law.size - 1]);
  const kT = noise.rates[0] / (2 * gamma);
  const names = species === null ? [0] : [...new Set(set.species)].sort((a, b) => a - b);
  return {
    kind: inertial ? "langevin" : "overdamped",
    diffusion: inertial
      ? null
      : Array.from(noise.rates, (q, k) => ({
          species: names[k] ?? k,
          value: q / 2,
          sd: (q / 2) * (noise.rateDeviations[k] ?? 0),
        })),
    friction: inertial ? { value: gamma, sd: gammaSd } : null,
    temperature: inertial
      ? {
          value: kT,
          sd: kT * hypotenuse(noise.rateDeviations[0] ?? 0, gammaSd / gamma),
          ofVelocities: pass.temperature,
        }
      : null,
    localisation: {
      value: sigma,
      sd: noise.blurDeviation === null ? null : (sigma * noise.blurDeviation) / 2,
      most: Math.sqrt(noise.most),
    },
    inertia,
    steps: look.steps,
    cutoff: law.cutoff,
    check: checkMotion(
      { problem, coefficients: posterior.coefficients, noise, temperature: pass.temperature },
      options.seed,
    ),
  };
}

const hypotenuse = (a: number, b: number): number => Math.sqrt(a * a + b * b);

/** What the model's file keeps: with it the law is simulated as its tracks moved. */
function recordOf({ set, options }: Task, fit: MotionFit, motion: MotionResult): TrainingRecord {
  const { problem, posterior, pass, question } = fit;
  const { tracks } = problem;
  const stride = stepsBetweenFrames({ problem, coefficients: posterior.coefficients });
  const { diffusion, friction, temperature, kind } = motion;
  return {
    seed: options.seed,
    optimizer: "filter",
    trainLoss: pass.loss,
    validationLoss: null,
    iterations: question.passes,
    reachedTarget: true,
    integrator: problem.inertial ? "baoab" : "euler-maruyama",
    dt: shortest(tracks) / stride,
    stride,
    startStates: "unknown",
    trajectories: tracks.trajectories,
    records: tracks.records,
    particles: tracks.particles,
    data: set.provenance,
    noise: motion.localisation.value,
    motion: {
      kind,
      ...(diffusion === null
        ? { friction: friction?.value ?? 0, temperature: temperature?.value ?? pass.temperature }
        : { diffusion: bySpecies(diffusion), temperature: 1 }),
      noise: motion.localisation.value,
    },
  };
}

/** D by the number of each species; those that are not there have the first one's. */
function bySpecies(diffusion: NonNullable<MotionResult["diffusion"]>): number[] {
  if (diffusion.length === 1) return diffusion.map(({ value }) => value);
  const most = Math.max(...diffusion.map(({ species }) => species));
  return Array.from(
    { length: most + 1 },
    (_, s) => diffusion.find(({ species }) => species === s)?.value ?? diffusion[0].value,
  );
}

function shortest({ times }: Tracks): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 1; k < times.length; k++) least = Math.min(least, times[k] - times[k - 1]);
  return least;
}

/** Terms beside the pair law, as forces; friction belongs to the motion. */
function termsOf({ problem, posterior }: MotionFit, { unit, doubt }: Scale): LawTerm[] {
  const { law, inertial } = problem;
  let first = law.basis.size;
  return law.terms.slice(0, law.terms.length - (inertial ? 1 : 0)).map(({ spec, size }) => {
    const own = posterior.coefficients.slice(first, first + size).map((c) => c / unit);
    const covariance = covarianceOf(posterior.covariance, law.size, first, size);
    first += size;
    return {
      spec,
      coefficients: own,
      covariance: covariance.map(
        (x, o) => x / (unit * unit) + doubt * own[Math.floor(o / size)] * own[o % size],
      ),
    };
  });
}

function covarianceOf(all: Float64Array, size: number, first: number, n: number): Float64Array {
  return Float64Array.from(
    { length: n * n },
    (_, o) => all[(first + Math.floor(o / n)) * size + first + (o % n)],
  );
}

/** V' of each law as a spline with its error bars: f = -V' times mobility, so that without inertia V is in kT. */
function modelOf(
  { species, options }: Task,
  fit: MotionFit,
  { unit, doubt }: Scale,
  record: TrainingRecord,
): SplineModel | SpeciesModel {
  const { problem, posterior } = fit;
  const { law } = problem;
  const separations = separationsOf(problem.tracks, Number.POSITIVE_INFINITY);
  const models = law.basis.clusters.map(({ knots, first, size }, index) => {
    const coefficients = posterior.coefficients
      .slice(first, first + size)
      .map((c) => (c === 0 ? 0 : -c / unit));
    const covariance = covarianceOf(posterior.covariance, law.size, first, size).map(
      (x, o) =>
        x / (unit * unit) + doubt * coefficients[Math.floor(o / size)] * coefficients[o % size],
    );
    const factor = precisionFactor(covariance, law.free.subarray(first, first + size));
    const seen = separations[index].length > 0 ? separations[index] : Float64Array.of(knots[0]);
    return createSplineModel({
      ...{ knots: [knots], coefficients, coupling: options.coupling, record },
      // Beyond the cutoff the law is known to be 0.
      separations: separationRecord(seen, [[seen[0], Math.max(law.cutoff, seen.at(-1) ?? 0)]]),
      ...(factor !== null && {
        uncertainty: { knots: [knots], coefficients, factor, variance: 1 },
      }),
    });
  });
  if (species === null) return models[0];
  return createSpeciesModel({
    laws: models.map((model, k) => ({ species: species[k], model })),
    record,
  });
}

/** Lower Cholesky factor of the inverse of a covariance; what is not free is known. Null where it is not definite. */
function precisionFactor(covariance: Float64Array, free: Uint8Array): Float64Array | null {
  const n = free.length;
  const open: number[] = [];
  free.forEach((one, k) => {
    if (one === 1) open.push(k);
  });
  const m = open.length;
  const back = inverse(
    Float64Array.from(
      { length: m * m },
      (_, o) => covariance[open[Math.floor(o / m)] * n + open[o % m]],
    ),
    m,
  );
  if (back === null) return null;
  let most = 0;
  for (let k = 0; k < m; k++) most = Math.max(most, back[k * (m + 1)]);
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) out[k * (n + 1)] = PINNED * most;
  open.forEach((i, a) => {
    open.forEach((k, b) => {
      out[i * n + k] = (back[a * m + b] + back[b * m + a]) / 2;
    });
  });
  return choleskyFactor(out, n) ? out : null;
}
