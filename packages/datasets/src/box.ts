import { MclnnError } from "@mclnn/physics";
import { cellVolume } from "@mclnn/physics/space";
import type { TrajectorySet } from "./trajectory-set.ts";

/** A cell that space repeats: rows a, b, c [9], its corner [3], and the directions along which it repeats [3]. */
export interface Box {
  readonly rows: Float64Array;
  readonly origin: Float64Array;
  readonly periodic: readonly [boolean, boolean, boolean];
}

/**
 * A box that is told by numbers: two or three edges of a right-angled one, or three rows of three; it repeats along all rows, in two dimensions along two.
 *
 * @param argument - what to call it
 * @throws MclnnError `bad-box`
 */
export function toldBox(
  argument: string,
  numbers: ArrayLike<number>,
  dimension: 2 | 3,
): Required<Pick<TrajectorySet, "box" | "periodic">> {
  const [a = 0, b = 0, c = 1] = Array.from(numbers);
  const fits =
    numbers.length === 9 || numbers.length === 3 || (numbers.length === 2 && dimension === 2);
  const box =
    numbers.length === 9
      ? Float64Array.from(numbers)
      : Float64Array.of(a, 0, 0, 0, b, 0, 0, 0, dimension === 2 ? 1 : c);
  if (!fits || !box.every(Number.isFinite) || !(Math.abs(cellVolume(box)) > 0))
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-box",
      argument,
      expected: `${dimension === 2 ? "two or " : ""}three edges, or three rows of three numbers, that span a volume`,
      got: Array.from(numbers).join(", ") || "nothing",
    });
  return { box, periodic: Uint8Array.of(1, 1, dimension === 3 ? 1 : 0) };
}
