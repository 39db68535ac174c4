import type { AskedFit } from "../selection/ask.ts";
import type { Finding } from "./finding.ts";

/** A fitted law and the trajectories it was fitted to, to be judged. */
export interface JudgedFit extends AskedFit {
  /** Variance of a position component. */
  readonly variance: number;
  readonly species: Int32Array | undefined;
  /** What local motion shows beside a law; null where nothing. */
  readonly cause: Finding | null;
}
