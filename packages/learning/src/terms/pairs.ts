import { MclnnError } from "@mclnn/physics";
import type { Frame, FramePairs, Linear } from "@mclnn/physics/terms";

/** The pairs of a frame. @throws MclnnError `missing-pairs` where whoever made it left them out */
export function pairsOf({ pairs }: Frame): FramePairs {
  if (pairs === undefined)
    throw new MclnnError("a term goes by the pair law", {
      code: "missing-pairs",
      argument: "frame.pairs",
      expected: "pairs with their look-ups",
      got: "undefined",
    });
  return pairs;
}

/** Calls `visit` for each pair with its number, its unit vector from the second particle to the first, V' and r. */
export function eachPair(
  frame: Frame,
  visit: (p: number, n: readonly number[], slope: number, r: number) => void,
): void {
  const { positions } = frame;
  const { count, pairI, pairJ, lookups, stride } = pairsOf(frame);
  for (let p = 0; p < count; p++) {
    const u = p * stride;
    const n = [lookups[u], lookups[u + 1], lookups[u + 2]];
    let r = 0;
    for (let c = 0; c < 3; c++) r += n[c] * (positions[pairI[p] + c] - positions[pairJ[p] + c]);
    visit(p, n, lookups[u + 3] * r, r);
  }
}

/** Tells of a force f along a direction on the first of a pair, and its opposite on the second, for a unit of a coefficient. */
export function pairSource(
  into: Linear,
  { pairI, pairJ, scaleI, scaleJ }: FramePairs,
  p: number,
  direction: readonly number[],
  f: number,
  coefficient: number,
): void {
  for (let c = 0; c < 3; c++) {
    const x = f * direction[c];
    into.source(pairI[p] + c, coefficient, x * scaleI[p]);
    into.source(pairJ[p] + c, coefficient, -x * scaleJ[p]);
  }
}
