import type { TrajectorySet } from "@mclnn/datasets";
import { isEven } from "../../records/segments.ts";
import { isObserved, named, type RecordCheck } from "./check.ts";

/** A particle that is not seen at an end of the records has left where its usual gaps make that so unlikely. */
const CHANCE = 6e-6;
/** Share of records that any particle may be missed in. */
const LEAST_MISSED = 0.02;
/** Records in which all particles are there that a trajectory is worth keeping for. */
const LEAST_RECORDS = 7;

/** From where to where, ends included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Particles that enter, leave, or go on under another number. One that is not seen still pushes the others, so that only records between which all are
 * there tell of a law; two that are never seen together, the one beginning where the other has ended, are one.
 */
export const presence: RecordCheck = (set) => {
  if (set.observed === undefined) return null;
  const groups = joined(set);
  const whole = groups.length < set.particles ? together(set, groups) : set;
  const spans = Array.from({ length: set.trajectories }, (_, t) => spansOf(whole, t));
  const shared = spans.map(sharedSpan);
  const leaves = spans.some((own, t) => own.some((span) => hasLeft(whole, t, span, own)));
  if (!leaves && whole === set) return null;
  const names = groups.flatMap((members) =>
    members.length > 1 ? [members.join(" and ")] : ([] as string[]),
  );
  const kept = leaves ? cutTo(whole, shared) : whole;
  const parts = [
    ...(names.length > 0
      ? [
          `particles ${named(names)} (counted from 0) are never seen together, one begins where the other ends: they were taken as one`,
        ]
      : []),
    ...(leaves ? [inWords(shared, kept)] : []),
  ];
  return {
    ...(kept !== null && { mended: kept }),
    finding: {
      kind: "particles-leave",
      text: parts.join("; "),
      sigmas: parts.length,
      share: null,
      try:
        kept === null
          ? "Give records in which every particle that acts on the others is seen."
          : "Nothing has to be done where that is right. Record a wider view, or join broken tracks, to learn from more.",
    },
  };
};

function inWords(shared: readonly (Span | null)[], kept: TrajectorySet | null): string {
  const left = shared.filter((span) => span === null || !isWorthKeeping(span)).length;
  const [first] = shared;
  const where =
    shared.length > 1
      ? `the law was learned from the ${shared.length - left} of ${shared.length} trajectories in which all are there for ${LEAST_RECORDS} records or more, and from those records`
      : `the law was learned from records ${first?.first} to ${first?.last}, between which all are there`;
  return `particles enter and leave, and one that is not seen still acts on the others: ${kept === null ? "there are too few records in which all are there" : where}`;
}

const isWorthKeeping = ({ first, last }: Span): boolean => last - first + 1 >= LEAST_RECORDS;

/** Where each particle is first and last seen; null for one that never is. [particles] */
function spansOf(set: TrajectorySet, t: number): (Span | null)[] {
  return Array.from({ length: set.particles }, (_, i) => {
    const seen = recordsOf(set, t, i);
    return seen.length === 0 ? null : { first: seen[0], last: seen[seen.length - 1] };
  });
}

const recordsOf = (set: TrajectorySet, t: number, i: number): number[] =>
  Array.from({ length: set.records }, (_, k) => k).filter((k) =>
    isObserved(set, (t * set.records + k) * set.particles + i),
  );

/** Between which records all particles are there; null where that is nowhere. */
function sharedSpan(spans: readonly (Span | null)[]): Span | null {
  let [first, last] = [0, Number.POSITIVE_INFINITY];
  for (const span of spans) {
    if (span === null) return null;
    first = Math.max(first, span.first);
    last = Math.min(last, span.last);
  }
  return last > first ? { first, last } : null;
}

/** Whether a particle is not there at an end of a trajectory, while others are. */
function hasLeft(
  set: TrajectorySet,
  t: number,
  span: Span | null,
  all: readonly (Span | null)[],
): boolean {
  if (span === null) return all.some((other) => other !== null);
  const seen = all.filter((other) => other !== null);
  const first = Math.min(...seen.map((other) => other.first));
  const last = Math.max(...seen.map((other) => other.last));
  const i = all.indexOf(span);
  const missed = 1 - recordsOf(set, t, i).length / (span.last - span.first + 1);
  let chance = 1;
  for (let k = Math.max(span.first - first, last - span.last); k > 0; k--)
    chance *= Math.max(LEAST_MISSED, missed);
  return chance < CHANCE;
}

