import { MclnnError } from "@mclnn/physics";
import { groupBy, mean } from "../numbers.ts";
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
function cellsOf(grid: Grid): Cell[] {
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
function cellKey({ system, noise, velocities, trajectories, seed }: Cell): string {
  return [system, noise, velocities, trajectories, seed].join(" ");
}

/** New results in the place of old ones, as the full grid has them; cells that it does not have come last. */
export function inOrder(old: readonly CellResult[], fresh: readonly CellResult[]): CellResult[] {
  const byCell = new Map([...old, ...fresh].map((result) => [cellKey(result.cell), result]));
  const axes = ["noise", "velocities", "trajectories", "systems"] as const;
  const ranks = ({ cell }: CellResult): number[] => [
    ...axes.map((axis) => {
      const all: readonly unknown[] = FULL_GRID[axis];
      const at = all.indexOf(axis === "systems" ? cell.system : cell[axis]);
      return at < 0 ? all.length : at;
    }),
    cell.seed,
  ];
  return [...byCell.values()].sort((a, b) => {
    const [x, y] = [ranks(a), ranks(b)];
    const k = x.findIndex((value, i) => value !== y[i]);
    return k < 0 ? 0 : x[k] - y[k];
  });
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

/** A cell over all its seeds: means; a failure of any seed is the outcome of all. */
export interface AveragedResult {
  readonly cell: Omit<Cell, "seed">;
  readonly seeds: number;
  readonly outcomes: CellResult["outcomes"];
}

/** Results with the same cell but for the seed, as one, in order of appearance. */
export function averaged(results: readonly CellResult[]): AveragedResult[] {
  const groups = groupBy(results, ({ cell }) => cellKey({ ...cell, seed: 0 }));
  return groups.map((group) => {
    const { seed, ...cell } = group[0].cell;
    const average = (method: Method): [Method, Outcome] => {
      const outcomes = group.map((result) => result.outcomes[method]);
      const failed = outcomes.find((outcome) => !isLearned(outcome));
      return [method, failed ?? (meanOf(outcomes) as Learned)];
    };
    const outcomes = Object.fromEntries(METHODS.map(average)) as CellResult["outcomes"];
    return { cell, seeds: group.length, outcomes };
  });
}

/** Means of all numbers in values of one shape; of texts the first. */
function meanOf(values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== undefined && value !== null);
  const [first] = given;
  if (values.length === 1 || typeof first === "string") return first;
  if (typeof first === "number") return mean(given as number[]);
  if (Array.isArray(first)) return first.map((_, k) => meanOf(given.map((v) => Object(v)[k])));
  const keys = Object.keys(Object(first));
  return Object.fromEntries(keys.map((key) => [key, meanOf(given.map((v) => Object(v)[key]))]));
}

/** Loss that noise-free data must come down to. */
const CLEAN_LOSS = 1e-12;
/** Mean V' error, relative, without noise. */
const CLEAN_ERROR: Readonly<Record<Method, number>> = { spline: 1e-5, mclnn: 1e-4, kernel: 1e-4 };
/** Few trajectories may cost so much. */
const FEWER: readonly (readonly [trajectories: number, factor: number])[] = [
  [100, 1],
  [10, 2],
  [0, 5],
];
/** The law is asked to be so much better than a single reading from this noise on. */
const LOUD = { noise: 1e-2, factor: 0.4 };

/**
 * What counts as success: without noise a mean V' error of 1e-5 (spline) and 1e-4 (others) of the mean |V'|; with noise, of what a separation that is
 * wrong by one standard deviation does to V' (0.4 of it from noise 1e-2 on), twice that for 10 trajectories, five times for 2.
 */
export function errorBound(
  { noise, trajectories }: Pick<Cell, "noise" | "trajectories">,
  method: Method,
): number {
  if (noise === 0) return CLEAN_ERROR[method];
  const factor = FEWER.find(([least]) => trajectories >= least)?.[1] ?? 1;
  return factor * (noise >= LOUD.noise ? LOUD.factor : 1);
}

/** Whether a method did what it must: V' within {@link errorBound}, and without noise a trained law's loss within 1e-12. */
export function succeeded(
  cell: Pick<Cell, "noise" | "trajectories">,
  method: Method,
  outcome: Outcome | undefined,
): boolean {
  if (!isLearned(outcome)) return false;
  const { slope, slopeByNoise, loss } = outcome;
  const bound = errorBound(cell, method);
  if (cell.noise > 0) return slopeByNoise !== undefined && slopeByNoise <= bound;
  return slope.mean <= bound && (loss === undefined || loss <= CLEAN_LOSS);
}
