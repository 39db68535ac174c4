import { checkTrajectorySet } from "../check-trajectory-set.ts";
import { unwrappedPositions } from "../set-space.ts";
import type { TrajectorySet } from "../trajectory-set.ts";

/** Orders of differences in time that are taken: each takes a smooth path further away, and leaves noise as it is. */
const ORDERS = [2, 3, 4, 5, 6];
/** What falls by less than this from one order to the next is noise. */
const FALLING = 0.7;

/**
 * What of positions jitters from record to record, by differences of higher and higher order in time.
 *
 * @throws MclnnError as {@link checkTrajectorySet}
 * @returns `sigma`: standard deviation of the noise, or where paths are still smooth at the last order (`smooth`) a bound on it; `move`: by how much a coordinate moves from record to record, root mean square; null for too few
 * records, or for records too far apart to tell noise from motion
 */
export function positionNoise(
  set: TrajectorySet,
): { sigma: number; smooth: boolean; move: number } | null {
  checkTrajectorySet("set", set);
  const { records, particles, dimension, observed } = set;
  const positions = unwrappedPositions(set);
  const size = particles * dimension;
  const sigmas = ORDERS.filter((order) => records > order + 1).flatMap((order) => {
    const weights = binomials(order);
    const scale = weights.reduce((sum, w) => sum + w * w, 0);
    let sum = 0;
    let count = 0;
    for (let first = 0; first + order * size < positions.length; first += size) {
      if ((Math.floor(first / size) % records) + order >= records) continue;
      for (let k = 0; k < size; k++) {
        let difference = 0;
        let seen = true;
        for (let j = 0; j <= order && seen; j++) {
          const at = first + j * size + k;
          seen = observed?.[Math.floor(at / dimension)] !== 0;
          difference += (weights[j] as number) * (positions[at] as number);
        }
        if (!seen) continue;
        sum += difference * difference;
        count++;
      }
    }
    return count === 0 ? [] : [Math.sqrt(sum / count / scale)];
  });
  const [last, before] = [sigmas.at(-1), sigmas.at(-2)];
  if (last === undefined || before === undefined) return null;
  // Motion between such records is no smoother than noise.
  const move = typicalMove(positions, size, records);
  const smooth = last <= FALLING * before;
  return smooth || last <= MOTION * move ? { sigma: last, smooth, move } : null;
}

/** Noise is less than this share of what positions move by. */
const MOTION = 0.3;

/** Root mean square of how far a coordinate moves from record to record. */
function typicalMove(positions: Float64Array, size: number, records: number): number {
  let [sum, count] = [0, 0];
  for (let k = size; k < positions.length; k++) {
    const move = (positions[k] as number) - (positions[k - size] as number);
    if (Math.floor(k / size) % records === 0 || Number.isNaN(move)) continue;
    sum += move * move;
    count++;
  }
  return Math.sqrt(sum / Math.max(count, 1));
}

/** Weights of the difference of an order: 1, -2, 1. */
function binomials(order: number): number[] {
  const weights = [1];
  for (let k = 1; k <= order; k++)
    weights.push((-(weights[k - 1] as number) * (order - k + 1)) / k);
  return weights;
}
