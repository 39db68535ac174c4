import { portableLog } from "@mclnn/physics/portable";
import type { FindingWords } from "@mclnn/physics/terms";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { AskedEquations } from "../selection/ask.ts";
import { partsOf } from "../selection/choose.ts";
import { fallOf } from "../selection/evidence.ts";
import type { Question } from "../terms/catalogue.ts";
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
 * @param asked - what rides along; its equations get the prior of the law
 * @param bound - probability below which a test is no chance
 * @param noise - variance of a position component that the records show by themselves: where residuals are larger, what takes next to
 * nothing of the excess is no explanation, only a symptom, and causes that take little of it together are none
 */
export function scoreTests(
  fit: JudgedFit,
  asked: AskedEquations,
  {
    questions,
    bound,
    noise,
  }: { readonly questions: readonly Question[]; readonly bound: number; readonly noise: number },
): { readonly found: ScoreTest[]; readonly symptoms: number } {
  const { variance } = fit;
  const { watched, first: ridden, degreesOfFreedom, metric, gradient, law } = asked;
  const { size, gram } = watched;
  const excess = degreesOfFreedom * Math.max(0, 1 - noise / variance);
  const penalty = portableLog(Math.max(2, degreesOfFreedom));
  addPrior(metric, gradient, fit);
  const firsts = new Map<Question, number>();
  let next = ridden;
  for (const question of questions) {
    firsts.set(question, next);
    next += question.size;
  }
  const found: ScoreTest[] = [];
  const stands = standing(fit, asked, bound);
  let symptoms = 0;
  const base = Array.from({ length: law }, (_, i) => i);
  // The most certain one first; what is left is judged with that one taken into account.
  const alone = new Set<Question>();
  for (let round = 0; round < ROUNDS; ) {
    let best:
      | (ScoreTest & { question: Question; columns: readonly number[]; rank: number })
      | null = null;
    for (const question of questions) {
      const { finding, size: count } = question;
      const species = finding.kind === "species";
      if (found.some((test) => test.finding === finding) || alone.has(question)) continue;
      const first = firsts.get(question) as number;
      const columns = Array.from({ length: count }, (_, k) => first + k);
      const test = scoreTest(metric, gradient, gradient.length, base, columns);
      if (test === null) continue;
      const chiSquared = test.gain / variance;
      const probability = tail(chiSquared, test.columns.length);
      if (probability >= bound) continue;
      if (!species && chiSquared < EXPLAINS * excess) {
        if (round === 0 && alone.size === 0) symptoms++;
        continue;
      }
      // Species are known to differ; everything else is a guess beside that. Of the guesses, each unknown costs what it costs in Schwarz's criterion.
      const known = species ? Number.POSITIVE_INFINITY : chiSquared - penalty * test.columns.length;
      if (best !== null && best.rank >= known) continue;
      let square = 0;
      test.columns.forEach((a, i) => {
        test.columns.forEach((b, j) => {
          square += test.estimate[i] * test.estimate[j] * gram[(a - ridden) * size + b - ridden];
        });
      });
      const { forces } = watched;
      const share = forces > 0 ? Math.sqrt(square / forces) : 0;
      // Beside a cause that is found, what is small is mostly its form that was not met.
      if (share < BESIDE * (found[0]?.share ?? 0)) continue;
      best = { question, finding, chiSquared, share, columns: test.columns, rank: known };
    }
    if (best === null) break;
    if (!stands(base, best.columns)) {
      alone.add(best.question);
      continue;
    }
    found.push(best);
    base.push(...best.columns);
    round++;
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

/** Trajectories of which one can be left out. */
const LEAST_PARTS = 3;

/**
 * Whether further unknowns stand without the trajectory that asks for them most. What only one asks for is how that went, most often an encounter that the
 * law does not follow, and acts nowhere else.
 */
function standing(
  fit: JudgedFit,
  asked: AskedEquations,
  bound: number,
): (base: readonly number[], columns: readonly number[]) => boolean {
  const { metric, gradient } = asked;
  const parts = partsOf(fit, asked);
  return (base, columns) => {
    if (fit.data.trajectories < LEAST_PARTS) return true;
    const before = stepOf(metric, gradient, base);
    const after = stepOf(metric, gradient, [...base, ...columns]);
    if (before === null || after === null) return true;
    const falls = parts().map((part) => fallOf(part, before, after));
    const rest = falls.reduce((sum, x) => sum + x, 0) - Math.max(...falls);
    return tail(rest / fit.variance, columns.length) < bound;
  };
}

/** Where some unknowns together go, the others as they are; null where they cannot be told. */
function stepOf(
  metric: Float64Array,
  gradient: Float64Array,
  columns: readonly number[],
): Float64Array | null {
  const size = gradient.length;
  const n = columns.length;
  const block = Float64Array.from(columns.flatMap((a) => columns.map((b) => metric[a * size + b])));
  if (!choleskyFactor(block, n)) return null;
  const solved = choleskySolve(
    block,
    n,
    Float64Array.from(columns, (a) => -gradient[a]),
  );
  const out = new Float64Array(size);
  columns.forEach((a, k) => {
    out[a] = solved[k];
  });
  return out;
}

/** Adds the prior of a law's coefficients, m of them the pair law's, to normal equations, and a ridge that keeps them definite. */
function addPrior(
  metric: Float64Array,
  gradient: Float64Array,
  { prior, coefficients, values, basis: { size: m } }: JudgedFit,
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
