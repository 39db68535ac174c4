import { portableLog } from "@mclnn/physics/portable";
import type { Candidate, FindingWords, FramePairs } from "@mclnn/physics/terms";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Question } from "../terms/catalogue.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { tail } from "./chi-squared.ts";
import type { JudgedFit } from "./judged-fit.ts";

/** A term that the residuals ask for. */
export interface ScoreTest {
  readonly finding: FindingWords;
  readonly chiSquared: number;
  readonly share: number;
}

/**
 * Terms that the residuals ask for, the most convincing first; each later one is judged with those before taken into account.
 *
 * @param bound - probability below which a test is no chance
 * @param noise - variance of a position component that the records show by themselves: where residuals are larger, what takes next to
 * nothing of the excess is no explanation, only a symptom, and causes that take little of it together are none
 */
export function scoreTests(
  fit: JudgedFit,
  questions: readonly Question[],
  { bound, noise }: { readonly bound: number; readonly noise: number },
): { readonly found: ScoreTest[]; readonly symptoms: number } {
  const { data, schedule, tangents, basis, curve, starts, variance } = fit;
  const watched = watchedCandidates(
    questions.flatMap(({ candidates }) => candidates),
    data,
  );
  const { size, gram } = watched;
  // The terms of the law are fitted anew beside each candidate, as the pair law is.
  const own = lawTerms(fit.terms, data);
  const pass = new SensitivityPass(data, schedule, basis, {
    freeStarts: starts.velocityWeight !== null,
    terms: [...own, watched],
    tangents,
  });
  const values = new Float64Array(pass.size - basis.size);
  values.set(fit.values);
  const { metric, gradient, degreesOfFreedom } = pass.normalEquations(curve, { starts, values });
  const excess = degreesOfFreedom * Math.max(0, 1 - noise / variance);
  const penalty = portableLog(Math.max(2, degreesOfFreedom));
  addPrior(metric, gradient, basis.size, fit);
  const firsts = new Map<Question, number>();
  const law = basis.size + fit.values.length;
  let next = law;
  for (const question of questions) {
    firsts.set(question, next);
    next += question.size;
  }
  const found: ScoreTest[] = [];
  let symptoms = 0;
  const base = Array.from({ length: law }, (_, i) => i);
  // The most certain one first; what is left is judged with that one taken into account.
  for (let round = 0; round < ROUNDS; round++) {
    let best: (ScoreTest & { columns: readonly number[]; rank: number }) | null = null;
    for (const question of questions) {
      const { finding, size: count } = question;
      const species = finding.kind === "species";
      if (found.some((test) => test.finding === finding)) continue;
      const first = firsts.get(question) as number;
      const columns = Array.from({ length: count }, (_, k) => first + k);
      const test = scoreTest(metric, gradient, pass.size, base, columns);
      if (test === null) continue;
      const chiSquared = test.gain / variance;
      const probability = tail(chiSquared, test.columns.length);
      if (probability >= bound) continue;
      if (!species && chiSquared < EXPLAINS * excess) {
        if (round === 0) symptoms++;
        continue;
      }
      // Species are known to differ; everything else is a guess beside that. Of the guesses, each unknown costs what it costs in Schwarz's criterion.
      const known = species ? Number.POSITIVE_INFINITY : chiSquared - penalty * test.columns.length;
      if (best !== null && best.rank >= known) continue;
      let square = 0;
      test.columns.forEach((a, i) => {
        test.columns.forEach((b, j) => {
          square += test.estimate[i] * test.estimate[j] * gram[(a - law) * size + b - law];
        });
      });
      const { forces } = watched;
      const share = forces > 0 ? Math.sqrt(square / forces) : 0;
      // Beside a cause that is found, what is small is mostly its form that was not met.
      if (share < BESIDE * (found[0]?.share ?? 0)) continue;
      best = { finding, chiSquared, share, columns: test.columns, rank: known };
    }
    if (best === null) break;
    found.push(best);
    base.push(...best.columns);
  }
  // What takes little of what is left is no cause, whatever its certainty: something else is, and shows in many ways. Species are known to differ.
  const explained = found.reduce((sum, { chiSquared }) => sum + chiSquared, 0);
  const guessed = found.every(({ finding: { kind } }) => kind !== "species");
  if (variance > MISFIT * noise && guessed && explained < MOST * excess)
    return { found: [], symptoms: symptoms + found.length };
  return { found, symptoms };
}

/** Residuals of so many noise variances are more than noise. */
export const MISFIT = 1.5;
/** Share of the excess of the residuals that causes take away together, by linear theory: 0.4 to 1 where they are the causes, 0.05 where they are not. */
const MOST = 0.3;
/** Share of the excess of the residuals over the noise that a cause takes away at least. */
const EXPLAINS = 0.05;
/** Share of the first cause's accelerations that further ones have at least. */
const BESIDE = 0.15;
/** Terms that are looked for beside one another. */
const ROUNDS = 4;
/** An unknown that the others explain but for this share cannot be told apart from them. */
const APART = 0.01;

