import { cellInverse } from "@mclnn/physics/space";
import type { TrajectorySet } from "../trajectory-set.ts";
import type { Reading } from "./format.ts";

/** A particle that moves further than this share of the box between two records cannot be followed by its nearest image. */
const FARTHEST = 0.25;
/** Atoms may be a little outside of the box they are wrapped into, until the next reneighbouring. */
const OUTSIDE = 0.15;

/** The parts of a set that say where its particles are in the box. */
type Boxed = Pick<
  TrajectorySet,
  | "trajectories"
  | "records"
  | "particles"
  | "dimension"
  | "times"
  | "positions"
  | "velocities"
  | "observed"
  | "box"
  | "origin"
  | "periodic"
>;

/**
 * Images of positions that are wrapped into the box without saying so: each particle is taken from its nearest image to where it was in the
 * record before.
 *
 * @param wrapped - what the file says; undefined where it says nothing, and the positions tell
 * @returns `images` where any is not 0
 * @throws MclnnError of kind `input` where particles move too far to be followed
 */
export function followImages(
  set: Boxed,
  wrapped: boolean | undefined,
  reading: Reading,
  timed: boolean,
): { wrapped: boolean | null; images?: Int32Array } {
  if (set.box === undefined || set.periodic?.includes(1) !== true) return { wrapped: null };
  if (wrapped === false) return { wrapped: false };
  const shares = sharesOfBox(set);
  if (wrapped === undefined && shares.some((s) => s < -OUTSIDE || s > 1 + OUTSIDE))
    return { wrapped: false };
  const images = new Int32Array(shares.length);
  const { crossings, farthest, place } = follow(set, shares, images);
  const lost = fastest(set, timed);
  if (crossings === 0 && !(wrapped === true && lost.share > 0.5))
    return { wrapped: wrapped ?? false };
  if (farthest > FARTHEST || lost.share > 0.5)
    throw reading.refuse(
      lost.share > 0.5 ? lost.place : place,
      "image flags (ix iy iz) or unwrapped positions (xu yu zu), or records close enough to follow particles through the walls of the box",
      lost.share > 0.5
        ? `a particle that moves ${lost.share.toFixed(2)} of the box to the next record, by its velocity`
        : `a particle whose nearest image is ${farthest.toFixed(2)} of the box away from where it was in the record before`,
    );
  reading.note(
    `positions are wrapped without image flags: each particle is followed to its nearest image (largest move ${farthest.toFixed(2)} of the box)`,
  );
  return { wrapped: true, images };
}

/** Coordinates along the rows of the box, from 0 to 1 inside; NaN for what was not observed. */
function sharesOfBox(set: Boxed): Float64Array {
  const { records, particles, dimension, positions, origin } = set;
  const box = set.box as Float64Array;
  const out = new Float64Array(positions.length);
  let h = cellInverse(box);
  for (let frame = 0; frame * particles * dimension < positions.length; frame++) {
    if (box.length > 9)
      h = cellInverse(box.subarray(9 * (frame % records), 9 * (frame % records) + 9));
    for (let i = 0; i < particles; i++) {
      const at = (frame * particles + i) * dimension;
      for (let c = 0; c < dimension; c++) {
        let s = 0;
        for (let d = 0; d < dimension; d++)
          s += ((positions[at + d] as number) - (origin?.[d] ?? 0)) * (h[3 * d + c] as number);
        out[at + c] = set.periodic?.[c] === 1 ? s : 0.5;
      }
    }
  }
  return out;
}

/** Follows every particle from record to record. */
function follow(
  { records, particles, dimension, observed }: Boxed,
  shares: Float64Array,
  images: Int32Array,
): { crossings: number; farthest: number; place: string } {
  const size = particles * dimension;
  const last = new Int32Array(particles);
  let crossings = 0;
  let farthest = 0;
  let place = "";
  for (let frame = 0; frame * size < shares.length; frame++)
    for (let i = 0; i < particles; i++) {
      const started = frame % records === 0;
      if (observed?.[frame * particles + i] === 0) {
        if (started) last[i] = -1;
        continue;
      }
      const before = started ? -1 : (last[i] as number);
      last[i] = frame;
      if (before < 0) continue;
      for (let c = 0; c < dimension; c++) {
        const at = frame * size + i * dimension + c;
        const from = before * size + i * dimension + c;
        const move = (shares[at] as number) - (shares[from] as number);
        const whole = Math.round(move);
        images[at] = (images[from] as number) - whole;
        if (whole !== 0) crossings++;
        if (Math.abs(move - whole) > farthest) {
          farthest = Math.abs(move - whole);
          place = `record ${frame % records}, particle ${i}`;
        }
      }
    }
  return { crossings, farthest, place };
}

/** The farthest that velocities take a particle to the next record, in boxes. */
function fastest(set: Boxed, timed: boolean): { share: number; place: string } {
  const { records, particles, dimension, times, velocities } = set;
  const box = set.box as Float64Array;
  let share = 0;
  let place = "";
  if (velocities === undefined || !timed) return { share, place };
  const h = cellInverse(box.subarray(0, 9));
  for (let k = 0; k < records - 1; k++) {
    const spacing = (times[k + 1] as number) - (times[k] as number);
    for (let i = 0; i < particles; i++)
      for (let c = 0; c < dimension; c++) {
        let s = 0;
        for (let d = 0; d < dimension; d++)
          s +=
            (velocities[(k * particles + i) * dimension + d] as number) * (h[3 * d + c] as number);
        const moved = set.periodic?.[c] === 1 ? Math.abs(s) * spacing : 0;
        if (moved > share) {
          share = moved;
          place = `record ${k}, particle ${i}`;
        }
      }
  }
  return { share, place };
}
