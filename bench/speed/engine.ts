// The parts of @mclnn/learning that are timed one by one and have no public entry: from the same build (or sources) as the package itself.
import path from "node:path";

const entry = import.meta.resolve("@mclnn/learning");

function part<M>(name: string): Promise<M> {
  return import(new URL(`${name}${path.extname(entry)}`, entry).href) as Promise<M>;
}

export const { SensitivityPass } =
  await part<typeof import("../../packages/learning/src/engine/sensitivity.ts")>(
    "engine/sensitivity",
  );
export const { tangentStep } =
  await part<typeof import("../../packages/learning/src/engine/tangent-step.ts")>(
    "engine/tangent-step",
  );
export { splineCurve } from "@mclnn/models/parts";
export const { buildBasis } =
  await part<typeof import("../../packages/learning/src/splines/knots.ts")>("splines/knots");
export const { coefficientsOf } =
  await part<typeof import("../../packages/learning/src/fit/spline-fit.ts")>("fit/spline-fit");
export const { glorotWeights } =
  await part<typeof import("../../packages/learning/src/network/initial-weights.ts")>(
    "network/initial-weights",
  );
export const { sortedSeparations } =
  await part<typeof import("../../packages/learning/src/records/training-data.ts")>(
    "records/training-data",
  );
export const { accelerationLoss } = await part<
  typeof import("../../packages/learning/src/baseline/acceleration-loss.ts")
>("baseline/acceleration-loss");
export const { positionScaling, scalePoints } =
  await part<typeof import("../../packages/learning/src/baseline/scaling.ts")>("baseline/scaling");
export const { initialPositionWeights } = await part<
  typeof import("../../packages/learning/src/baseline/initial-weights.ts")
>("baseline/initial-weights");
