import { curveAt, curveDerivativeAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { Kink } from "./bent-knots.ts";

/** Knot intervals that a kink shows in, and those on either side that it is compared with. */
const SPAN = 3;
const BESIDE = 5;
/** V'' changes over a kink's span by this factor more than over others beside it, and by this share of its largest value. */
const OUTSTANDING = 6;
const NOTABLE = 0.02;
/** V' is continued to a kink from so many widths around, those next to it left out: its spline is bent there until the knots are right. */
const FIRST_LOOK = { from: 2.5, to: 8 };
const CLOSER_LOOK = { from: 0.4, to: 4 };
/** A kink found again may have moved by so many widths. */
const MOVED = 2;
const SAMPLES = 24;
const NEWTON_STEPS = 8;
/**
 * Kinks that a spline law has tried to follow: V'' changes much more over a few knot intervals than over those on either side, and the smooth
 * laws on both sides meet there. Kinks known before are looked for again where they were, with the knots that they have now.
 */
export function findKinks(
  basis: SplineBasis,
  coefficients: Float64Array,
  known: readonly Kink[] = [],
): Kink[] {
  const curve = splineCurve(basis, coefficients);
  if (known.length > 0)
    return known.map((kink) => {
      const at = meeting(basis, curve, kink, CLOSER_LOOK);
      return at !== null && Math.abs(at - kink.at) < MOVED * kink.width ? { ...kink, at } : kink;
    });
  const found: Kink[] = [];
  for (const { law, knots } of basis.clusters) {
    const bends = knots.map((r) => curveDerivativeAt(basis.cells, curve, law, r));
    const most = bends.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const changes = Array.from({ length: Math.max(0, knots.length - SPAN) }, (_, k) =>
      Math.abs(bends[k + SPAN] - bends[k]),
    );
    for (let k = SPAN + BESIDE - 1; k < changes.length - SPAN - BESIDE + 1; k++) {
      const change = changes[k];
      const around = changes.slice(k - SPAN + 1, k + SPAN);
      if (around.some((other) => other > change) || change < NOTABLE * most) continue;
      const left = median(changes.slice(k - SPAN - BESIDE + 1, k - SPAN + 1));
      const right = median(changes.slice(k + SPAN, k + SPAN + BESIDE));
      if (change < OUTSTANDING * Math.max(left, right)) continue;
      const [from, to] = [knots[k], knots[k + SPAN]];
      const kink = { law, at: (from + to) / 2, width: (to - from) / SPAN };
      const at = meeting(basis, curve, kink, FIRST_LOOK);
      if (at !== null && at > from && at < to) found.push({ ...kink, at });
    }
  }
  return found;
}

/** Where the laws on both sides, continued as cubics, meet; null where they do not. */
function meeting(
  basis: SplineBasis,
  curve: Float64Array,
  { law, at, width }: Kink,
  { from, to }: { from: number; to: number },
): number | null {
  const cluster = basis.clusters.find(
    ({ law: own, knots }) => own === law && knots[0] < at && (knots.at(-1) as number) > at,
  );
  if (cluster === undefined) return null;
  const [first, last] = [cluster.knots[0], cluster.knots.at(-1) as number];
  const reach = Math.min(to, (at - first) / width, (last - at) / width);
  if (!(reach > 1.5 * from)) return null;
  const side = (sign: number): Float64Array | null =>
    cubicThrough(
      (x) => curveAt(basis.cells, curve, law, at + x * width),
      sign * from,
      sign * reach,
    );
  const [left, right] = [side(-1), side(1)];
  if (left === null || right === null) return null;
  const apart = left.map((c, power) => c - right[power]);
  const [a, b, c, d] = apart as unknown as [number, number, number, number];
  let x = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = b + x * (2 * c + x * 3 * d);
    if (slope === 0) return null;
    x -= (a + x * (b + x * (c + x * d))) / slope;
    if (!(Math.abs(x) < reach)) return null;
  }
  return at + x * width;
}

/** Powers of the least-squares cubic of a function between two points. */
function cubicThrough(f: (x: number) => number, from: number, to: number): Float64Array | null {
  const gram = new Float64Array(16);
  const right = new Float64Array(4);
  for (let k = 0; k < SAMPLES; k++) {
    const x = from + ((to - from) * (k + 0.5)) / SAMPLES;
    const row = [1, x, x * x, x * x * x];
    const y = f(x);
    for (let i = 0; i < 4; i++) {
      right[i] = right[i] + row[i] * y;
      for (let j = 0; j < 4; j++) gram[4 * i + j] = gram[4 * i + j] + row[i] * row[j];
    }
  }
  return choleskyFactor(gram, 4) ? choleskySolve(gram, 4, right) : null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
