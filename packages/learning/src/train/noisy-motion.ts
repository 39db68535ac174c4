// What only tracks need that noise drives, as one part: it loads when such tracks come.

import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type { Finding } from "../findings/finding.ts";
import { lookAt } from "../findings/records/records.ts";
import { chooseCutoff, stepsNoise } from "../motion/cutoff.ts";
import { reachOf } from "../motion/learn-motion.ts";
import { lookAtSteps, type StepLook } from "../motion/look.ts";
import { INERTIA, looksNewtonian } from "../motion/looks-newtonian.ts";
import { type Recognised, recogniseMotion } from "../motion/recognise.ts";
import { tracksOf } from "../motion/tracks.ts";
import { finished, type Task } from "./task.ts";

export { trainMotion } from "./train-motion.ts";

/** All that steps are is noise of places: each takes back the one before. */
const STILL = -0.47;

/** @throws MclnnError `unusable-records` for particles that do not move */
function refuseStill({ correlations, meanSquare }: StepLook): void {
  if (!(correlations[0] < STILL) && meanSquare > 0) return;
  throw new MclnnError("no law can be learned from these records", {
    code: "unusable-records",
    argument: "positions",
    expected: "particles that move from record to record",
    got: `noise of places alone: each step takes back the one before (correlation ${correlations[0].toFixed(2)})`,
    mend: "Film for longer, or at longer intervals.",
  });
}

const lookedAt = (all: TrajectorySet) => {
  const { set, findings } = lookAt(all);
  return { set, seen: findings };
};

/**
 * How particles move, by evidence: in records without what is wrong with them, for frames that are missing pass for noise.
 *
 * @throws MclnnError `unusable-records`
 */
export async function recognised(
  task: Task,
  looked?: { readonly set: TrajectorySet; readonly seen: readonly Finding[] },
): Promise<{ task: Task; motion: Recognised; seen: readonly Finding[] }> {
  const { set, seen } = looked ?? lookedAt(task.set);
  const mended = { ...task, set };
  const tracks = tracksOf(set, task.species !== null);
  const look = lookAtSteps(tracks);
  refuseStill(look);
  const newtonian: Recognised = { kind: "newtonian", inertia: null, refined: null, fit: null };
  if (looksNewtonian(tracks, look)) return { task: mended, motion: newtonian, seen };
  const reach = reachOf(tracks);
  const hasInertia = look.correlations[0] > INERTIA;
  const cutoff = hasInertia ? reach : chooseCutoff(tracks, reach, stepsNoise(tracks, look));
  const motion = await finished(task, recogniseMotion(tracks, look, cutoff));
  return { task: mended, motion, seen };
}
