import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
import { createRandom } from "./random.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Keep noise apart from random starts of the same seed, and that of positions from that of velocities. */
const NOISE_STREAM = 0x6e6f6973;
const VELOCITY_STREAM = 0x76656c6f;

/**
 * Adds Gaussian noise to every position component, each particle and component on its own; velocities stay.
 *
 * @param options - `sigma`: standard deviation, in the data's unit of length
 * @throws MclnnError `bad-option`, and what {@link checkTrajectorySet} throws
 */
export function addPositionNoise(
  set: TrajectorySet,
  options: { sigma: number; seed: number },
): TrajectorySet {
  checkNoise(set, options);
  const { sigma, seed } = options;
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
 * @param options - `sigma`: standard deviation, in the data's unit of velocity
 * @throws MclnnError `bad-option`, `missing-velocities`, and what {@link checkTrajectorySet} throws
 */
export function addVelocityNoise(
  set: TrajectorySet,
  options: { sigma: number; seed: number },
): TrajectorySet {
  checkNoise(set, options);
  const { sigma, seed } = options;
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

function checkNoise(set: TrajectorySet, options: { sigma: number; seed: number }): void {
  checkTrajectorySet("set", set);
  checkArgument("options", options, { sigma: "number", seed: "whole" });
  if (options.sigma < 0)
    throw new MclnnError("the noise cannot be used", {
      code: "bad-option",
      argument: "sigma",
      expected: "a standard deviation of 0 or more",
      got: String(options.sigma),
    });
}
