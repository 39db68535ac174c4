import { MclnnError } from "@mclnn/physics";
import { createRandom } from "./random.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Keeps noise apart from random starts of the same seed. */
const NOISE_STREAM = 0x6e6f6973;

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
  const random = createRandom(seed ^ NOISE_STREAM);
  return {
    ...set,
    positions: set.positions.map((x) => x + sigma * random.normal()),
    provenance: { ...set.provenance, noise: sigma, noiseSeed: seed },
  };
}
