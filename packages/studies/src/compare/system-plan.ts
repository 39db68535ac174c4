/** All that a thread needs to know to do its part of one system's comparison; plain data, so that it can be sent. */
export interface SystemPlan {
  /** Key in the results. */
  readonly name: string;
  readonly title: string;
  readonly source: ExperimentSource | OwnSource;
  readonly seed: number;
  /** Loss at which the pair laws stop. */
  readonly until: number;
  readonly hidden: readonly number[];
  readonly trajectories: number;
  readonly validationTrajectories: number;
  /** Records of a training trajectory. */
  readonly records: number;
  readonly dt: number;
  readonly stride: number;
  /** Records of a rollout, the start included. */
  readonly rolloutRecords: number;
  /** Accelerations the baseline learns from, and those that follow to judge it. */
  readonly baselinePoints: number;
  readonly baselineValidationPoints: number;
  /** Most iterations of the baseline; null leaves it to the trainer. */
  readonly baselineEpochs: number | null;
}

/** One of the paper's systems. */
export interface ExperimentSource {
  readonly kind: "experiment";
  readonly name: string;
}

/** A system of the user's own. */
export interface OwnSource {
  readonly kind: "own";
  /** As who opens it takes it: a formula, a name, a path. */
  readonly potential: string;
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  readonly charges: Float64Array | null;
  /** Where the training data start. */
  readonly time: number;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
}

/** The two starts that no model was trained on. */
export const unseenStarts = ["rollout", "tilted"] as const;
export type UnseenStart = (typeof unseenStarts)[number];