/** Adds the prior of a law's coefficients, m of them the pair law's, to normal equations, and a ridge that keeps them definite. */
function addPrior(
  metric: Float64Array,
  gradient: Float64Array,
  m: number,
  { prior, coefficients, values }: JudgedFit,
): void {
  const size = gradient.length;
  const law = [...coefficients, ...values];
  let mean = 0;
  for (let i = 0; i < m; i++) mean += metric[i * size + i] / m;
  const n = prior === null ? 0 : Math.sqrt(prior.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const p = (prior as Float64Array)[i * n + k];
      metric[i * size + k] = metric[i * size + k] + p;
      gradient[i] = gradient[i] + p * law[k];
    }
  for (let i = 0; i < law.length; i++) {
    const o = i * size + i;
    metric[o] = metric[o] + 1e-13 * (i < m || metric[o] === 0 ? mean : metric[o]);
  }
}

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
      factor[i * n + k] = metric[a * size + b];
    });
  });
  if (!choleskyFactor(factor, n)) return null;
  const solvedGradient = choleskySolve(
    factor,
    n,
    Float64Array.from(base, (a) => gradient[a]),
  );
  const column = (c: number): Float64Array => Float64Array.from(base, (a) => metric[a * size + c]);
  const cross = new Map(asked.map((c) => [c, column(c)]));
  const solved = new Map(asked.map((c) => [c, choleskySolve(factor, n, column(c))]));
  const schur = (a: number, b: number): number =>
    metric[a * size + b] - dot(cross.get(a) as Float64Array, solved.get(b) as Float64Array);
  const columns: number[] = [];
  for (const c of asked) {
    const trial = [...columns, c];
    const k = trial.length;
    const block = Float64Array.from(trial.flatMap((a) => trial.map((b) => schur(a, b))));
    if (!choleskyFactor(block, k)) continue;
    // The last pivot is what the base and the columns before leave of this one.
    const pivot = block[k * k - 1];
    if (pivot * pivot > APART * metric[c * size + c]) columns.push(c);
  }
  const k = columns.length;
  if (k === 0) return null;
  const block = Float64Array.from(columns.flatMap((a) => columns.map((b) => schur(a, b))));
  if (!choleskyFactor(block, k)) return null;
  const score = Float64Array.from(
    columns,
    (c) => gradient[c] - dot(cross.get(c) as Float64Array, solvedGradient),
  );
  const estimate = choleskySolve(block, k, score.slice());
  return { gain: dot(score, estimate), estimate, columns };
}

/** Candidates as one, which adds up how large accelerations are: products of those of its coefficients, and squares of the law's. */
interface WatchedCandidates extends Candidate {
  /** [size x size] */
  readonly gram: Float64Array;
  readonly forces: number;
}

function watchedCandidates(
  candidates: readonly Candidate[],
  { components }: TrainingData,
): WatchedCandidates {
  const size = candidates.reduce((sum, candidate) => sum + candidate.size, 0);
  const gram = new Float64Array(size * size);
  const own = new Float64Array(components * size);
  const starts = candidates.map((each) =>
    Float64Array.from({ length: each.size }, (_, k) => each.start?.[k] ?? 0),
  );
  let forces = 0;
  return {
    size,
    gram,
    get forces() {
      return forces;
    },
    linearise(frame, _, into) {
      const { first } = into;
      const from = into.sources;
      candidates.forEach((candidate, k) => {
        candidate.linearise(frame, starts[k], into);
        into.first += candidate.size;
      });
      into.first = first;
      own.fill(0);
      for (let k = from; k < into.sources; k++)
        own[into.sourceRow[k] * size + into.sourceCoefficient[k] - first] += into.sourceValue[k];
      for (let c = 0; c < components; c++) addSquare(gram, own.subarray(c * size, (c + 1) * size));
      if (frame.pairs !== undefined) forces += lawAcceleration(frame.pairs, frame.positions);
    },
  };
}

/** Adds x x' to a matrix; of x most is 0. */
function addSquare(matrix: Float64Array, x: Float64Array): void {
  const size = x.length;
  const there: number[] = [];
  for (let k = 0; k < size; k++) if (x[k] !== 0) there.push(k);
  for (const k of there) for (const l of there) matrix[k * size + l] += x[k] * x[l];
}

/** Sum of squared accelerations of the law at one force evaluation. */
function lawAcceleration(
  { count, pairI, pairJ, scaleI, scaleJ, lookups, stride }: FramePairs,
  q: Float64Array,
): number {
  const a = new Float64Array(q.length);
  for (let p = 0; p < count; p++) {
    const i = pairI[p];
    const j = pairJ[p];
    const transverse = lookups[p * stride + 3];
    for (let c = 0; c < 3; c++) {
      const f = transverse * (q[i + c] - q[j + c]);
      a[i + c] -= f * scaleI[p];
      a[j + c] += f * scaleJ[p];
    }
  }
  return dot(a, a);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
