import { isMclnnError, MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { slopeDerivative } from "./numerical-derivative.ts";

/** What {@link checkPairPotential} found to be true. */
export interface PairPotentialCheck {
  /** Separations tried. */
  readonly points: number;
  /** Largest |slope - dV/dr| relative to the largest |dV/dr| in the range. */
  readonly worstSlopeError: number;
}

/** Slopes further off than this, relative to the scale of dV/dr, are wrong. */
const TOLERANCE = 1e-5;

/**
 * Checks a pair potential over a range of separations before it is used.
 *
 * @throws MclnnError `potential-throws`, `potential-not-number`, `potential-not-finite` or `slope-not-derivative`; the message says where, and
 * for a wrong slope by what factor
 */
export function checkPairPotential(
  pair: PairPotential,
  { from, to, points = 200 }: { from: number; to: number; points?: number },
): PairPotentialCheck {
  if (!(from > 0 && to >= from && Number.isFinite(to) && points >= 2))
    throw new MclnnError("the range to check cannot be used", {
      code: "bad-range",
      argument: "from",
      expected: "0 < from <= to and 2 or more points",
      got: `from ${from} to ${to}, ${points} points`,
    });
  const grid = Array.from({ length: points }, (_, k) => from + ((to - from) * k) / (points - 1));
  const slopes = grid.map((r) => {
    ask(pair, "energy", r);
    return ask(pair, "slope", r);
  });
  // Steps stay inside what was asked for: beyond it the potential may be anything.
  const step = (r: number): number => Math.min(0.02 * r, 0.2 * from);
  const derivatives = grid.map((r) => slopeDerivative((x) => ask(pair, "energy", x), r, step(r)));
  const scale = Math.max(...derivatives.map(Math.abs), ...slopes.map(Math.abs), 1e-300);
  let worst = 0;
  let where = 0;
  grid.forEach((_, k) => {
    const d = derivatives[k] as number;
    const error = Math.abs((slopes[k] as number) - d) / Math.max(Math.abs(d), 1e-3 * scale);
    if (error > worst) {
      worst = error;
      where = k;
    }
  });
  if (worst > TOLERANCE)
    throw new MclnnError(
      `the slope of potential "${pair.name}" is not the derivative of its energy at r = ${round(grid[where] as number)}`,
      {
        code: "slope-not-derivative",
        argument: "slope",
        expected: `dV/dr = ${round(derivatives[where] as number)}`,
        got: `${round(slopes[where] as number)}`,
        mend: `${explain(slopes, derivatives, scale)}Leave slope out to have it computed.`,
      },
    );
  return { points, worstSlopeError: worst };
}

function ask(pair: PairPotential, what: "energy" | "slope", r: number): number {
  let value: unknown;
  try {
    value = pair[what](r);
  } catch (cause) {
    if (isMclnnError(cause)) throw cause;
    throw new MclnnError(`potential "${pair.name}" fails at r = ${round(r)}`, {
      code: "potential-throws",
      argument: what,
      expected: "a number",
      got: `an exception: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
  if (typeof value !== "number")
    throw new MclnnError(`${what} of potential "${pair.name}" is no number at r = ${round(r)}`, {
      code: "potential-not-number",
      argument: what,
      expected: "a number",
      got: value instanceof Promise ? "a promise" : `${typeof value} ${String(value)}`,
      mend: value instanceof Promise ? "A potential cannot be asynchronous." : "Return a number.",
    });
  if (!Number.isFinite(value))
    throw new MclnnError(`${what} of potential "${pair.name}" is not finite at r = ${round(r)}`, {
      code: "potential-not-finite",
      argument: what,
      expected: "a finite number at every separation that occurs",
      got: `${value}`,
      mend: "Check for divisions by 0, logarithms and roots of negative numbers there.",
    });
  return value;
}

/** A factor that explains all slopes, in words. */
function explain(slopes: readonly number[], derivatives: readonly number[], scale: number): string {
  const ratios = slopes
    .map((s, k) => [s, derivatives[k] as number] as const)
    .filter(([, d]) => Math.abs(d) > 1e-3 * scale)
    .map(([s, d]) => s / d);
  const factor = ratios[0];
  if (factor === undefined || ratios.some((q) => Math.abs(q - factor) > 1e-4 * Math.abs(factor)))
    return "";
  if (Math.abs(factor + 1) < 1e-4)
    return "It looks like the sign is reversed (the force instead of the slope). ";
  return `It is ${round(factor)} times dV/dr everywhere. `;
}

const round = (x: number): string => String(Number(x.toPrecision(6)));
