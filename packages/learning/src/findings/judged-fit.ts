import type { AskedFit } from "../selection/ask.ts";
import type { Finding } from "./finding.ts";

/** A fitted law and the trajectories it was fitted to, to be judged. */
export interface JudgedFit extends AskedFit {
  /** Variance of a position component. */
  readonly variance: number;
  /** The same as the records show it by themselves; infinity where they are too few. */
  readonly noise: number;
  readonly species: Int32Array | undefined;
  /** Whether the search ended before it was done: what its law leaves has no cause that could be told. */
  readonly unfinished: boolean;
  /** What local motion shows beside a law; null where nothing. */
  readonly cause: Finding | null;
}
