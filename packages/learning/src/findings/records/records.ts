import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type { Finding } from "../finding.ts";
import type { RecordCheck } from "./check.ts";
import { jitter } from "./jitter.ts";
import { missing } from "./missing.ts";
import { outliers } from "./outliers.ts";
import { presence } from "./presence.ts";
import { repeated } from "./repeated.ts";
import { rounded } from "./rounded.ts";
import { velocities } from "./velocities.ts";
import { wrapped } from "./wrapped.ts";

/** What is looked for, in this order; each looks at the records as those before have left them. */
const CHECKS: readonly RecordCheck[] = [
  wrapped,
  presence,
  rounded,
  velocities,
  repeated,
  missing,
  outliers,
  jitter,
];

/** What records show by themselves, and the records without what is wrong with them. */
export interface LookedAt {
  readonly findings: readonly Finding[];
  readonly set: TrajectorySet;
}

/** Looks at records before there is any law. @throws MclnnError `unusable-records` where no law of pairs can be learned from them */
export function lookAt(set: TrajectorySet): LookedAt {
  const seen = { findings: [] as Finding[], set };
  for (const check of CHECKS) {
    const found = check(seen.set);
    if (found === null) continue;
    const { finding, mended, unusable = false } = found;
    if (unusable)
      throw new MclnnError("no law can be learned from these records", {
        code: "unusable-records",
        argument: "positions",
        expected: "paths of particles that feel each other",
        got: finding.text,
        mend: finding.try,
      });
    seen.findings.push(finding);
    if (mended !== undefined) seen.set = mended;
  }
  return seen;
}

/**
 * What records show by themselves, before there is any law: units, rounding, frames that are missing, stored twice or off their times, outliers, boxes.
 *
 * Records alone; what only shows beside a law (masses, forces from outside, bodies that were not recorded) is in the findings of {@link train}.
 *
 * @throws MclnnError `bad-argument`, `bad-shape`, `not-finite` and the like
 */
export function inspectRecords(set: TrajectorySet): readonly Finding[] {
  checkTrajectorySet("set", set);
  const findings: Finding[] = [];
  let now = set;
  for (const check of CHECKS) {
    const found = check(now);
    if (found === null) continue;
    findings.push(found.finding);
    if (found.unusable === true) break;
    now = found.mended ?? now;
  }
  return findings;
}
