import type { Measurement } from "./measurement.ts";
import { growth } from "./measurements/growth.ts";
import { paperRecipe } from "./measurements/paper-recipe.ts";
import { partMeasurements } from "./measurements/parts.ts";
import { compareCommand, freshProcess, largeData } from "./measurements/processes.ts";
import { rolloutSpeed } from "./measurements/rollout-speed.ts";
import { splineFit } from "./measurements/spline-fit.ts";
import { threads } from "./measurements/threads.ts";
import { training } from "./measurements/training.ts";

/** Everything that the bench measures, in the order of its tables. */
export const measurements: readonly Measurement[] = [
  ...[training, freshProcess, paperRecipe, splineFit, ...partMeasurements],
  ...[rolloutSpeed, threads, compareCommand, growth, largeData],
];
