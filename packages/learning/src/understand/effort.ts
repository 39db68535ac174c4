import type { TrajectorySet } from "@mclnn/datasets";
import { MANY_UNKNOWNS } from "../fit/problems.ts";
import { secondsOf } from "../records/meter.ts";
import type { Effort } from "../runs/train-options.ts";

/** How much work a training may be. */
export interface Limits {
  /** The most that passes over the records may cost: seconds of one core, and the costs of so many passes over all of them. */
  readonly work: { readonly seconds: number; readonly passes: number };
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
    work: { seconds: 1, passes: 20 },
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
    work: { seconds: 15, passes: 40 },
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
    work: { seconds: 200, passes: 800 },
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

/** Share of its work after which a training looks for no better explanation, and settles on the best it has: one that may be right, or one that is not. */
export const SEARCH = { sensible: 0.5, astray: 0.8 } as const;
/** Kicks from one record to the next that a pass is reckoned with. */
const KICKS = 6;

/** Seconds of one core that passes over records may cost, and so a bound on a training. @param laws - as many as are learned */
export function mostWork(
  { work }: Limits,
  { trajectories, records, particles, dimension }: TrajectorySet,
  { laws, cells }: { laws: number; cells: number },
): number {
  const columns = laws * cells + Math.min(2 * particles * dimension, MANY_UNKNOWNS);
  const pairs = (particles * (particles - 1)) / 2;
  const pass = secondsOf({ trajectories, kicks: KICKS * records, pairs, columns });
  return work.seconds + work.passes * pass;
}
