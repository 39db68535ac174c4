/** A separation at which a law's V' bends: where V'' jumps. */
export interface Kink {
  readonly law: number;
  readonly at: number;
  /** Distance of plain knots around it. */
  readonly width: number;
}

/** Knots that let V'' jump lie as close together as this share of the separation; others around it come closer by this factor, so many times. */
const TOGETHER = 2e-6;
const CLOSER = 4;
const LEVELS = 4;

/** Knots with those that let V'' jump at kinks: three next to each other, and others that come closer and closer from both sides. */
export function bentKnots(knots: Float64Array, kinks: readonly Kink[]): Float64Array {
  const [first, last] = [knots[0], knots.at(-1) as number];
  let out = [...knots];
  for (const { at } of kinks) {
    if (!(at > first && at < last)) continue;
    const width = spacingAt(knots, at);
    const own = [at * (1 - TOGETHER), at, at * (1 + TOGETHER)];
    for (let level = 0, d = width; level < LEVELS; level++, d /= CLOSER) own.push(at - d, at + d);
    // Plain knots inside would be closer to these than knots should be.
    out = out.filter((r) => r === first || r === last || Math.abs(r - at) > 1.3 * width);
    out.push(...own.filter((r) => r > first && r < last));
  }
  return Float64Array.from(out).sort();
}

/** Length of the interval that a point lies in. */
export function spacingAt(knots: Float64Array, at: number): number {
  const k = Math.max(
    1,
    knots.findIndex((r) => r > at),
  );
  return knots[k] - knots[k - 1];
}

/** Whether a stretch lies where knots were placed for a kink. */
export function besideKink(kinks: readonly Kink[], from: number, to: number): boolean {
  return kinks.some(({ at, width }) => to > at - 1.5 * width && from < at + 1.5 * width);
}
