import { choleskyFactor, choleskySolve } from "../linear-algebra.ts";
import type { Schedule } from "../rollout/schedule.ts";
import { type ExtraUnknowns, SensitivityPass } from "../rollout/sensitivity.ts";
import type { Starts } from "../rollout/starts.ts";
import type { SplineBasis } from "../training/function-first/basis.ts";
import { localVariance } from "../training/function-first/path.ts";
import type { TrainingData } from "../training/training-data.ts";
import {
  type Alternative,
  type AlternativeKind,
  alternativesFor,
  together,
} from "./alternatives.ts";

/** Something that the data show and a pair law cannot explain. */
export interface Finding {
  readonly kind:
    | AlternativeKind
    | "misfit"
    | "coloured-residuals"
    | "unresolved-motion"
    | "followed-in-segments"
    | "no-interaction";
  /** In words, with its number. */
  readonly text: string;
  /** Distance from what a pair law allows, in standard deviations. */
  readonly sigmas: number;
  /** Root mean square of the accelerations that it accounts for, relative to those of the law; null where it is no force. */
  readonly share: number | null;
  /** What to do about it. */
  readonly try: string;
}

/** A fitted law and the trajectories it was fitted to. */
export interface JudgedFit {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly curve: Float64Array;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** Weighted prior. [basis.size x basis.size]; null for none */
  readonly prior: Float64Array | null;
  /** Variance of a position component. */
  readonly variance: number;
  readonly species: Int32Array | undefined;
}

/** Probability that any test of a fit raises a false alarm. */
const FALSE_ALARMS = 0.02;
/** Trajectories that the test for white residuals looks at. */
const WHITENESS_TRAJECTORIES = 30;
/** Residuals so much larger than local polynomials leave are more than noise. */
const MISFIT = 1.5;

const WORDS: Readonly<Record<AlternativeKind, readonly [what: string, mend: string]>> = {
  "outside-force": [
    "the total momentum changes: a force from outside acts on all particles",
    "Take the outside force out of the data (a frame that falls with it), or add the body it comes from.",
  ],
  trap: [
    "particles are drawn to (or pushed from) one place: a force from outside that grows with the distance",
    "Add the body or the field behind it, or record in a frame without it.",
  ],
  drag: [
    "energy falls (or grows) with the speed: drag",
    "Record faster or with less friction; a conserving law cannot hold drag.",
  ],
  "velocity-force": [
    "forces act across the velocity, as of a magnetic field or a rotating frame",
    "Record in a frame that does not rotate; a pair law of separations cannot hold it.",
  ],
  "non-central": [
    "the angular momentum changes: forces do not point along the line between two particles",
    "Look for spin or orientation of the particles; a pair law is central.",
  ],
  direction: [
    "the law is stronger in some directions of space than in others",
    "Check the scales of the axes (pixels, refraction), or that two axes are not swapped.",
  ],
  species: [
    "pairs of different species obey different laws",
    "Learn one law for each pair: --species separate.",
  ],
  masses: [
    "the masses do not fit the accelerations",
    "Check the masses, their unit and the coupling, or have them fitted: --fit-masses.",
  ],
  "three-body": [
    "the force between two particles depends on where a third one is",
    "A pair law is the best of its kind here, and no more; look for three-body forces or for a body that was not recorded.",
  ],
};

/**
 * Tests a fit for what a pair law cannot do.
 *
 * Each alternative is added to the equations of motion as a few unknowns; the score test asks whether the residuals want them, after
 * the law and the start states have been fitted anew (chi-squared, of so many degrees of freedom). Bounds are such that data which a pair law explains raise an
 * alarm of any kind in 2 % of all fits.
 */
export function judge(fit: JudgedFit): Finding[] {
  const { data, variance } = fit;
  const alternatives = alternativesFor(data, fit.species);
  const bound = FALSE_ALARMS / (alternatives.length + 1);
  const found = scoreTests(fit, alternatives, bound).map(({ kind, chiSquared, share }): Finding => {
    const [what, mend] = WORDS[kind];
    const sigmas = Math.sqrt(chiSquared);
    return {
      kind,
      text: `${what} (${sigmas.toFixed(1)} standard deviations, ${percent(share)} of the accelerations)`,
      sigmas,
      share,
      try: mend,
    };
  });
  const white = whiteness(fit);
  if (white !== null && 2 * upperNormal(Math.abs(white)) < bound)
    found.push({
      kind: "coloured-residuals",
      text: `residuals of one record tell those of the next (${Math.abs(white).toFixed(1)} standard deviations from white noise)`,
      sigmas: Math.abs(white),
      share: null,
      try: "The law, the integrator or the noise is not what was assumed: try --substeps, or look at the other findings.",
    });
  const ratio = variance / localVariance(data);
  if (found.length > 0 && ratio > MISFIT)
    found.push({
      kind: "misfit",
      text: `residuals are ${Math.sqrt(ratio).toFixed(1)} times larger than the noise that the records show by themselves`,
      sigmas: Math.sqrt(ratio),
      share: null,
      try: "See the other findings.",
    });
  return found;
}

