import type { Measurement } from "./measurement.ts";
import { adjointGradient } from "./measurements/adjoint-gradient.ts";
import { compareCommand } from "./measurements/compare-command.ts";
import { freshProcess } from "./measurements/fresh-process.ts";
import { gaussNewton } from "./measurements/gauss-newton.ts";
import { growth } from "./measurements/growth.ts";
import { largeData } from "./measurements/large-data.ts";
import { lnnGradient } from "./measurements/lnn-gradient.ts";
import { networkBatch } from "./measurements/network-batch.ts";
import { paperRecipe } from "./measurements/paper-recipe.ts";
import { rolloutSpeed } from "./measurements/rollout-speed.ts";
import { splineFit } from "./measurements/spline-fit.ts";
import { threads } from "./measurements/threads.ts";
import { training } from "./measurements/training.ts";

/** Everything that the bench measures, in the order of its tables. */
export const measurements: readonly Measurement[] = [
  training,
  freshProcess,
  paperRecipe,
  splineFit,
  gaussNewton,
  adjointGradient,
  networkBatch,
  lnnGradient,
  rolloutSpeed,
  threads,
  compareCommand,
  growth,
  largeData,
];
