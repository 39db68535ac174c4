import type { TrajectorySet } from "@mclnn/datasets";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { type BSplines, bSplines } from "./b-splines.ts";
import {
  addRow,
  type NormalEquations,
  normalEquations,
  solvePenalised,
} from "./normal-equations.ts";
import { setSeparations } from "./reference-data.ts";

/** What is tried; generalised cross-validation decides. */
const PLACEMENTS = ["uniform", "quantiles"] as const;
const DEGREES = [1, 3];
const INTERVALS = [8, 16, 32, 64];
/** Weights of the squared second differences of coefficients, over the mean diagonal of the normal matrix. */
const PENALTIES = [1e-12, 1e-9, 1e-6, 1e-4, 1e-2];
/** Lets combinations without any data be solved for; over the mean diagonal. */
const RIDGE = 1e-14;

/** Slopes that least squares found, and what it found them with. */
export interface KernelFit {
  /** V' of each law, in the order of `speciesPairs`; one where there are no species. */
  readonly slopes: readonly ((r: number) => number)[];
  readonly placement: (typeof PLACEMENTS)[number];
  readonly degree: number;
  readonly intervals: number;
  readonly penalty: number;
}

/**
 * The statisticians' way to a pair law: V' on a basis of piecewise polynomials, by linear least squares on accelerations.
 *
 * m_i a_i = -sum over j of w_ij V'(r_ij) (q_i - q_j) / r_ij, the a_i by central differences: of velocities where there are any, else second differences
 * of positions. Breakpoints, degree and roughness penalty by generalised cross-validation. Not what MCLNN does: no rollout, so the differences' error
 * O(h^2) stays in the law, and noise is divided by h (velocities) or h^2 (positions).
 *
 * @param speciesPairs - a law for each; default: one law for all
 * @throws MclnnError `too-few-records`; `diverged` where nothing can be solved
 * @see Lu, Zhong, Tang, Maggioni, PNAS 116 (2019) 14424, doi:10.1073/pnas.1822012116
 */
export function kernelLeastSquares(
  data: TrajectorySet,
  {
    coupling = "none",
    speciesPairs = [undefined],
  }: {
    coupling?: Coupling;
    speciesPairs?: readonly (readonly [number, number] | undefined)[];
  } = {},
): KernelFit {
  if (data.records < 3)
    throw new MclnnError("there are no accelerations to fit", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 3 records a trajectory",
      got: String(data.records),
    });
  const lawOf = lawTable(data, speciesPairs);
  const seen = speciesPairs.map((pair) => setSeparations(data, pair, 1).sort());
  const accelerations = centralDifferences(data);
  let best: { score: number; fit: KernelFit } | undefined;
  for (const placement of PLACEMENTS)
    for (const degree of DEGREES)
      for (const intervals of INTERVALS) {
        const bases = seen.map((separations) =>
          bSplines(breakpoints(separations, intervals, placement), degree),
        );
        const equations = assemble(data, { accelerations, bases, lawOf, coupling });
        const { size, matrix } = equations;
        const diagonal =
          matrix.reduce((sum, x, k) => (k % (size + 1) === 0 ? sum + x : sum), 0) / size;
        for (const penalty of PENALTIES) {
          const roughness = secondDifferences(bases, size, RIDGE / penalty);
          const solution = solvePenalised(equations, roughness, penalty * diagonal);
          if (solution === undefined || !(solution.score < (best?.score ?? Infinity))) continue;
          const slopes = slopesOf(bases, solution.coefficients);
          best = { score: solution.score, fit: { slopes, placement, degree, intervals, penalty } };
        }
      }
  if (best === undefined)
    throw new MclnnError("no basis gives a law", {
      code: "diverged",
      argument: "data",
      expected: "more accelerations than coefficients",
      got: `${data.trajectories} trajectories of ${data.records} records`,
      kind: "failure",
    });
  return best.fit;
}

/** Law of the pair i, j at [i N + j]. */
function lawTable(
  { particles, species }: TrajectorySet,
  pairs: readonly (readonly [number, number] | undefined)[],
): Int32Array {
  const table = new Int32Array(particles * particles);
  for (let i = 0; i < particles; i++)
    for (let j = 0; j < particles; j++) {
      const [s = 0, t = 0] = [species?.[i] ?? 0, species?.[j] ?? 0].sort((a, b) => a - b);
      const law = pairs.findIndex((pair) => pair === undefined || (pair[0] === s && pair[1] === t));
      if (law < 0)
        throw new MclnnError(`there is no law between species ${s} and ${t}`, {
          code: "missing-law",
          argument: "speciesPairs",
          expected: `one for ${s}-${t}`,
          got: pairs.map((pair) => pair?.join("-")).join(", "),
        });
      table[i * particles + j] = law;
    }
  return table;
}

/** Rows [trajectory x records + record] of all records that have one before and one behind. */
function* innerRecords({ trajectories, records }: TrajectorySet): Generator<number> {
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k < records - 1; k++) yield t * records + k;
}

