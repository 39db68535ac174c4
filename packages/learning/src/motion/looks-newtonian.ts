import { accelerationNoise } from "./acceleration-noise.ts";
import type { StepLook } from "./look.ts";
import type { Tracks } from "./tracks.ts";

/** Steps that go with the next by more have inertia; all noise of places is -1/2. */
export const INERTIA = 0.15;
/** Steps of motion without inertia go with none but the next. */
const LATER = 0.15;
/** Standard deviations that a correlation may have by chance. */
const CHANCE = 3;
/** Standard deviations of noise in the velocities that make it worth a fit, of neighbouring frames and of every second one. */
const NOISY = [4, 6];

/** Whether steps alone show that no noise drives the particles, or say nothing of it: a few operations a position. */
export function looksNewtonian(tracks: Tracks, { correlations, steps }: StepLook): boolean {
  if (!(correlations[0] > INERTIA))
    return (
      correlations.slice(1).some((c) => Math.abs(c) > LATER + CHANCE / Math.sqrt(steps)) ||
      !(correlations[0] <= INERTIA)
    );
  return !NOISY.some((sigmas, n) => accelerationNoise(tracks, n + 1) > sigmas);
}
