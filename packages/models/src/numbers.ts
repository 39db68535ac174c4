import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";

/** Refuses numbers that fall, or stay where they may not. @param above - what they begin above, or at where they may stay @returns the last */
export function checkIncrease(
  code: string,
  argument: string,
  values: Iterable<number>,
  above: number = Number.NEGATIVE_INFINITY,
  mayStay: boolean = false,
): number {
  let last = above;
  for (const value of values) {
    if (!(value > last || (mayStay && value === last)) || !Number.isFinite(value))
      throw new MclnnError(`${argument} cannot be used`, {
        code,
        argument,
        expected: `a finite number ${mayStay ? "from" : "above"} ${last}`,
        got: described(value),
      });
    last = value;
  }
  return last;
}

/** Refuses fewer than two edges of cells, or edges that do not increase. @returns the last @throws MclnnError `bad-knots` */
export function checkEdges(argument: string, edges: Float64Array, above?: number): number {
  if (edges.length < 2)
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-knots",
      argument,
      expected: "two or more numbers that increase",
      got: `${edges.length}`,
    });
  return checkIncrease("bad-knots", argument, edges, above);
}

/** Refuses clusters of knots that do not increase, each and all. @throws MclnnError `bad-knots` */
export function checkKnots(knots: readonly Float64Array[]): void {
  if (knots.length === 0) checkEdges("knots", new Float64Array(0));
  knots.reduce((above, cluster, k) => checkEdges(`knots[${k}]`, cluster, above), 0);
}
