import { portablePower } from "@mclnn/physics/portable";
import { Linear } from "@mclnn/physics/terms";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { TrainingData } from "../records/training-data.ts";
import { outsideTerms } from "../terms/catalogue.ts";

/** What is left of the bends of the centre of mass when everything simple that acts on it has been taken out. */
export interface CentreOfMassTest {
  readonly chiSquared: number;
  readonly freedom: number;
  /** Share of its bends that nothing explains. */
  readonly share: number;
}

/** Highest degree of the polynomials in time that the path of the centre of mass is looked at with. */
const DEGREE = 6;
/** A column that the others explain but for this share tells nothing of its own. */
const APART = 1e-6;

const NO_TERMS = { terms: [], values: new Float64Array(0) };

/**
 * Whether the centre of mass leaves a straight line, whatever the law: under forces between the recorded particles alone it cannot.
 *
 * Its path in each trajectory is projected onto polynomials in time of degree 2 and more, and regressed on what every term of the catalogue that
 * acts from outside and other masses would make of it, the same for all trajectories. What is left has another cause: most often a body that was
 * not recorded. No law and no rollout is involved.
 *
 * @param variance - of a position component
 * @param law - terms that the law has, and their coefficients
 * @returns null where records with all particles are too few
 */
export function centreOfMassTest(
  data: TrainingData,
  variance: number,
  law: Parameters<typeof outsideTerms>[1] = NO_TERMS,
): CentreOfMassTest | null {
  const { trajectories, particles, dimension, masses } = data;
  const terms = outsideTerms(data, law);
  const columns = terms.reduce((sum, { term }) => sum + term.size, 0) + particles - 1;
  const normal = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  let sum = 0;
  let rows = 0;
  for (let t = 0; t < trajectories; t++) {
    const stretch = stretchOf(data, t);
    if (stretch === null) continue;
    const { basis, at, centre } = stretch;
    const scale = 1 / Math.sqrt(variance * spreadOf(data, stretch));
    const pushed = pushes(data, terms, stretch);
    for (let axis = 0; axis < dimension; axis++) {
      const values = pushed.map((push) => displaced(stretch, push[axis]));
      for (let i = 1; i < particles; i++)
        values.push(
          project(
            basis,
            centre[axis].map((x, n) => at(i, axis, n) - x),
          ),
        );
      const target = project(basis, centre[axis]);
      for (let n = 0; n < target.length; n++) {
        const y = scale * target[n];
        sum += y * y;
        rows++;
        for (let a = 0; a < columns; a++) {
          const x = scale * values[a][n];
          right[a] = right[a] + x * y;
          for (let b = 0; b <= a; b++)
            normal[a * columns + b] = normal[a * columns + b] + x * scale * values[b][n];
        }
      }
    }
  }
  for (let a = 0; a < columns; a++)
    for (let b = 0; b < a; b++) normal[b * columns + a] = normal[a * columns + b];
  const kept = independent(normal, columns);
  const k = kept.length;
  if (rows - k < 10) return null;
  const block = Float64Array.from(kept.flatMap((a) => kept.map((b) => normal[a * columns + b])));
  const score = Float64Array.from(kept, (a) => right[a]);
  let explained = 0;
  const shares = new Float64Array(particles);
  if (k > 0 && choleskyFactor(block, k)) {
    const solved = choleskySolve(block, k, score.slice());
    for (let a = 0; a < k; a++) {
      explained += score[a] * solved[a];
      const particle = kept[a] - (columns - particles);
      if (particle > 0) shares[particle] = solved[a];
    }
  }
  return {
    chiSquared: Math.max(0, sum - explained) / Math.max(1, noiseRatio(masses, shares)),
    freedom: rows - k,
    share: sum > 0 ? Math.max(0, sum - explained) / sum : 0,
  };
}

