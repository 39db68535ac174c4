import { MclnnError } from "@mclnn/physics";
import type { Watched } from "./reference-data.ts";
import { lawSystems } from "./systems/catalogue.ts";

/** One cell of the table: a system, and how it is watched. */
export interface Cell extends Watched {
  readonly system: string;
}

/** What is varied; each combination is a cell. */
export interface Grid {
  readonly systems: readonly string[];
  readonly noise: readonly number[];
  readonly velocities: readonly Cell["velocities"][];
  readonly trajectories: readonly number[];
  /** Noise seeds, 1 to this number; without noise there is one. */
  readonly seeds: number;
}

/** All there is. */
export const FULL_GRID: Grid = {
  systems: lawSystems.map(({ name }) => name),
  noise: [0, 1e-4, 1e-3, 1e-2],
  velocities: ["given", "unknown"],
  trajectories: [100, 10, 2],
  seeds: 1,
};

/** What `docs/laws.md` shows: every axis, all systems where they tell most, the paper's everywhere. */
export const DEFAULT_GRIDS: readonly Grid[] = [
  { ...FULL_GRID, noise: [0], velocities: ["given"], trajectories: [100] },
  { ...FULL_GRID, noise: [0, 1e-3], trajectories: [10] },
  { ...FULL_GRID, systems: ["linear-spring", "quartic-spring", "gravity"] },
];

/** What CI has time for. */
export const QUICK_GRID: Grid = {
  systems: ["linear-spring", "gravity", "gaussian-well"],
  noise: [0, 1e-3],
  velocities: ["given", "unknown"],
  trajectories: [10],
  seeds: 1,
};

/** The cells of a grid, the quietest and fullest first. */
export function cellsOf(grid: Grid): Cell[] {
  const cells: Cell[] = [];
  for (const noise of grid.noise)
    for (const velocities of grid.velocities)
      for (const trajectories of grid.trajectories)
        for (const system of grid.systems)
          for (let seed = 1; seed <= (noise === 0 ? 1 : grid.seeds); seed++)
            cells.push({ system, noise, velocities, trajectories, seed });
  return cells;
}

/** The cells of several grids, each once. */
export function cellsOfAll(grids: readonly Grid[]): Cell[] {
  return [
    ...new Map(grids.flatMap(cellsOf).map((cell) => [cellKey(cell), cell] as const)).values(),
  ];
}

/** A name that no other cell has. */
export function cellKey({ system, noise, velocities, trajectories, seed }: Cell): string {
  return [system, noise, velocities, trajectories, seed].join(" ");
}

/** Methods, in the order of the columns. */
export const METHODS = ["spline", "mclnn", "kernel"] as const;
export type Method = (typeof METHODS)[number];

/** What came of one method in one cell. */
export type Outcome = Learned | Failed;

/** A method that ended without a law. */
export interface Failed {
  readonly failed: { readonly code: string; readonly message: string };
  readonly seconds: number;
}

/** A law, and how good it is. Errors of several laws are the worst law's. */
export interface Learned {
  readonly seconds: number;
  /** |V' learned - V' true| over the separations of the training data, by mean |V' true|. */
  readonly slope: { readonly mean: number; readonly max: number };
  /** The mean again, by what a separation that is wrong by the noise does to V': the noise times the mean |V'' true|. With noise only. */
  readonly slopeByNoise?: number;
  /** How it was fitted, in words. */
  readonly way: string;
  /** Mean squared position error of the training rollouts; of trained laws. */
  readonly loss?: number;
  /** Noise found over the root mean square of the noise drawn. */
  readonly noiseRatio?: number;
  /** Shares of separations at which the error is below one and two standard deviations of the law. */
  readonly coverage?: {
    readonly data: readonly [number, number];
    readonly range: readonly [number, number];
  };
  /** Position error on the held-out run, mean over particles, largest over the run; null where the run diverged. */
  readonly heldOut?: number | null;
}

/** What came of a cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly outcomes: Readonly<Record<Method, Outcome>>;
}

/** Whether a method ended with a law. */
export function isLearned(outcome: Outcome | undefined): outcome is Learned {
  return outcome !== undefined && !("failed" in outcome);
}

/** Any error as a failed outcome: shown, never hidden. */
export function failedOutcome(error: unknown, seconds: number): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof MclnnError ? error.code : "unexpected";
  return { failed: { code, message }, seconds };
}
