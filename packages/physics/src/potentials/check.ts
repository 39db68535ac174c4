import { described } from "../arguments/described.ts";
import { checkPair } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { isMclnnError, MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { portablePower } from "../portable/index.ts";
import { slopeDerivative } from "./numerical-derivative.ts";

/** What {@link checkPairPotential} found to be true. */
export interface PairPotentialCheck {
  /** Separations tried. */
  readonly points: number;
  /** Largest |slope - dV/dr| relative to |dV/dr| there, or to a thousandth of the largest in the range. */
  readonly worstSlopeError: number;
  /** Where the force jumps, from the nearest on; at most one between two separations tried. */
  readonly kinks: readonly PairPotentialKink[];
}

/** A place where V has a kink and V' jumps: energy is kept less well by a run that crosses it. */
export interface PairPotentialKink {
  readonly r: number;
  /** V' just below and just above. */
  readonly slopes: readonly [below: number, above: number];
}

/** Slopes further off than this, relative to dV/dr, are wrong. */
const TOLERANCE = 1e-5;
/** Where dV/dr is smaller than this share of the largest in the range, errors are relative to that share. */
const FLOOR = 1e-3;
/** Jumps of V' smaller than this share of V' there are not worth a word, nor are those that rounding can make. */
const KINK = 1e-3;
const ROUNDING = 1e-9;
/** More would take longer than anyone waits for a check. */
const MOST_POINTS = 1e6;

/**
 * Checks a pair potential over a range of separations before it is used: numbers, finite, slope = dV/dr, no jumps; finds kinks.
 *
 * Forces may jump (a shifted potential cut off), and where they do is returned; energies may not, for no run conserves an energy that jumps.
 *
 * @param range - `from` and `to`, both tried; `points` (default 200) evenly between them
 * @throws MclnnError `potential-throws`, `potential-not-number`, `potential-not-finite` or `slope-not-derivative`; the message says where, and
 * for a wrong slope by what factor
 */
export function checkPairPotential(
  pair: PairPotential,
  range: { from: number; to: number; points?: number },
): PairPotentialCheck {
  checkPair("pair", pair);
  checkArgument("options", range, { from: "number", to: "number" }, { code: "bad-range" });
  const { from, to, points = 200 } = range;
  if (!(from > 0 && to >= from) || !Number.isInteger(points) || points < 2 || points > MOST_POINTS)
    throw new MclnnError("the range to check cannot be used", {
      code: "bad-range",
      argument: "from",
      expected: `0 < from <= to and a whole number of points, 2 to ${MOST_POINTS}`,
      got: `from ${from} to ${to}, ${described(points)} points`,
    });
  const grid = Array.from({ length: points }, (_, k) => from + ((to - from) * k) / (points - 1));
  const spacing = (to - from) / (points - 1);
  const energy = (r: number): number => ask(pair, "energy", r, { spacing: 0, to });
  const slopes = grid.map((r, k) => {
    const tried = { spacing: k === 0 ? 0 : spacing, to };
    ask(pair, "energy", r, tried);
    return ask(pair, "slope", r, tried);
  });
  // Steps go beyond what was asked for by 2 % of it at most: there the potential may be anything.
  const step = (r: number): number => Math.min(0.02 * r, 0.2 * from);
  const derivatives = grid.map((r) => slopeDerivative(energy, r, step(r)));
  const scale = Math.max(largest(derivatives), largest(slopes), 1e-300);
  let worst = 0;
  let where = 0;
  grid.forEach((r, k) => {
    const slope = slopes[k];
    // Differences of large energies say nothing about small slopes.
    const roundoff = (1e-13 * Math.abs(energy(r))) / step(r);
    const off = (d: number): number =>
      Math.max(0, Math.abs(slope - d) - roundoff) / Math.max(Math.abs(d), FLOOR * scale);
    let error = off(derivatives[k]);
    // Near a kink V' is seen from smaller steps, and on it from one side.
    for (let h = step(r); error > TOLERANCE && h > 1e-7 * r; h /= 10)
      for (const d of [
        slopeDerivative(energy, r, h),
        oneSided(energy, r, h),
        oneSided(energy, r, -h),
      ])
        error = Math.min(error, off(d));
    if (error > worst) {
      worst = error;
      where = k;
    }
  });
  const wrong = (r: number, expected: string, got: string, mend: string): MclnnError =>
    new MclnnError(
      `the slope of potential "${pair.name}" is not the derivative of its energy at r = ${round(r)}`,
      { code: "slope-not-derivative", argument: "slope", expected, got, mend },
    );
  if (worst > TOLERANCE)
    throw wrong(
      grid[where],
      `dV/dr = ${round(derivatives[where])}`,
      round(slopes[where]),
      `${explain(grid, slopes, derivatives)}Leave slope out to have it computed.`,
    );
  for (let k = 1; k < points; k++) {
    const [r, jump] = findJump(pair, grid[k - 1], grid[k]);
    if (jump !== 0)
      throw wrong(
        r,
        "an energy without jumps",
        `a jump of ${round(jump)}`,
        "Shift the energy so that both sides meet, or use smoothCutoff().",
      );
  }
  const kinks = grid
    .slice(1)
    .map((r, k) => findKink(pair, grid[k], r, scale))
    .filter((kink) => kink !== null)
    .filter(({ r }, k, all) => k === 0 || r > 1.001 * (all[k - 1] as PairPotentialKink).r);
  return { points, worstSlopeError: worst, kinks };
}

/** Largest magnitude. */
const largest = (values: readonly number[]): number =>
  values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Derivative from three points on one side, of second order in h. */
const oneSided = (f: (r: number) => number, r: number, h: number): number =>
  (4 * f(r + h) - f(r + 2 * h) - 3 * f(r)) / (2 * h);

/** Halves [a, b] towards what the slope does not explain; a rise of V that is left over at the end is a jump. */
function findJump(pair: PairPotential, a: number, b: number): [where: number, jump: number] {
  let [va, vb, sa, sb] = [pair.energy(a), pair.energy(b), pair.slope(a), pair.slope(b)];
  const steepest = Math.max(Math.abs(sa), Math.abs(sb));
  const roundoff = 1e-9 * (Math.abs(va) + Math.abs(vb) + b * steepest);
  while (b - a > 1e-12 * b) {
    const m = a + (b - a) / 2;
    const [vm, sm] = [pair.energy(m), pair.slope(m)];
    const left = vm - va - ((sa + sm) / 4) * (b - a);
    const right = vb - vm - ((sm + sb) / 4) * (b - a);
    if (Math.abs(left) > Math.abs(right)) [b, vb, sb] = [m, vm, sm];
    else [a, va, sa] = [m, vm, sm];
  }
  const jump = vb - va;
  return [b, Math.abs(jump) > roundoff ? jump : 0];
}

/** Halves [a, b] towards where V' changes most; what V itself does on both sides of that place tells a kink from a bend. */
function findKink(
  pair: PairPotential,
  a: number,
  b: number,
  scale: number,
): PairPotentialKink | null {
  let [from, to] = [a, b];
  let [sa, sb] = [pair.slope(a), pair.slope(b)];
  if (!(Math.abs(sb - sa) > ROUNDING * scale)) return null;
  while (to - from > 1e-12 * to) {
    const m = from + (to - from) / 2;
    const sm = pair.slope(m);
    if (Math.abs(sm - sa) > Math.abs(sb - sm)) [to, sb] = [m, sm];
    else [from, sa] = [m, sm];
  }
  // A slope computed from V is smeared over the last of its steps, so V is asked beside it: at a bend both sides meet as h shrinks.
  const energy = (r: number): number => pair.energy(r);
  const sides = (h: number): [number, number] => [
    oneSided(energy, to - h, -h),
    oneSided(energy, to + h, h),
  ];
  const jump = ([below, above]: readonly [number, number]): number => Math.abs(above - below);
  const [near, nearer] = [sides(2e-3 * to), sides(2e-4 * to)];
  const least = Math.max(KINK * Math.max(...nearer.map(Math.abs)), ROUNDING * scale);
  if (!(jump(nearer) > least && jump(nearer) > 0.5 * jump(near))) return null;
  // Where the tangents of both sides meet.
  const [below, above] = nearer;
  const h = 2e-4 * to;
  const apart = energy(to + h) - energy(to - h) - (below + above) * h;
  return { r: to - apart / (above - below), slopes: nearer };
}

function ask(
  pair: PairPotential,
  what: "energy" | "slope",
  r: number,
  { spacing, to }: { spacing: number; to: number },
): number {
  const name = `potential "${pair.name}"`;
  let value: unknown;
  try {
    value = pair[what](r);
  } catch (cause) {
    if (isMclnnError(cause)) throw cause;
    throw new MclnnError(`${name} fails at r = ${round(r)}`, {
      code: "potential-throws",
      argument: what,
      expected: "a number",
      got: `an exception: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
  if (typeof value !== "number") {
    const promise = typeof (value as PromiseLike<unknown> | null)?.then === "function";
    throw new MclnnError(`${what} of ${name} is no number at r = ${round(r)}`, {
      code: "potential-not-number",
      argument: what,
      expected: "a number",
      got: promise
        ? "a promise"
        : typeof value === "object" || typeof value === "function"
          ? typeof value
          : `${typeof value} ${String(value)}`,
      mend: promise ? "A potential cannot be asynchronous." : "Return a number.",
    });
  }
  if (!Number.isFinite(value)) {
    const begin = spacing === 0 ? null : firstNotFinite(pair, what, r - spacing, r);
    const end = firstFinite(pair, what, r, to);
    throw new MclnnError(`${what} of ${name} is not finite at r = ${round(r)}`, {
      code: "potential-not-finite",
      argument: what,
      expected: "a finite number at every separation that occurs",
      got: `${value}${begin === null ? "" : `, from r = ${round(begin)} on`}${end === null ? "" : `, and numbers again from about r = ${round(end)} on`}`,
      mend: "Check for divisions by 0, logarithms and roots of negative numbers there.",
    });
  }
  return value;
}

/** Where between a, a number, and b, none, numbers end. */
function firstNotFinite(
  pair: PairPotential,
  what: "energy" | "slope",
  a: number,
  b: number,
): number | null {
  let [from, to] = [a, b];
  try {
    while (to - from > 1e-9 * to) {
      const m = from + (to - from) / 2;
      if (Number.isFinite(pair[what](m))) from = m;
      else to = m;
    }
    return to;
  } catch {
    return null;
  }
}

/** Where beyond r the potential gives numbers again. */
function firstFinite(
  pair: PairPotential,
  what: "energy" | "slope",
  r: number,
  to: number,
): number | null {
  for (let k = 1; k <= 1000; k++) {
    const x = r + ((to - r) * k) / 1000;
    try {
      if (Number.isFinite(pair[what](x))) return x;
    } catch {
      return null;
    }
  }
  return null;
}

/** What turns dV/dr into all slopes at once, in words. */
function explain(
  grid: readonly number[],
  slopes: readonly number[],
  derivatives: readonly number[],
): string {
  const least = FLOOR * largest(derivatives);
  const seen = grid.flatMap((r, k) => {
    const d = derivatives[k];
    return Math.abs(d) > least ? [[r, slopes[k] / d] as const] : [];
  });
  for (const [power, words] of [
    [0, "dV/dr"],
    [-1, "dV/dr divided by r"],
    [1, "dV/dr times r"],
  ] as const) {
    const factors = seen.map(([r, ratio]) => ratio / portablePower(r, power));
    const factor = factors[0] ?? 1;
    if (factors.some((f) => !(Math.abs(f - factor) <= 1e-4 * Math.abs(factor)))) continue;
    const is = (x: number): boolean => Math.abs(factor - x) < 1e-4;
    // Wrong in places too small to count here.
    if (power === 0 && is(1)) return "";
    if (power === 0 && is(-1))
      return "It looks like the sign is reversed (the force instead of the slope). ";
    const times = is(1)
      ? ""
      : is(2)
        ? "twice "
        : is(0.5)
          ? "half "
          : is(-1)
            ? "minus "
            : `${round(factor)} times `;
    return `It is ${times}${words} everywhere. `;
  }
  return "";
}

const round = (x: number): string => String(Number(x.toPrecision(6)));
