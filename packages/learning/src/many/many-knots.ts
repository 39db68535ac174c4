import { basisFromKnots, cellOf, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { portablePower } from "@mclnn/physics/portable";

/** A basis on one run of knots a law. */
export const basisOn = (knots: readonly Float64Array[]): SplineBasis =>
  basisFromKnots(
    knots.map((own) => [{ knots: own, from: own[0], to: own[own.length - 1], population: 0 }]),
  );

/** Knots half evenly, half in proportion. */
export function gradedKnots(from: number, to: number, cells: number): Float64Array {
  return Float64Array.from({ length: cells + 1 }, (_, k) => {
    if (k === 0) return from;
    if (k === cells) return to;
    const share = k / cells;
    return 0.5 * (from + share * (to - from) + from * portablePower(to / from, share));
  });
}

/** Knots lie at least that share as close as evenly. */
const EVEN_SHARE = 0.35;

/** As many knots, as close as a law of before needs them: in proportion to the fourth root of |V''''|, so that cells err alike. */
export function adaptedKnots(basis: SplineBasis, coefficients: Float64Array): Float64Array[] {
  const curve = splineCurve(basis, coefficients);
  const { cells } = basis;
  return basis.clusters.map(({ law, knots }) => {
    const n = knots.length - 1;
    const middle = (k: number): number => (knots[k] + knots[k + 1]) / 2;
    const third = Float64Array.from({ length: n }, (_, k) => {
      const cell = cellOf(cells, law, middle(k));
      const inverse = cells.inverseWidths[cell];
      return 6 * curve[4 * cell + 3] * inverse * inverse * inverse;
    });
    const density = third.map((_, k) => {
      const a = Math.max(0, k - 1);
      const b = Math.min(n - 1, k + 1);
      const fourth = Math.abs((third[b] - third[a]) / (middle(b) - middle(a)));
      return Math.sqrt(Math.sqrt(fourth));
    });
    const smooth = density.map((_, k) => {
      let sum = 0;
      for (let d = -2; d <= 2; d++) sum += density[Math.min(n - 1, Math.max(0, k + d))];
      return sum / 5;
    });
    return spread(knots, smooth);
  });
}

/** Knots of that density, and of a share of an even one. */
function spread(knots: Float64Array, density: Float64Array): Float64Array {
  const n = density.length;
  const width = (k: number): number => knots[k + 1] - knots[k];
  let total = 0;
  for (let k = 0; k < n; k++) total += density[k] * width(k);
  const even = (EVEN_SHARE * total) / (knots[n] - knots[0]) || 1;
  const upTo = new Float64Array(n + 1);
  for (let k = 0; k < n; k++) upTo[k + 1] = upTo[k] + (density[k] + even) * width(k);
  const out = knots.slice();
  for (let q = 1, k = 0; q < n; q++) {
    const target = (upTo[n] * q) / n;
    while (k < n - 1 && upTo[k + 1] < target) k++;
    out[q] = knots[k] + ((target - upTo[k]) / (upTo[k + 1] - upTo[k])) * width(k);
  }
  return out;
}
