/** Names of the paper's three systems, in its order. */
export const SYSTEMS = ["linear-spring", "quartic-spring", "gravity"] as const;
export type SystemName = (typeof SYSTEMS)[number];

/** Everything that decides the numbers of a reproduction; plain data. The same settings and software give the same numbers. */
export interface Settings {
  readonly seed: number;
  readonly size: "full" | "quick";
  /** Records of the long runs, the start included. */
  readonly records: Readonly<Record<SystemName, number>>;
  /** Records of the runs of six and eight bodies. */
  readonly largerRecords: number;
  /** Table 1: hidden widths, seeds a width, and the iterations that "as low as it goes" means. */
  readonly widths: readonly number[];
  readonly widthSeeds: number;
  readonly deepIterations: number;
  readonly baseline: {
    /** Accelerations that the baseline learns from, and those that follow to judge it. */
    readonly points: number;
    readonly validationPoints: number;
    readonly seeds: number;
    /** Most Levenberg-Marquardt iterations of [10, 10], and those without a gain in validation that end it; null: the trainer's own. */
    readonly iterations: number | null;
    readonly patience: number | null;
    /** The network of the authors' later code, and the same of its L-BFGS. */
    readonly wide: {
      readonly hidden: readonly number[];
      readonly iterations: number;
      readonly patience: number | null;
    };
    /** Trajectories that the baseline on trajectories learns from: MCLNN's own. */
    readonly trajectories: number;
    /** MCLNN on accelerations: its iterations at most. */
    readonly mclnnIterations: number;
    /** The paper's recipe: Adam, full batch, on this many of the points, evenly spread. */
    readonly recipe: { readonly points: number; readonly epochs: number };
  };
  readonly efficiency: {
    readonly records: readonly number[];
    readonly seeds: number;
    readonly rolloutRecords: number;
  };
  /** States a number of particles and dimension. */
  readonly theoryStates: number;
  /** Epochs of `--paper-recipe`. */
  readonly recipeEpochs: number;
}

/** The paper's own sizes. */
export function fullSettings(seed: number): Settings {
  return {
    seed,
    size: "full",
    records: { "linear-spring": 3000, "quartic-spring": 3000, gravity: 1500 },
    largerRecords: 200,
    widths: [2, 4, 8, 16],
    widthSeeds: 5,
    deepIterations: 1000,
    baseline: {
      points: 10_000,
      validationPoints: 2000,
      seeds: 3,
      iterations: 4000,
      patience: 500,
      wide: { hidden: [256, 256], iterations: 400, patience: 60 },
      trajectories: 100,
      mclnnIterations: 1000,
      recipe: { points: 1000, epochs: 100_000 },
    },
    efficiency: {
      records: [5, 10, 20, 40, 100, 200, 500, 1000, 2000],
      seeds: 5,
      rolloutRecords: 1000,
    },
    theoryStates: 5,
    recipeEpochs: 100_000,
  };
}

/** Small enough for a minute; every part is there, with fewer seeds, records and iterations. */
export function quickSettings(seed: number): Settings {
  const full = fullSettings(seed);
  return {
    ...full,
    size: "quick",
    largerRecords: 200,
    widths: [2, 4, 8],
    widthSeeds: 3,
    deepIterations: 200,
    baseline: {
      points: 1000,
      validationPoints: 400,
      seeds: 1,
      iterations: null,
      patience: null,
      wide: { hidden: [32, 32], iterations: 30, patience: null },
      trajectories: 25,
      mclnnIterations: 300,
      recipe: { points: 100, epochs: 10_000 },
    },
    efficiency: { records: [10, 20, 40, 100], seeds: 1, rolloutRecords: 300 },
    theoryStates: 1,
    recipeEpochs: 300,
  };
}
