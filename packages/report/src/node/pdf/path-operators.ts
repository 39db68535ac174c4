/** Numbers that each command takes at a time. */
const ARGUMENTS: Readonly<Record<string, number>> = { m: 2, l: 2, c: 6, z: 0 };
const OPERATORS: Readonly<Record<string, string>> = { m: "m", l: "l", c: "c", z: "h" };
const COMMAND = /([A-Za-z])([^A-Za-z]*)/g;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;

/** The distance of a circle's control points from its quarters, in radii. */
const ROUND = 0.5522847498;

/** Path data of M, L, C, Z, absolute or relative, as operators of PDF. @throws Error for other commands */
export function pathOperators(data: string): string {
  const out: string[] = [];
  let [x, y] = [0, 0];
  let [startX, startY] = [0, 0];
  for (const [, letter = "", rest = ""] of data.matchAll(COMMAND)) {
    const name = letter.toLowerCase();
    const size = ARGUMENTS[name];
    if (size === undefined) throw new Error(`the path command ${letter} is not known`);
    const numbers = (rest.match(NUMBER) ?? []).map(Number);
    if (size === 0) {
      out.push("h");
      [x, y] = [startX, startY];
      continue;
    }
    for (let at = 0; at + size <= numbers.length; at += size) {
      const [fromX, fromY] = letter === name ? [x, y] : [0, 0];
      const place = numbers
        .slice(at, at + size)
        .map((value, k) => value + (k % 2 === 0 ? fromX : fromY));
      [x, y] = place.slice(-2) as [number, number];
      // What follows the first pair of a move are lines.
      const first = name === "m" && at === 0;
      if (first) [startX, startY] = [x, y];
      out.push(`${place.map(decimal).join(" ")} ${first || name !== "m" ? OPERATORS[name] : "l"}`);
    }
  }
  return out.join("\n");
}

/** A circle of four curves. */
export function circleOperators(x: number, y: number, r: number): string {
  const c = ROUND * r;
  const arc = (...points: number[]): string => `${points.map(decimal).join(" ")} c`;
  return [
    `${decimal(x + r)} ${decimal(y)} m`,
    arc(x + r, y + c, x + c, y + r, x, y + r),
    arc(x - c, y + r, x - r, y + c, x - r, y),
    arc(x - r, y - c, x - c, y - r, x, y - r),
    arc(x + c, y - r, x + r, y - c, x + r, y),
    "h",
  ].join("\n");
}

/** A number as PDF writes it: no exponents. */
export const decimal = (value: number): string => String(Number(value.toFixed(4)));
