import {
  MclnnError,
  type PairPotential,
  type Potential,
  pairwise,
  pairwiseBySpecies,
} from "@mclnn/physics";
import type { Model, SeparationRecord } from "../model.ts";

/** A law whose V' is looked up in a table. */
export interface TabulatedLaw extends PairPotential {
  /** Separations that the table covers; beyond them the law itself is asked. */
  readonly range: readonly [number, number];
  readonly cells: number;
  /** Largest |V' of the table - V' of the law| found between the nodes. */
  readonly deviation: number;
}

/** The table reaches so much further than the separations seen in training. */
const BEYOND = 4;
const FEWEST_CELLS = 1024;
const MOST_CELLS = 32_768;
/** Cells are halved until the table deviates by less than this share of the largest |V'| seen in training. */
const TOLERANCE = 1e-10;

/**
 * A smooth law with V' in a table: cubic Hermite between equally spaced nodes, from V' and V'' of the law; V is the integral of the table, so
 * that forces and energy agree.
 *
 * @param pair - with curvature, smooth: a network
 * @param separations - seen in training
 * @throws MclnnError `bad-potential` for a law without curvature
 */
export function tabulateLaw(pair: PairPotential, { ranges }: SeparationRecord): TabulatedLaw {
  const { curvature } = pair;
  if (curvature === undefined)
    throw new MclnnError(`no table can be made of ${pair.name}`, {
      code: "bad-potential",
      argument: "curvature",
      expected: "V'' beside V'",
      got: "none",
      mend: "Give the law a curvature.",
    });
  const law = { ...pair, curvature };
  const smallest = ranges[0]?.[0] ?? 1;
  const largest = ranges[ranges.length - 1]?.[1] ?? smallest;
  const range = [smallest / BEYOND, largest * BEYOND] as const;
  const [low, high] = range;
  let scale = 0;
  for (let k = 0; k <= 64; k++)
    scale = Math.max(scale, Math.abs(pair.slope(smallest + (k / 64) * (largest - smallest))));
  let cells = FEWEST_CELLS;
  let curve = hermite(law, low, high, cells);
  let deviation = farthest(pair, curve, low, high);
  while (deviation > TOLERANCE * scale && cells < MOST_CELLS) {
    cells *= 2;
    curve = hermite(law, low, high, cells);
    deviation = farthest(pair, curve, low, high);
  }
  const table = curve;
  const count = cells;
  const width = (high - low) / count;
  const perLength = 1 / width;
  const integral = energies(table, width, pair.energy(high));
  return {
    name: pair.name,
    ...(pair.coupling === undefined ? {} : { coupling: pair.coupling }),
    range,
    cells: count,
    deviation,
    energy(r) {
      const x = (r - low) * perLength;
      if (!(x >= 0 && x < count)) return pair.energy(r);
      const k = x | 0;
      const t = x - k;
      const o = 4 * k;
      const inside =
        t *
        ((table[o] as number) +
          t *
            ((table[o + 1] as number) / 2 +
              t * ((table[o + 2] as number) / 3 + (t * (table[o + 3] as number)) / 4)));
      return (integral[k] as number) + width * inside;
    },
    slope(r) {
      const x = (r - low) * perLength;
      if (!(x >= 0 && x < count)) return pair.slope(r);
      const k = x | 0;
      const t = x - k;
      const o = 4 * k;
      return (
        (table[o] as number) +
        t *
          ((table[o + 1] as number) + t * ((table[o + 2] as number) + t * (table[o + 3] as number)))
      );
    },
    curvature,
  };
}

/** Energy and forces of a whole configuration by tables of its networks; laws that are no networks as they are. */
export function tabulatedPotential(model: Model): Potential {
  if (model.kind === "mclnn") return pairwise(tabulateLaw(model.pair, model.separations));
  if (model.kind !== "species") return model.potential;
  return pairwiseBySpecies(
    model.laws.map(({ species, model: law }) => ({
      species,
      pair: law.kind === "mclnn" ? tabulateLaw(law.pair, law.separations) : law.pair,
    })),
  );
}

/** Coefficients of V' on each cell in t = (r - left) / width. [cells x 4] */
function hermite(
  pair: Required<Pick<PairPotential, "slope" | "curvature">>,
  low: number,
  high: number,
  cells: number,
): Float64Array {
  const width = (high - low) / cells;
  const out = new Float64Array(4 * cells);
  let a = pair.slope(low);
  let p = pair.curvature(low) * width;
  for (let k = 0; k < cells; k++) {
    const right = low + (k + 1) * width;
    const b = pair.slope(right);
    const q = pair.curvature(right) * width;
    out.set([a, p, 3 * (b - a) - 2 * p - q, 2 * (a - b) + p + q], 4 * k);
    a = b;
    p = q;
  }
  return out;
}

/** Largest deviation in the middles of cells, where that of cubic Hermite interpolation is largest. */
function farthest(pair: PairPotential, curve: Float64Array, low: number, high: number): number {
  const cells = curve.length / 4;
  const width = (high - low) / cells;
  let worst = 0;
  for (let k = 0; k < cells; k++) {
    const o = 4 * k;
    const middle =
      (curve[o] as number) +
      0.5 *
        ((curve[o + 1] as number) +
          0.5 * ((curve[o + 2] as number) + 0.5 * (curve[o + 3] as number)));
    worst = Math.max(worst, Math.abs(middle - pair.slope(low + (k + 0.5) * width)));
  }
  return worst;
}

/** V at the left ends of the cells, such that it is `last` at the right end of the table. [cells] */
function energies(curve: Float64Array, width: number, last: number): Float64Array {
  const cells = curve.length / 4;
  const out = new Float64Array(cells);
  let sum = last;
  for (let k = cells - 1; k >= 0; k--) {
    const o = 4 * k;
    sum -=
      width *
      ((curve[o] as number) +
        (curve[o + 1] as number) / 2 +
        (curve[o + 2] as number) / 3 +
        (curve[o + 3] as number) / 4);
    out[k] = sum;
  }
  return out;
}