/** The records of a trajectory that show all particles. */
interface Stretch {
  readonly trajectory: number;
  readonly records: readonly number[];
  /** Times of the records, from 0 to 1, and how long that is. */
  readonly tau: readonly number[];
  readonly span: number;
  readonly basis: Orthonormal;
  /** Position of a particle at one of the records. */
  at(particle: number, axis: number, record: number): number;
  /** Path of the centre of mass. [axis][record] */
  readonly centre: readonly Float64Array[];
}

/** Null where records are too few. */
function stretchOf(data: TrainingData, trajectory: number): Stretch | null {
  const { records, particles, dimension, masses, times, positions, weights } = data;
  const seen: number[] = [];
  for (let k = 0; k < records; k++) {
    let all = true;
    for (let i = 0; all && i < particles; i++)
      all = weights === null || weights[(trajectory * records + k) * particles + i] > 0;
    if (all) seen.push(k);
  }
  const degree = Math.min(DEGREE, seen.length - 2);
  if (degree < 2) return null;
  const from = times[seen[0]];
  const span = times[seen.at(-1) as number] - from;
  const tau = seen.map((k) => (times[k] - from) / span);
  const at = (i: number, axis: number, n: number): number =>
    positions[((trajectory * records + seen[n]) * particles + i) * 3 + axis];
  const total = masses.reduce((sum, m) => sum + m, 0);
  const centre = Array.from({ length: dimension }, (_, axis) =>
    Float64Array.from(seen, (_, n) => {
      let s = 0;
      for (let i = 0; i < particles; i++) s += masses[i] * at(i, axis, n);
      return s / total;
    }),
  );
  return { trajectory, records: seen, tau, span, basis: orthonormal(tau, degree), at, centre };
}

/** Noise variance of the centre of mass over that of a particle of weight 1. */
function spreadOf(
  { records, particles, masses, weights }: TrainingData,
  { trajectory, records: seen }: Stretch,
): number {
  const total = masses.reduce((sum, m) => sum + m, 0);
  let spread = 0;
  for (let i = 0; i < particles; i++) {
    const w = weights === null ? 1 : weights[(trajectory * records + seen[0]) * particles + i];
    const share = masses[i] / total / w;
    spread += share * share;
  }
  return spread;
}

/** How a unit of each coefficient of the terms accelerates the centre of mass along the recorded paths. [coefficient][axis][record] */
function pushes(
  { particles, dimension, components, masses, times }: TrainingData,
  terms: ReturnType<typeof outsideTerms>,
  { trajectory, records, tau, span, basis, at }: Stretch,
): Float64Array[][] {
  const total = masses.reduce((sum, m) => sum + m, 0);
  const speeds = Array.from({ length: particles * dimension }, (_, k) => {
    const [i, axis] = [Math.floor(k / dimension), k % dimension];
    return derivative(
      polynomial(
        basis,
        Float64Array.from(tau, (_, n) => at(i, axis, n)),
      ),
    );
  });
  const into = new Linear();
  return terms.flatMap(({ term, about }) => {
    const out = Array.from({ length: term.size }, () =>
      Array.from({ length: dimension }, () => new Float64Array(records.length)),
    );
    records.forEach((record, n) => {
      const positions = new Float64Array(components);
      const velocities = new Float64Array(components);
      speeds.forEach((speed, k) => {
        const [i, axis] = [Math.floor(k / dimension), k % dimension];
        positions[3 * i + axis] = at(i, axis, n);
        velocities[3 * i + axis] = valueAt(speed, tau[n]) / span;
      });
      into.clear();
      term.linearise({ trajectory, time: times[record], positions, velocities }, about, into);
      for (let s = 0; s < into.sources; s++) {
        const row = into.sourceRow[s];
        if (row % 3 < dimension)
          out[into.sourceCoefficient[s]][row % 3][n] +=
            (masses[Math.floor(row / 3)] / total) * into.sourceValue[s];
      }
    });
    return out;
  });
}