/** Accelerations at inner records; zeros at the others. [trajectories x records x N x dimension] */
function centralDifferences(data: TrajectorySet): Float64Array {
  const { records, times, positions, velocities, particles, dimension } = data;
  const size = particles * dimension;
  const out = new Float64Array(positions.length);
  for (const record of innerRecords(data)) {
    const k = record % records;
    const before = times[k] - times[k - 1];
    const behind = times[k + 1] - times[k];
    for (let o = record * size; o < (record + 1) * size; o++) {
      if (velocities === undefined) {
        const x = positions[o];
        const rise = (positions[o + size] - x) / behind;
        const come = (x - positions[o - size]) / before;
        out[o] = (2 * (rise - come)) / (before + behind);
      } else {
        out[o] = (velocities[o + size] - velocities[o - size]) / (before + behind);
      }
    }
  }
  return out;
}

/** Ends at the data's; inside evenly, or as many data in each interval, where they differ. */
function breakpoints(
  sorted: Float64Array,
  intervals: number,
  placement: (typeof PLACEMENTS)[number],
): Float64Array {
  const last = sorted.length - 1;
  const from = sorted[0] ?? 0;
  const to = sorted[last] ?? 1;
  const points = [from];
  for (let k = 1; k <= intervals; k++) {
    const point =
      placement === "uniform"
        ? from + ((to - from) * k) / intervals
        : sorted[Math.round((last * k) / intervals)];
    if (point - (points.at(-1) as number) > 1e-9 * to) points.push(point);
  }
  return Float64Array.from(points.length > 1 ? points : [from, from + 1e-6 * (from || 1)]);
}

interface Assembly {
  readonly accelerations: Float64Array;
  readonly bases: readonly BSplines[];
  readonly lawOf: Int32Array;
  readonly coupling: Coupling;
}

function assemble(
  data: TrajectorySet,
  { accelerations, bases, lawOf, coupling }: Assembly,
): NormalEquations {
  const { particles: n, dimension, positions, masses } = data;
  const factors = coupled(data, coupling);
  const first = firstCoefficients(bases);
  const equations = normalEquations(first.at(-1) as number);
  const order = bases[0].degree + 1;
  const values = new Float64Array(order);
  const columns = new Int32Array((n - 1) * order);
  const rows = Array.from({ length: dimension }, () => new Float64Array((n - 1) * order));
  const apart = new Float64Array(dimension);
  for (const record of innerRecords(data)) {
    const o = record * n * dimension;
    for (let i = 0; i < n; i++) {
      let at = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        let square = 0;
        for (let c = 0; c < dimension; c++) {
          const d = positions[o + i * dimension + c] - positions[o + j * dimension + c];
          apart[c] = d;
          square += d * d;
        }
        const r = Math.sqrt(square);
        const law = lawOf[i * n + j];
        const start = first[law] + bases[law].values(r, values);
        const weight = -(factors[i] * factors[j]) / masses[i] / r;
        for (let k = 0; k < order; k++, at++) {
          columns[at] = start + k;
          for (let c = 0; c < dimension; c++)
            (rows[c] as Float64Array)[at] = weight * apart[c] * values[k];
        }
      }
      for (let c = 0; c < dimension; c++)
        addRow(equations, columns, rows[c] as Float64Array, accelerations[o + i * dimension + c]);
    }
  }
  return equations;
}

/** What a pair's force is multiplied with, of each of the two. */
function coupled({ masses, charges }: TrajectorySet, coupling: Coupling): Float64Array {
  if (coupling === "none") return new Float64Array(masses.length).fill(1);
  const factors = coupling === "mass-product" ? masses : charges;
  if (factors !== undefined) return factors;
  const facts = { code: "missing-charges", argument: "charges", got: "none" };
  throw new MclnnError("charges are missing", {
    ...facts,
    expected: "a charge for every particle",
  });
}

/** Index of each law's first coefficient, and the number of all. */
function firstCoefficients(bases: readonly BSplines[]): number[] {
  const first = [0];
  for (const { count } of bases) first.push((first.at(-1) as number) + count);
  return first;
}

/** Sum of squared second differences of each law's coefficients, and `ridge` times their squares. */
function secondDifferences(bases: readonly BSplines[], size: number, ridge: number): Float64Array {
  const out = new Float64Array(size * size);
  const stencil = [1, -2, 1];
  const first = firstCoefficients(bases);
  bases.forEach(({ count }, law) => {
    for (let k = first[law]; k < first[law] + count - 2; k++)
      stencil.forEach((a, p) => {
        stencil.forEach((b, q) => {
          const at = (k + p) * size + k + q;
          out[at] = out[at] + a * b;
        });
      });
  });
  for (let k = 0; k < size; k++) out[k * size + k] = out[k * size + k] + ridge;
  return out;
}

function slopesOf(
  bases: readonly BSplines[],
  coefficients: Float64Array,
): ((r: number) => number)[] {
  const first = firstCoefficients(bases);
  return bases.map((basis, law) => {
    const values = new Float64Array(basis.degree + 1);
    return (r) => {
      const start = first[law] + basis.values(r, values);
      return values.reduce((sum, value, k) => sum + value * coefficients[start + k], 0);
    };
  });
}
