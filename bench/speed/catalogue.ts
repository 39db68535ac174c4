import type { Measurement } from "./measurement.ts";
import { adjointGradient } from "./measurements/adjoint-gradient.ts";
import { gaussNewton } from "./measurements/gauss-newton.ts";
import { networkBatch } from "./measurements/network-batch.ts";

/** Everything that the bench measures, in the order of its tables. */
export const measurements: readonly Measurement[] = [gaussNewton, adjointGradient, networkBatch];
