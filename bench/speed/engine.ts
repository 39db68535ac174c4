// The parts of @mclnn/models that are timed one by one and have no public entry: from the same build (or sources) as the package itself.
import path from "node:path";

const entry = import.meta.resolve("@mclnn/models");

function part<M>(name: string): Promise<M> {
  return import(new URL(`${name}${path.extname(entry)}`, entry).href) as Promise<M>;
}

export const { SensitivityPass } =
  await part<typeof import("../../packages/models/src/rollout/sensitivity.ts")>(
    "rollout/sensitivity",
  );
export const { tangentStep } =
  await part<typeof import("../../packages/models/src/rollout/tangent-step.ts")>(
    "rollout/tangent-step",
  );
export const { buildBasis, splineCurve } = await part<
  typeof import("../../packages/models/src/training/function-first/basis.ts")
>("training/function-first/basis");
export const { coefficientsOf } = await part<
  typeof import("../../packages/models/src/training/function-first/spline-fit.ts")
>("training/function-first/spline-fit");
export const { glorotWeights } = await part<
  typeof import("../../packages/models/src/training/function-first/initial-weights.ts")
>("training/function-first/initial-weights");
export const { sortedSeparations } =
  await part<typeof import("../../packages/models/src/training/training-data.ts")>(
    "training/training-data",
  );
export const { accelerationLoss } =
  await part<typeof import("../../packages/models/src/lnn/acceleration-loss.ts")>(
    "lnn/acceleration-loss",
  );
export const { positionScaling, scalePoints } =
  await part<typeof import("../../packages/models/src/lnn/scaling.ts")>("lnn/scaling");
export const { initialPositionWeights } =
  await part<typeof import("../../packages/models/src/lnn/initial-weights.ts")>(
    "lnn/initial-weights",
  );
