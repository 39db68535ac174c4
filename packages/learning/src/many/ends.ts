import { curveAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { portablePower } from "@mclnn/physics/portable";
import { NeighbourList } from "@mclnn/physics/space";
import type { ManyStep } from "./fit-many.ts";
import { addInterval, intervalRoom } from "./interval-pass.ts";
import { basisOn, gradedKnots } from "./many-knots.ts";
import { frameOf, type ManyRecords } from "./many-records.ts";
import { eachNearPair } from "./near-terms.ts";
import { leastSquares, noSquares, squaresAfter } from "./sum-of-squares.ts";

/** Where laws end. */
export interface Ends {
  /** [laws] */
  readonly ends: Float64Array;
  /** How finely each was looked for; null where no end was found up to there. [laws] */
  readonly found: readonly (number | null)[];
}

/** Knot intervals of the wide law, and of those whose end is looked for. */
const WIDE_CELLS = 80;
const CELLS = 50;
/** A look far out costs in proportion to the pairs: so many a particle to begin with. */
const NEIGHBOURS = 250;
/** Share of the way out beyond which a law is nothing but the fit's own error, if it ends before. */
const OUTER = 0.9;
/** |V'| that stands out from that. */
const ABOVE = 4;
/** The search begins so many wide cells below the last place where V' stands out and ends so many above, in steps of that share of it. */
const BELOW = 8;
const BEYOND = 2;
const STEP = 0.004;
/** It ends when a step is that small a share. */
const FINEST = 2e-6;
/** An end that is none explains the records no better than a law without. */
const SHARPER = 1.5;

/** The separation up to which laws are looked at first: half the box, and no more than some hundreds of neighbours. */
export function widest(records: ManyRecords): number {
  const { particles, space, dimension, positions } = records;
  const frame = frameOf(records, positions, 0);
  const extent = [0, 1, 2].map((c) => {
    if (space.periodic[c]) return space.widths[c];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = c; k < frame.length; k += 3) {
      low = Math.min(low, frame[k]);
      high = Math.max(high, frame[k]);
    }
    return high - low;
  });
  const volume = extent.slice(0, dimension).reduce((product, e) => product * e, 1);
  const each = (volume * NEIGHBOURS) / Math.max(1, particles);
  const dense =
    dimension === 3 ? portablePower((3 * each) / (4 * Math.PI), 1 / 3) : Math.sqrt(each / Math.PI);
  const diagonal = Math.sqrt(extent.reduce((sum, e) => sum + e * e, 0));
  return Math.min(space.reach * (1 - 1e-9), particles <= NEIGHBOURS ? diagonal * 1.001 : dense);
}

/**
 * Finds where laws end. A law that ends makes a pair on the wrong side of its end visible, so that what a fit leaves has a sharp least there.
 *
 * @param steps - velocity Verlet steps in an interval
 */
export function* findEnds(
  records: ManyRecords,
  { steps, intervals }: { readonly steps: number; readonly intervals: readonly number[] },
): Generator<ManyStep, Ends> {
  const reach = widest(records);
  const wideEnds = new Float64Array(records.laws).fill(reach);
  const nearest = nearestPairs(records, wideEnds, intervals);
  const left = function* (ends: Float64Array, cells: number): Generator<ManyStep, Trial> {
    const basis = basisOn(nearest.map((from, law) => gradedKnots(from, ends[law], cells)));
    const room = intervalRoom(records, basis.size);
    const sums = noSquares(basis.size);
    for (const frame of intervals) {
      addInterval(records, { basis, ends }, frame, { steps, coefficients: null }, room, sums);
      yield { phase: "looking for the cutoff", iterations: 0, loss: sums.sum / sums.rows };
    }
    const least = leastSquares(sums, basis, 1e-10);
    if (least === null)
      return { basis, coefficients: new Float64Array(basis.size), left: Number.POSITIVE_INFINITY };
    return { basis, coefficients: least.step, left: squaresAfter(sums, least.step) };
  };
  const wide = yield* left(wideEnds, WIDE_CELLS);
  const ends = wideEnds.slice();
  const guesses = nearest.map((from, law) => lastAbove(wide, law, from, reach));
  guesses.forEach(({ at, cell }, law) => {
    ends[law] = Math.min(reach, at + BEYOND * cell);
  });
  const found: (number | null)[] = guesses.map(() => null);
  for (const [law, { at, cell }] of guesses.entries()) {
    const before = (yield* left(ends, CELLS)).left;
    let best = { end: ends[law], left: before };
    const look = function* (end: number): Generator<ManyStep, void> {
      if (!(end > nearest[law] * 1.05 && end <= reach)) return;
      const trial = yield* left(
        ends.map((own, k) => (k === law ? end : own)),
        CELLS,
      );
      if (trial.left < best.left) best = { end, left: trial.left };
    };
    let step = STEP * at;
    for (let end = at - BELOW * cell; end <= at + BEYOND * cell; end += step) yield* look(end);
    for (; step > FINEST * at; step /= 2) {
      const middle = best.end;
      yield* look(middle - step / 2);
      yield* look(middle + step / 2);
    }
    if (Math.sqrt(before / best.left) > SHARPER) {
      ends[law] = best.end;
      found[law] = step;
    } else ends[law] = reach;
  }
  return { ends, found };
}

interface Trial {
  readonly basis: SplineBasis;
  readonly coefficients: Float64Array;
  readonly left: number;
}

/** The last separation at which |V'| stands out from what it is farthest out, and how wide a knot interval is there. */
function lastAbove(
  { basis, coefficients }: Trial,
  law: number,
  from: number,
  reach: number,
): { at: number; cell: number } {
  const curve = splineCurve(basis, coefficients);
  const samples = 400;
  const { cells, clusters } = basis;
  const knots = clusters.find((cluster) => cluster.law === law)?.knots as Float64Array;
  const at = (k: number): number => from + ((k + 0.5) / samples) * (reach - from);
  const size = Float64Array.from({ length: samples }, (_, k) =>
    Math.abs(curveAt(cells, curve, law, at(k))),
  );
  const outer = size.slice(OUTER * samples).sort();
  const floor = outer[Math.floor(0.95 * outer.length)];
  let last = samples - 1;
  while (last > 0 && size[last] <= ABOVE * floor) last--;
  let k = 0;
  while (k < knots.length - 2 && knots[k + 1] < at(last)) k++;
  return { at: at(last), cell: knots[k + 1] - knots[k] };
}

/** The nearest pairs of each law at both ends of the intervals. */
function nearestPairs(
  records: ManyRecords,
  ends: Float64Array,
  intervals: readonly number[],
): number[] {
  const out = Array.from(ends, (end) => 0.5 * end);
  const list = new NeighbourList(records.space, {
    ...{ particles: records.particles, dimension: 3, cutoff: ends[0] },
  });
  const found = Array.from(ends, () => Number.POSITIVE_INFINITY);
  for (const frame of new Set(intervals.flatMap((k) => [k, k + 1]))) {
    list.update(frameOf(records, records.positions, frame));
    eachNearPair(records, list, ends, (_i, _j, law, r) => {
      if (r < found[law]) found[law] = r;
    });
  }
  return out.map((fallback, law) => (Number.isFinite(found[law]) ? 0.999 * found[law] : fallback));
}
