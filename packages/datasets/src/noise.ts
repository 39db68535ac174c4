import { MclnnError } from "@mclnn/physics";
import { createRandom } from "./random.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Keep noise apart from random starts of the same seed, and that of positions from that of velocities. */
const NOISE_STREAM = 0x6e6f6973;
const VELOCITY_STREAM = 0x76656c6f;

/**
 * Adds Gaussian noise to every position component, each particle and component on its own; velocities stay.
 *
 * @param sigma - standard deviation, in the data's unit of length
 * @throws MclnnError `bad-option`
 */
export function addPositionNoise(
  set: TrajectorySet,
  { sigma, seed }: { sigma: number; seed: number },
): TrajectorySet {
  checkNoise(sigma, seed);
  const random = createRandom(seed ^ NOISE_STREAM);
  return {
    ...set,
    positions: set.positions.map((x) => x + sigma * random.normal()),
    provenance: { ...set.provenance, noise: sigma, noiseSeed: seed },
  };
}

/**
 * Adds Gaussian noise to every velocity component; positions stay.
 *
 * @param sigma - standard deviation, in the data's unit of velocity
 * @throws MclnnError `bad-option`, `missing-velocities`
 */
export function addVelocityNoise(
  set: TrajectorySet,
  { sigma, seed }: { sigma: number; seed: number },
): TrajectorySet {
  checkNoise(sigma, seed);
  if (set.velocities === undefined)
    throw new MclnnError("there are no velocities to add noise to", {
      code: "missing-velocities",
      argument: "velocities",
      expected: "trajectories with velocities",
      got: "positions only",
    });
  const random = createRandom(seed ^ VELOCITY_STREAM);
  return {
    ...set,
    velocities: set.velocities.map((v) => v + sigma * random.normal()),
    provenance: { ...set.provenance, velocityNoise: sigma, noiseSeed: seed },
  };
}

function checkNoise(sigma: number, seed: number): void {
  if (!(sigma >= 0) || !Number.isFinite(sigma))
    throw new MclnnError("the noise cannot be used", {
      code: "bad-option",
      argument: "noise",
      expected: "a standard deviation of 0 or more",
      got: String(sigma),
    });
  if (!Number.isSafeInteger(seed))
    throw new MclnnError("the seed of the noise cannot be used", {
      code: "bad-option",
      argument: "seed",
      expected: "a whole number",
      got: String(seed),
    });
}
