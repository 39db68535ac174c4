import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
import { createRandom } from "./random.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Keep what is missed apart from other random numbers of the same seed. */
const MISSING_STREAM = 0x6d697373;
const RECORD_STREAM = 0x7265636f;
const LENGTH_STREAM = 0x6c656e67;

/**
 * The set with observations taken out: each particle of each record is missed with this probability, on its own.
 *
 * @param options - `share`: from 0 up to, not including, 1; `keepStart`: whether record 0 stays complete. Default false
 * @throws MclnnError `bad-option`, and what {@link checkTrajectorySet} throws
 */
export function dropObservations(
  set: TrajectorySet,
  options: { share: number; seed: number; keepStart?: boolean; whole?: boolean },
): TrajectorySet {
  checkTrajectorySet("set", set);
  checkArgument("options", options, {
    share: "number",
    seed: "whole",
    keepStart: "flag?",
    whole: "flag?",
  });
  const { share, seed, keepStart = false, whole = false } = options;
  if (!(share >= 0 && share < 1))
    throw new MclnnError("the share of missing observations cannot be used", {
      code: "bad-option",
      argument: "share",
      expected: "a number from 0 to less than 1",
      got: String(share),
    });
  const { records, particles } = set;
  const random = createRandom(seed ^ (whole ? RECORD_STREAM : MISSING_STREAM));
  let missed = false;
  return withObserved(
    set,
    (index) => {
      if (!whole || index % particles === 0) missed = random.uniform() < share;
      return !(missed && !(keepStart && Math.floor(index / particles) % records === 0));
    },
    whole ? { missingRecords: share } : { missing: share },
  );
}

/**
 * The set with trajectories of unequal length: each ends after a number of records drawn uniformly from `shortest` to all of them.
 *
 * @throws MclnnError `bad-option`, and what {@link checkTrajectorySet} throws
 */
export function shortenTrajectories(
  set: TrajectorySet,
  options: { shortest: number; seed: number },
): TrajectorySet {
  checkTrajectorySet("set", set);
  checkArgument("options", options, { shortest: "count", seed: "whole" });
  const { shortest, seed } = options;
  const { trajectories, records, particles } = set;
  if (shortest > records)
    throw new MclnnError("the shortest length cannot be used", {
      code: "bad-option",
      argument: "shortest",
      expected: `a whole number from 1 to ${records}`,
      got: String(shortest),
    });
  const random = createRandom(seed ^ LENGTH_STREAM);
  const lengths = Array.from(
    { length: trajectories },
    () => shortest + random.integer(records - shortest + 1),
  );
  return withObserved(
    set,
    (index) => {
      const record = Math.floor(index / particles);
      return record % records < (lengths[Math.floor(record / records)] as number);
    },
    { shortest },
  );
}

/** Records up to the last one in which anything was observed. [T] @throws MclnnError as {@link checkTrajectorySet} */
export function trajectoryLengths(set: TrajectorySet): Int32Array {
  checkTrajectorySet("set", set, false);
  const { trajectories, records, particles, observed } = set;
  const out = new Int32Array(trajectories).fill(records);
  if (observed === undefined) return out;
  const size = records * particles;
  for (let t = 0; t < trajectories; t++)
    out[t] = Math.ceil((observed.lastIndexOf(1, (t + 1) * size - 1) - t * size + 1) / particles);
  return out;
}

/** The set without the observations that `keep` refuses. @param keep - asked once for every particle of every record, in order */
function withObserved(
  set: TrajectorySet,
  keep: (index: number) => boolean,
  provenance: TrajectorySet["provenance"] = {},
): TrajectorySet {
  const { trajectories, records, particles, dimension, velocities } = set;
  const observed = new Uint8Array(trajectories * records * particles);
  for (let k = 0; k < observed.length; k++)
    observed[k] = keep(k) && (set.observed === undefined || set.observed[k] === 1) ? 1 : 0;
  const masked = (values: Float64Array): Float64Array =>
    values.map((x, k) => (observed[Math.floor(k / dimension)] === 1 ? x : Number.NaN));
  return {
    ...set,
    positions: masked(set.positions),
    ...(velocities === undefined ? {} : { velocities: masked(velocities) }),
    observed,
    provenance: { ...set.provenance, ...provenance },
  };
}
