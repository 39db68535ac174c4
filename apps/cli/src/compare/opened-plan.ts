import { experimentByName, perturbedStart, tiltedStart } from "@mclnn/datasets";
import {
  createState,
  createSystem,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import { resolvePotential } from "../inputs/potential.ts";
import { ownSystem } from "../inputs/system.ts";
import type { SystemPlan, UnseenStart } from "./system-plan.ts";

/** A plan with its potential and its starts in hand. */
export interface OpenedPlan {
  readonly plan: SystemPlan;
  readonly system: ParticleSystem;
  /** The true law. */
  readonly pair: PairPotential;
  readonly trainStart: State;
  readonly starts: Readonly<Record<UnseenStart, State>>;
}

/** Opens a plan; the same in every thread. @throws MclnnError of kind `input` for an own potential that cannot be used */
export async function openPlan(plan: SystemPlan): Promise<OpenedPlan> {
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
  const { masses, dimension, charges, time, positions, velocities } = source;
  const trainStart = createState({ time, positions, velocities }, { dimension });
  const { system, own } = ownSystem(
    await resolvePotential(source.potential),
    { masses, dimension, start: trainStart, ...(charges === null ? {} : { charges }) },
    {},
  );
  const unseen = perturbedStart(system, trainStart, seed);
  return {
    plan,
    system,
    pair: (own as { pair: PairPotential }).pair,
    trainStart,
    starts: { rollout: unseen, tilted: tiltedStart(system, unseen) },
  };
}