interface ScoreTest {
  readonly kind: AlternativeKind;
  readonly chiSquared: number;
  readonly share: number;
}

function scoreTests(
  { data, schedule, tangents, basis, curve, coefficients, starts, prior, variance }: JudgedFit,
  alternatives: readonly Alternative[],
  bound: number,
): ScoreTest[] {
  const unknowns = together(alternatives);
  const size = unknowns.count;
  // Mean products of the accelerations that the unknowns stand for.
  const gram = new Float64Array(size * size);
  const own = new Float64Array(data.components * size);
  const extra: ExtraUnknowns = {
    count: size,
    addAccelerations(kick, factor, out, stride) {
      own.fill(0);
      unknowns.addAccelerations(kick, 1, own, size);
      for (let c = 0; c < data.components; c++)
        for (let k = 0; k < size; k++) {
          const a = own[c * size + k] as number;
          if (a === 0) continue;
          out[c * stride + k] = (out[c * stride + k] as number) + factor * a;
          for (let l = 0; l < size; l++)
            gram[k * size + l] = (gram[k * size + l] as number) + a * (own[c * size + l] as number);
        }
      forces += lawAcceleration(data, kick.lookups, kick.positions);
    },
  };
  let forces = 0;
  const pass = new SensitivityPass(data, schedule, basis, {
    freeStarts: starts.velocityWeight !== null,
    extra,
    tangents,
  });
  const { metric, gradient } = pass.normalEquations(curve, { starts });
  const all = pass.size;
  const m = basis.size;
  const penalised = metric.slice();
  const slope = gradient.slice();
  let mean = 0;
  for (let i = 0; i < m; i++) mean += (metric[i * all + i] as number) / m;
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const p = prior === null ? 0 : (prior[i * m + k] as number);
      penalised[i * all + k] = (penalised[i * all + k] as number) + p;
      slope[i] = (slope[i] as number) + p * (coefficients[k] as number);
    }
    penalised[i * all + i] = (penalised[i * all + i] as number) + 1e-13 * mean;
  }
  const firsts = new Map<AlternativeKind, number>();
  let next = m;
  for (const { kind, count } of alternatives) {
    firsts.set(kind, next);
    next += count;
  }
  const found: ScoreTest[] = [];
  const base = Array.from({ length: m }, (_, i) => i);
  // The most certain one first; what is left is judged with that one taken into account.
  for (let round = 0; round < ROUNDS; round++) {
    let best: (ScoreTest & { columns: readonly number[]; rank: number }) | null = null;
    for (const { kind, count } of alternatives) {
      if (found.some((test) => test.kind === kind)) continue;
      const first = firsts.get(kind) as number;
      const columns = Array.from({ length: count }, (_, k) => first + k);
      const test = scoreTest(penalised, slope, all, base, columns);
      if (test === null) continue;
      const chiSquared = test.gain / variance;
      const probability = tail(chiSquared, test.columns.length);
      if (probability >= bound) continue;
      // Species are known to differ; everything else is a guess beside that.
      const known = kind === "species" ? Number.POSITIVE_INFINITY : chiSquared;
      if (best !== null && best.rank >= known) continue;
      let square = 0;
      test.columns.forEach((a, i) => {
        test.columns.forEach((b, j) => {
          square +=
            (test.estimate[i] as number) *
            (test.estimate[j] as number) *
            (gram[(a - m) * size + b - m] as number);
        });
      });
      const share = forces > 0 ? Math.sqrt(square / forces) : 0;
      best = { kind, chiSquared, share, columns: test.columns, rank: known };
    }
    if (best === null) break;
    found.push(best);
    base.push(...best.columns);
  }
  return found;
}

/** Alternatives that are looked for beside one another. */
const ROUNDS = 4;
/** An unknown that the others explain but for this share cannot be told apart from them. */
const APART = 0.01;

