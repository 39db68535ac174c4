import type { TrajectorySet } from "@mclnn/datasets";
import { spacingOf } from "../../records/rounding.ts";
import { isObserved, named, type RecordCheck, without } from "./check.ts";

/** A larger share of records that repeat the one before is particles at rest. */
const FEW = 0.25;
/** Rounded positions repeat by themselves where particles move less than so many spacings between records. */
const STEPS = 3;

/** Records that repeat the one before, digit for digit, while everything moves: a frame that was stored twice. */
export const repeated: RecordCheck = (set) => {
  const { trajectories, records, particles } = set;
  const frames: number[] = [];
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k < records; k++)
      if (isSame(set, t * records + k)) frames.push(t * records + k);
  if (frames.length === 0 || frames.length > FEW * trajectories * (records - 1)) return null;
  const spacing = spacingOf(set.positions, (k) => isObserved(set, Math.floor(k / set.dimension)));
  if (spacing > 0 && typicalStep(set) < STEPS * spacing) return null;
  const places = frames.map(
    (frame) => `record ${frame % records} of trajectory ${Math.floor(frame / records)}`,
  );
  const lost = frames.flatMap((frame) =>
    Array.from({ length: particles }, (_, i) => frame * particles + i),
  );
  return {
    mended: without(set, lost),
    finding: {
      kind: "repeated-records",
      text: `records that repeat the one before, digit for digit (a frame stored twice): ${named(places)}, counted from 0`,
      sigmas: frames.length,
      share: null,
      try: `Leave them out, or mark them as not observed; the law was learned without them..`,
    },
  };
};

/** Whether a frame is as the one before. */
function isSame(set: TrajectorySet, frame: number): boolean {
  const { particles, dimension, positions } = set;
  const size = particles * dimension;
  let seen = false;
  for (let i = 0; i < particles; i++) {
    const now = isObserved(set, frame * particles + i);
    if (now !== isObserved(set, (frame - 1) * particles + i)) return false;
    if (!now) continue;
    seen = true;
    for (let c = i * dimension; c < (i + 1) * dimension; c++)
      if (positions[frame * size + c] !== positions[(frame - 1) * size + c]) return false;
  }
  return seen;
}

/** Root mean square of how far a component moves from record to record. */
function typicalStep({ positions, particles, dimension, records }: TrajectorySet): number {
  const size = particles * dimension;
  let sum = 0;
  let count = 0;
  for (let o = size; o < positions.length; o++) {
    const d = positions[o] - positions[o - size];
    if (Math.floor(o / size) % records === 0 || !Number.isFinite(d)) continue;
    sum += d * d;
    count++;
  }
  return Math.sqrt(sum / Math.max(1, count));
}
