export { alignEnergy, type SlopeError, slopeError, totalOffset } from "./alignment.ts";
export { type Balance, balance, type NamedForce, type PartBalance } from "./balance.ts";
export { chaosFloor } from "./chaos-floor.ts";
export { type Conservation, conservation } from "./conservation.ts";
export {
  type ErrorSeries,
  type ErrorSummary,
  errorSeries,
  geometricMeanRelativeError,
  positionErrors,
  summarise,
  validTime,
} from "./errors.ts";
export {
  lengths,
  type MotionSeries,
  motionSeries,
  type ObservableSeries,
  observableSeries,
} from "./series.ts";
export {
  determination,
  type MedianRange,
  meanSquaredError,
  medianRange,
  shareOutside,
} from "./statistics.ts";