/** How much of the sum of squares some unknowns take, beside those of the base that are fitted anew. */
function scoreTest(
  metric: Float64Array,
  gradient: Float64Array,
  size: number,
  base: readonly number[],
  asked: readonly number[],
): { gain: number; estimate: Float64Array; columns: readonly number[] } | null {
  const n = base.length;
  const factor = new Float64Array(n * n);
  base.forEach((a, i) => {
    base.forEach((b, k) => {
      factor[i * n + k] = metric[a * size + b] as number;
    });
  });
  if (!choleskyFactor(factor, n)) return null;
  const solvedGradient = choleskySolve(
    factor,
    n,
    Float64Array.from(base, (a) => gradient[a] as number),
  );
  const column = (c: number): Float64Array =>
    Float64Array.from(base, (a) => metric[a * size + c] as number);
  const cross = new Map(asked.map((c) => [c, column(c)]));
  const solved = new Map(asked.map((c) => [c, choleskySolve(factor, n, column(c))]));
  const schur = (a: number, b: number): number =>
    (metric[a * size + b] as number) -
    dot(cross.get(a) as Float64Array, solved.get(b) as Float64Array);
  const columns: number[] = [];
  for (const c of asked) {
    const trial = [...columns, c];
    const k = trial.length;
    const block = Float64Array.from(trial.flatMap((a) => trial.map((b) => schur(a, b))));
    if (!choleskyFactor(block, k)) continue;
    // The last pivot is what the base and the columns before leave of this one.
    if ((block[k * k - 1] as number) ** 2 > APART * (metric[c * size + c] as number))
      columns.push(c);
  }
  const k = columns.length;
  if (k === 0) return null;
  const block = Float64Array.from(columns.flatMap((a) => columns.map((b) => schur(a, b))));
  if (!choleskyFactor(block, k)) return null;
  const score = Float64Array.from(
    columns,
    (c) => (gradient[c] as number) - dot(cross.get(c) as Float64Array, solvedGradient),
  );
  const estimate = choleskySolve(block, k, score.slice());
  return { gain: dot(score, estimate), estimate, columns };
}

/** Sum of squared accelerations of the law at one force evaluation. */
function lawAcceleration(
  { components, pairs, pairI, pairJ, scaleI, scaleJ }: TrainingData,
  lookups: Float64Array,
  q: Float64Array,
): number {
  const a = new Float64Array(components);
  for (let p = 0; p < pairs; p++) {
    const i = pairI[p] as number;
    const j = pairJ[p] as number;
    const transverse = lookups[(p * lookups.length) / pairs + 3] as number;
    for (let c = 0; c < 3; c++) {
      const f = transverse * ((q[i + c] as number) - (q[j + c] as number));
      a[i + c] = (a[i + c] as number) - f * (scaleI[p] as number);
      a[j + c] = (a[j + c] as number) + f * (scaleJ[p] as number);
    }
  }
  return dot(a, a);
}

/**
 * Lag-one correlation of the residuals in standard deviations from what white noise would leave once start states are fitted; null where there
 * are too few residuals.
 */
function whiteness({ data, schedule, basis, curve, starts, variance }: JudgedFit): number | null {
  const free = starts.velocityWeight !== null;
  const { components, records, particles, dimension, weights } = data;
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: free });
  const unknowns = free ? 2 * particles * dimension : 0;
  const width = basis.size + unknowns;
  const every = Math.max(1, Math.ceil(data.trajectories / WHITENESS_TRAJECTORIES));
  let sum = 0;
  let expected = 0;
  let count = 0;
  const from = free ? 0 : 1;
  for (let t = 0; t < data.trajectories; t += every) {
    const jacobian = pass.jacobianOf(curve, t, starts);
    const residuals = pass.residualsOf(curve, t, starts);
    const inverse = new Float64Array(unknowns * unknowns);
    const rows = (free ? records + 1 : records) * components;
    for (let row = from * components; row < rows; row++)
      for (let a = 0; a < unknowns; a++) {
        const x = jacobian[row * width + basis.size + a] as number;
        if (x === 0) continue;
        for (let b = 0; b < unknowns; b++)
          inverse[a * unknowns + b] =
            (inverse[a * unknowns + b] as number) +
            x * (jacobian[row * width + basis.size + b] as number);
      }
    if (unknowns > 0 && !choleskyFactor(inverse, unknowns)) continue;
    for (let k = from; k + 1 < records; k++)
      for (let c = 0; c < components; c++) {
        if (c % 3 >= dimension) continue;
        const o = k * components + c;
        const i = Math.floor(c / 3);
        const seen = (record: number): boolean =>
          weights === null || (weights[(t * records + record) * particles + i] as number) > 0;
        if (!seen(k) || !seen(k + 1)) continue;
        sum += (residuals[o] as number) * (residuals[o + components] as number);
        count++;
        if (unknowns === 0) continue;
        const next = jacobian.slice(
          (o + components) * width + basis.size,
          (o + components + 1) * width,
        );
        choleskySolve(inverse, unknowns, next);
        for (let a = 0; a < unknowns; a++)
          expected -= (jacobian[o * width + basis.size + a] as number) * (next[a] as number);
      }
  }
  if (count < 100) return null;
  return (sum / variance - expected) / Math.sqrt(count);
}

const percent = (share: number): string =>
  share >= 0.1 ? `${(100 * share).toFixed(0)} %` : `${(100 * share).toPrecision(2)} %`;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** Probability that chi-squared of n degrees of freedom is larger (Wilson & Hilferty 1931: good to a few per cent of the logarithm). */
function tail(chiSquared: number, n: number): number {
  const spread = 2 / (9 * n);
  return upperNormal((Math.cbrt(Math.max(0, chiSquared) / n) - 1 + spread) / Math.sqrt(spread));
}

/** Probability that a standard normal number is larger (Abramowitz & Stegun 26.2.17, to 7.5e-8). */
function upperNormal(z: number): number {
  if (z < 0) return 1 - upperNormal(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
