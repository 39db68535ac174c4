import * as metrics from "@mclnn/metrics";
import * as symmetry from "@mclnn/metrics/symmetry";
import { gravity, linearSpring } from "@mclnn/physics";
import type { EntryCalls } from "../call.ts";
import { spring, springsRun, start } from "../samples.ts";

const series = (): Float64Array => Float64Array.of(1, 1.5, 1.2, 1.1);
const times = (): Float64Array => Float64Array.of(0, 1, 2, 3);

/** All entries of the package. */
export const metricCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/metrics",
    module: metrics,
    calls: {
      alignEnergy: () => [linearSpring(), gravity(), [1, 2]],
      balance: () => [spring, [{ name: "pair", force: spring.potential }], start, times()],
      chaosFloor: () => [spring, start, springsRun(), () => springsRun(), 1e-4],
      conservation: () => [times(), series(), 1],
      determination: () => [series(), [1, 1.4, 1.3, 1]],
      errorSeries: () => [spring, springsRun(), springsRun()],
      geometricMeanRelativeError: () => [series(), series(), { components: 1, floor: 1e-16 }],
      lengths: () => [series(), 2],
      meanSquaredError: () => [series(), [1, 1.4, 1.3, 1]],
      // Infinity, as of a run that diverged, is a value like any other.
      medianRange: {
        args: () => [series()],
        mayBe: (x) => Math.abs(x) === Number.POSITIVE_INFINITY,
      },
      motionSeries: () => [spring, springsRun()],
      observableSeries: () => [spring, springsRun()],
      positionErrors: () => [springsRun(), springsRun()],
      shareOutside: () => [[1, 2, 3], [[1.5, 2.5]]],
      slopeError: () => [linearSpring(), gravity(), { separations: [1, 2], ranges: [[1, 2]] }],
      summarise: () => [series()],
      totalOffset: () => [1, 3],
      validTime: () => [times(), series(), 1.3],
    },
  },
  {
    entry: "@mclnn/metrics/symmetry",
    module: symmetry,
    calls: {
      eulerLagrangeViolations: () => [spring, start],
      symmetryViolations: () => [
        spring,
        start,
        { shift: [1, 2, 3], rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], permutation: [1, 0, 2] },
      ],
    },
  },
];
