import type { Measurement } from "./measurement.ts";
import { adjointGradient } from "./measurements/adjoint-gradient.ts";
import { gaussNewton } from "./measurements/gauss-newton.ts";
import { lnnGradient } from "./measurements/lnn-gradient.ts";
import { networkBatch } from "./measurements/network-batch.ts";
import { splineFit } from "./measurements/spline-fit.ts";

/** Everything that the bench measures, in the order of its tables. */
export const measurements: readonly Measurement[] = [
  gaussNewton,
  adjointGradient,
  networkBatch,
  lnnGradient,
  splineFit,
];