/** The records between which all particles are there, each trajectory from where that begins; null where that is not possible. */
function cutTo(set: TrajectorySet, shared: readonly (Span | null)[]): TrajectorySet | null {
  const kept = shared.flatMap((span, t) =>
    span !== null && isWorthKeeping(span) ? [{ t, span }] : [],
  );
  if (kept.length === 0) return null;
  const [{ span }] = kept;
  const same = kept.every((one) => one.span.first === span.first && one.span.last === span.last);
  if (!same && !isEven(set.times)) return null;
  const records = Math.max(...kept.map(({ span: { first, last } }) => last - first + 1));
  const times = set.times.slice(span.first, span.first + records);
  return rearranged(
    { ...set, times: same ? times : set.times.slice(0, records) },
    { trajectories: kept.length, records, particles: set.particles },
    (t, k, i) => {
      const { first, last } = kept[t].span;
      return first + k > last ? null : (kept[t].t * set.records + first + k) * set.particles + i;
    },
  );
}

/** Numbers of particles that are one; each by itself where it is seen together with all others that are like it. */
function joined(set: TrajectorySet): number[][] {
  const spans = Array.from({ length: set.trajectories }, (_, t) => spansOf(set, t));
  const apart = (a: number, b: number): boolean =>
    isLike(set, a, b) &&
    spans.every((own) => {
      const [x, y] = [own[a], own[b]];
      return x !== null && y !== null && (x.last < y.first || y.last < x.first);
    });
  const groups: number[][] = [];
  for (let i = 0; i < set.particles; i++) {
    const group = groups.find((members) => members.every((member) => apart(member, i)));
    if (group === undefined) groups.push([i]);
    else group.push(i);
  }
  return groups;
}

const isLike = ({ masses, charges, species }: TrajectorySet, a: number, b: number): boolean =>
  [masses, charges, species].every((of) => of === undefined || of[a] === of[b]);

/** The set with particles that are one as one. */
function together(set: TrajectorySet, groups: readonly (readonly number[])[]): TrajectorySet {
  const { trajectories, records, particles, masses, charges, species } = set;
  const first = groups.map(([i]) => i);
  return rearranged(
    {
      ...set,
      masses: Float64Array.from(first, (i) => masses[i]),
      ...(charges !== undefined && { charges: Float64Array.from(first, (i) => charges[i]) }),
      ...(species !== undefined && { species: Int32Array.from(first, (i) => species[i]) }),
    },
    { trajectories, records, particles: groups.length },
    (t, k, g) => {
      const frame = (t * records + k) * particles;
      const seen = groups[g].find((i) => isObserved(set, frame + i));
      return seen === undefined ? null : frame + seen;
    },
  );
}

/** A set of other sizes, each particle of a record from where `from` says, unseen where that is null. */
function rearranged(
  set: TrajectorySet,
  size: Pick<TrajectorySet, "trajectories" | "records" | "particles">,
  from: (t: number, k: number, i: number) => number | null,
): TrajectorySet {
  const { dimension, positions, velocities } = set;
  const { trajectories, records, particles } = size;
  const count = trajectories * records * particles;
  const observed = new Uint8Array(count);
  const places = new Float64Array(count * dimension).fill(Number.NaN);
  const speeds = velocities && places.slice();
  for (let o = 0; o < count; o++) {
    const frame = Math.floor(o / particles);
    const source = from(Math.floor(frame / records), frame % records, o % particles);
    if (source === null || !isObserved(set, source)) continue;
    observed[o] = 1;
    const own = [source * dimension, (source + 1) * dimension] as const;
    places.set(positions.subarray(...own), o * dimension);
    if (velocities !== undefined) speeds?.set(velocities.subarray(...own), o * dimension);
  }
  return {
    ...set,
    ...size,
    observed,
    positions: places,
    ...(speeds !== undefined && { velocities: speeds }),
  };
}