/** What an acceleration along the path makes of it, beside a straight line. */
function displaced({ basis, tau, span }: Stretch, acceleration: Float64Array): Float64Array {
  const path = integrated(integrated(polynomial(basis, acceleration)));
  return project(
    basis,
    tau.map((x) => span * span * valueAt(path, x)),
  );
}

/** Noise variance of the centre that the regression asks for over that of the centre by the given masses. @param shares - of x_i - centre that were taken out */
function noiseRatio(masses: Float64Array, shares: Float64Array): number {
  const total = masses.reduce((sum, m) => sum + m, 0);
  const taken = shares.reduce((sum, s) => sum + s, 0);
  let given = 0;
  let asked = 0;
  masses.forEach((m, i) => {
    const own = m / total;
    const free = own * (1 + taken) - shares[i];
    given += own * own;
    asked += free * free;
  });
  return asked / given;
}

/** Columns, one after the other, that those before leave something of. */
function independent(normal: Float64Array, columns: number): number[] {
  const kept: number[] = [];
  for (let c = 0; c < columns; c++) {
    const size = normal[c * columns + c];
    if (!(size > 0)) continue;
    const trial = [...kept, c];
    const block = Float64Array.from(
      trial.flatMap((a) => trial.map((b) => normal[a * columns + b])),
    );
    if (!choleskyFactor(block, trial.length)) continue;
    const pivot = block.at(-1) as number;
    if (pivot * pivot > APART * size) kept.push(c);
  }
  return kept;
}

interface Orthonormal {
  /** Values at the records, one row a degree, from 0 on. */
  readonly rows: readonly Float64Array[];
  /** Coefficients of the powers, one row a degree. */
  readonly powers: readonly Float64Array[];
}

/** Polynomials that are orthonormal over these points (Gram-Schmidt, twice). */
function orthonormal(tau: readonly number[], degree: number): Orthonormal {
  const rows: Float64Array[] = [];
  const powers: Float64Array[] = [];
  for (let d = 0; d <= degree; d++) {
    const row = Float64Array.from(tau, (x) => portablePower(x, d));
    const power = new Float64Array(degree + 1);
    power[d] = 1;
    for (let pass = 0; pass < 2; pass++)
      rows.forEach((other, e) => {
        const overlap = dot(row, other);
        for (let n = 0; n < row.length; n++) row[n] = row[n] - overlap * other[n];
        const lower = powers[e];
        for (let n = 0; n <= degree; n++) power[n] = power[n] - overlap * lower[n];
      });
    const length = Math.sqrt(dot(row, row));
    rows.push(row.map((x) => x / length));
    powers.push(power.map((x) => x / length));
  }
  return { rows, powers };
}

/** Components along the polynomials of degree 2 and more. */
const project = ({ rows }: Orthonormal, values: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows.slice(2), (row) => dot(row, values));

/** The least-squares polynomial through values, as coefficients of the powers. */
function polynomial({ rows, powers }: Orthonormal, values: Float64Array): Float64Array {
  const out = new Float64Array(powers.length);
  rows.forEach((row, d) => {
    const c = dot(row, values);
    powers[d].forEach((p, n) => {
      out[n] = out[n] + c * p;
    });
  });
  return out;
}

/** The integral from 0, as coefficients of the powers. */
const integrated = (coefficients: Float64Array): Float64Array =>
  Float64Array.from({ length: coefficients.length + 1 }, (_, n) =>
    n === 0 ? 0 : coefficients[n - 1] / n,
  );

/** The derivative, as coefficients of the powers. */
const derivative = (coefficients: Float64Array): Float64Array =>
  coefficients.slice(1).map((c, n) => (n + 1) * c);

function valueAt(coefficients: Float64Array, x: number): number {
  let sum = 0;
  for (let n = coefficients.length - 1; n >= 0; n--) sum = sum * x + coefficients[n];
  return sum;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
