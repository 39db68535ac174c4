import { turningShare } from "../../records/path.ts";
import { localVariance } from "../../records/scatter.ts";
import type { TrainingData } from "../../records/training-data.ts";
import type { Finding } from "../finding.ts";
import type { Suspect } from "./cause.ts";
import { firstOrder } from "./first-order.ts";
import { friction } from "./friction.ts";
import { groups } from "./groups.ts";
import { Moving } from "./motion-model.ts";
import { rigid } from "./rigid.ts";
import { trajectories } from "./trajectories.ts";
import { walls } from "./walls.ts";

/** What may explain motion that no law does, the simplest first. */
const SUSPECTS: readonly Suspect[] = [rigid, firstOrder, friction, groups, walls, trajectories];

/** Share of what the law leaves unexplained that a cause explains at least. */
const MOST = 0.75;
/** A law that leaves less than this share of the accelerations unexplained needs no other cause. */
const EXPLAINED = 0.03;
/** Frames that are needed; that tell whether a cause is needed; and that it is looked for in. */
const FRAMES = { least: 30, few: 300, most: 1200 };
/** Share of record spacings in which some pair turns by more than a right angle. */
const TURNS = 0.3;
/** More pairs are more than there is time for. */
const MOST_PAIRS = 300;

/** A cause that was found. */
export interface FoundCause {
  readonly finding: Finding;
  readonly lawless: boolean;
}

/**
 * What explains the motion where no law of pairs does: by regressions of local motion, without a rollout. Told only where it explains most of what the law
 * leaves.
 *
 * @param species - of the particles, where they were given
 */
export function causeOf(data: TrainingData, species: Int32Array | undefined): FoundCause | null {
  if (data.pairs > MOST_PAIRS || (data.held ?? []).length > 0) return null;
  // Where records skip turns, local polynomials follow no motion.
  if (turningShare(data) > TURNS) return null;
  const scatter = localVariance(data);
  const noise = Number.isFinite(scatter) ? scatter : 0;
  const few = new Moving(data, { noise, species, most: FRAMES.few });
  if (few.calm.length < FRAMES.least) return null;
  if (!(few.unexplained(few.regression(few.asked)) > EXPLAINED)) return null;
  const all = new Moving(data, { noise, species, most: FRAMES.most });
  return causeIn(all) ?? causeIn(all.onlyResolved());
}

function causeIn(moving: Moving | null): FoundCause | null {
  if (moving === null || moving.calm.length < FRAMES.least) return null;
  const left = moving.unexplained(moving.regression(moving.asked));
  if (!(left > EXPLAINED)) return null;
  for (const suspect of SUSPECTS) {
    const cause = suspect(moving, left);
    if (cause === null || !(cause.explains > MOST)) continue;
    const { kind, text, try: mend, lawless } = cause;
    const sigmas = Math.sqrt(moving.calm.length);
    return { finding: { kind, text, sigmas, share: null, try: mend }, lawless };
  }
  return null;
}
