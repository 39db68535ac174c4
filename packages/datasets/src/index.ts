export {
  type AccelerationPoints,
  accelerationPoints,
  checkAccelerationPoints,
  oneStepTrajectories,
} from "./acceleration-points.ts";
export { checkTrajectorySet } from "./check-trajectory-set.ts";
export { experimentByName, experiments } from "./experiments/catalogue.ts";
export type { Experiment } from "./experiments/experiment.ts";
export { type GenerateOptions, generateTrajectories } from "./generate.ts";
export { type Numbers, type TrajectoryArrays, trajectorySet } from "./make-set.ts";
export { addPositionNoise, addVelocityNoise } from "./noise.ts";
export type { NpyArray, NpyData } from "./npz/npy.ts";
export { decodeNpz, encodeNpz, type NpzEntry } from "./npz/npz.ts";
export type { ZipLimits } from "./npz/zip.ts";
export { dropObservations, shortenTrajectories, trajectoryLengths } from "./observations.ts";
export { createRandom, type Random } from "./random.ts";
export { createRecorder, type Recorder } from "./recorder.ts";
export { spaceOfSet, unwrappedPositions } from "./set-space.ts";
export {
  movedStart,
  perturbedStart,
  randomRotation,
  type StartMove,
  tiltedStart,
  tiltedStartMove,
} from "./starts.ts";
export { parseState, type StateFile } from "./state-file.ts";
export {
  dropVelocities,
  selectTrajectories,
  splitTrajectories,
  type TrajectoryRange,
  trajectoryOf,
} from "./subsets.ts";
export { suggestTimeStep, type TimeStepSuggestion } from "./time-step.ts";
export { decodeTrajectorySet, encodeTrajectorySet } from "./trajectory-file.ts";
export type { TrajectorySet } from "./trajectory-set.ts";
