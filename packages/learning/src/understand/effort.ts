import type { Effort } from "../runs/train-options.ts";

/** How much work a training may be. */
export interface Limits {
  /** Records times pairs of particles that a law is fitted to, trajectories evenly left out. */
  readonly pairRecords: number;
  /** Trajectories that hypotheses are tried on. */
  readonly trajectories: number;
  /** Gauss-Newton passes of a fit while hypotheses are compared. */
  readonly passes: number;
  /** Steps from one record to the next. */
  readonly substeps: number;
  /** Knot intervals. */
  readonly knots: number;
  /** Whether residuals are asked for kinks of V', and noisy records for the maker's steps: what costs most and is seldom there. */
  readonly seldom: boolean;
  /** Passes of the last fit, and networks that are begun with: start states exact. */
  readonly exact: { readonly passes: number; readonly networks: number };
  /** The same of free ones, and beginnings that the last fit follows to its end where data are few. */
  readonly free: {
    readonly passes: number;
    readonly networks: number;
    readonly beginnings: number;
  };
  /** Iterations of a network. */
  readonly iterations: number;
  /** Whether a network goes on, where no target was told, until it is as good as the law that it follows or its width allows no more. */
  readonly asGoodAsData: boolean;
}

/** `preview` is for a page that is looked at while records come in, `thorough` for a night. */
export const LIMITS: Readonly<Record<Effort, Limits>> = {
  preview: {
    pairRecords: 900,
    trajectories: 8,
    passes: 3,
    substeps: 4,
    knots: 48,
    seldom: false,
    exact: { passes: 6, networks: 1 },
    free: { passes: 4, networks: 1, beginnings: 1 },
    iterations: 150,
    asGoodAsData: false,
  },
  usual: {
    pairRecords: Number.POSITIVE_INFINITY,
    trajectories: 40,
    passes: 8,
    substeps: 32,
    knots: 170,
    seldom: true,
    exact: { passes: 20, networks: 5 },
    free: { passes: 14, networks: 6, beginnings: 3 },
    iterations: 1500,
    asGoodAsData: true,
  },
  thorough: {
    pairRecords: Number.POSITIVE_INFINITY,
    trajectories: 120,
    passes: 16,
    substeps: 128,
    knots: 400,
    seldom: true,
    exact: { passes: 40, networks: 10 },
    free: { passes: 30, networks: 12, beginnings: 5 },
    iterations: 4000,
    asGoodAsData: true,
  },
};
