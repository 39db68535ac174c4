import { experimentByName, perturbedStart, tiltedStart } from "@mclnn/datasets";
import {
  createSystem,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import type { OwnSource, SystemPlan, UnseenStart } from "./system-plan.ts";

/** A user's own system, opened. */
export interface OwnSystem {
  readonly system: ParticleSystem;
  /** The true law. */
  readonly pair: PairPotential;
  readonly trainStart: State;
  /** Looks at the law where the training data went. @throws MclnnError of kind `input` where it is of no use there */
  readonly check?: (
    positions: Float64Array,
    shape: { readonly particles: number; readonly dimension: 2 | 3 },
  ) => void;
}

/**
 * Opens a user's own system: reading files and running code of others is up to the caller.
 *
 * @throws MclnnError of kind `input` for a potential that cannot be used
 */
export type OpenOwn = (source: OwnSource) => Promise<OwnSystem>;

/** A plan with its potential and its starts in hand. */
export interface OpenedPlan extends OwnSystem {
  readonly plan: SystemPlan;
  readonly starts: Readonly<Record<UnseenStart, State>>;
}

/** Opens a plan; the same in every thread. */
export async function openPlan(plan: SystemPlan, openOwn: OpenOwn): Promise<OpenedPlan> {
  const { source, seed } = plan;
  if (source.kind === "experiment") {
    const { pair, masses, dimension, trainStart, testStart } = experimentByName(source.name);
    const system = createSystem({ masses, dimension, potential: pairwise(pair) });
    return {
      plan,
      system,
      pair,
      trainStart,
      starts: { rollout: testStart, tilted: tiltedStart(system, testStart) },
    };
  }
  const own = await openOwn(source);
  const unseen = perturbedStart(own.system, own.trainStart, seed);
  return {
    ...own,
    plan,
    starts: { rollout: unseen, tilted: tiltedStart(own.system, unseen) },
  };
}
