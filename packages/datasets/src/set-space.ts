import type { Space } from "@mclnn/physics";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { periodicSpace } from "@mclnn/physics/space";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/**
 * The box that the trajectories of a set are in; undefined where space does not repeat.
 *
 * @throws MclnnError `bad-argument`; `bad-box` for a box that changes from record to record
 */
export function spaceOfSet(
  set: Pick<TrajectorySet, "box" | "origin" | "periodic">,
): Space | undefined {
  checkArgument("set", set, { box: "numbers?", origin: "numbers?", periodic: "list?" });
  const { box, origin, periodic } = set;
  if (box === undefined || periodic?.some(Boolean) !== true) return undefined;
  if (box.length > 9)
    throw new MclnnError("the box changes from record to record", {
      code: "bad-box",
      argument: "box",
      expected: "one box for all records: motion in a box that changes is not followed",
      got: `${box.length / 9} boxes`,
      mend: "Take records of a run at constant volume (fix nve, fix nvt).",
    });
  return periodicSpace({
    rows: box,
    ...(origin === undefined ? {} : { origin }),
    periodic: [Boolean(periodic[0]), Boolean(periodic[1]), Boolean(periodic[2])],
  });
}

/** Positions with the boxes added that particles are away: paths without jumps. [T x R x N x dimension] @throws MclnnError as {@link checkTrajectorySet} */
export function unwrappedPositions(set: TrajectorySet): Float64Array {
  checkTrajectorySet("set", set, false);
  const { records, particles, dimension, positions, images, box } = set;
  if (images === undefined || box === undefined) return positions;
  const out = positions.slice();
  for (let at = 0; at < out.length; at += dimension) {
    const record = Math.floor(at / (particles * dimension)) % records;
    const h = box.length > 9 ? 9 * record : 0;
    for (let a = 0; a < dimension; a++) {
      const away = images[at + a] as number;
      if (away !== 0)
        for (let d = 0; d < dimension; d++)
          out[at + d] = (out[at + d] as number) + away * (box[h + 3 * a + d] as number);
    }
  }
  return out;
}
