import type { TrajectorySet } from "../trajectory-set.ts";
import { writtenDigits } from "./digits.ts";
import { massesOf } from "./elements.ts";
import type { Found, Reading } from "./format.ts";
import { timesOf } from "./times.ts";

/** What was read of tracks, before it is a set. */
export interface Tracks {
  readonly trajectories: number;
  /** Labels of the particles, in their order. */
  readonly labels: readonly string[];
  readonly dimension: 2 | 3;
  /** Numbers of the frames, where they have some. */
  readonly frames?: readonly number[] | undefined;
  /** Their times, where the table has them. */
  readonly times?: readonly number[] | undefined;
  /** NaN where not seen. [T x R x N x dimension] */
  readonly positions: Float64Array;
  readonly velocities?: Float64Array | undefined;
  readonly masses?: readonly (number | undefined)[];
  readonly charges?: Float64Array | undefined;
  readonly species?: Int32Array | undefined;
  readonly unit?: string | undefined;
}

/** Numbers of positions that a set may have: 2 GiB. */
export const MOST_NUMBERS: number = 2 ** 28;

/** Tracks as trajectories: in the unit of length asked for, not observed where NaN. */
export function trackSet(reading: Reading, found: Tracks): Found {
  const tracks = withoutUnseen(reading, found);
  const { trajectories, labels, dimension, frames, positions } = tracks;
  const particles = labels.length;
  const records = positions.length / (trajectories * particles * dimension);
  const nothing = new Array<undefined>(records).fill(undefined);
  const { times, timeUnit, steps } = timesOf(
    reading,
    {
      records,
      times: tracks.times ?? nothing,
      steps: frames ?? nothing,
    },
    "frame",
  );
  const digits = writtenDigits(positions);
  const scale = reading.option("scale");
  const { factor = 1, unit = tracks.unit } = scale ?? {};
  const scaled = (values: Float64Array): Float64Array =>
    factor === 1 ? values : values.map((x) => x * factor);
  const observed = new Uint8Array(trajectories * records * particles);
  for (let cell = 0; cell < observed.length; cell++)
    observed[cell] = Number.isNaN(positions[cell * dimension]) ? 0 : 1;
  const missing = observed.includes(0);
  if (missing) sayWhatIsMissing(reading, observed, records, particles);
  const { velocities, charges, species } = tracks;
  const set: TrajectorySet = {
    trajectories,
    records,
    particles,
    dimension,
    times,
    masses: massesOf(reading, tracks.masses ?? labels.map(() => undefined), labels, "lj"),
    positions: scaled(positions),
    ...(velocities === undefined ? {} : { velocities: scaled(velocities) }),
    ...(charges === undefined ? {} : { charges }),
    ...(species === undefined ? {} : { species }),
    ...(missing ? { observed } : {}),
    provenance: {
      file: reading.source.name.split(/[/\\]/).at(-1) ?? "",
      ...(unit === undefined ? {} : { lengthUnit: unit }),
      particles: labels.slice(0, 1000),
      ...steps,
    },
  };
  return { set, timeUnit, units: unit ?? null, digits, wrapped: null, kinds: [] };
}

/** The tracks without particles of which there is no place at all. */
function withoutUnseen(reading: Reading, tracks: Tracks): Tracks {
  const { labels, dimension, positions, velocities, masses, charges, species } = tracks;
  const seen = labels.map(() => false);
  for (let cell = 0; cell * dimension < positions.length; cell++)
    if (!Number.isNaN(positions[cell * dimension])) seen[cell % labels.length] = true;
  if (!seen.includes(true)) throw reading.refuse("", "places of one particle or more", "none");
  if (!seen.includes(false)) return tracks;
  const keep = labels.flatMap((_, i) => (seen[i] === true ? [i] : []));
  reading.note(
    `never seen, and left out: ${labels
      .filter((_, i) => seen[i] === false)
      .slice(0, 20)
      .join(", ")}`,
  );
  const inCells = (values: Float64Array): Float64Array =>
    values.filter((_, k) => seen[Math.floor(k / dimension) % labels.length] === true);
  return {
    ...tracks,
    labels: keep.map((i) => labels[i] as string),
    positions: inCells(positions),
    velocities: velocities && inCells(velocities),
    ...(masses === undefined ? {} : { masses: keep.map((i) => masses[i]) }),
    charges: charges && Float64Array.from(keep, (i) => charges[i] as number),
    species: species && Int32Array.from(keep, (i) => species[i] as number),
  };
}

/** Says that particles come and go, where they do. */
function sayWhatIsMissing(
  reading: Reading,
  observed: Uint8Array,
  records: number,
  particles: number,
): void {
  let most = 0;
  for (let first = 0; first < observed.length; first += particles) {
    let there = 0;
    for (let i = 0; i < particles; i++) there += observed[first + i] as number;
    most = Math.max(most, there);
  }
  const seen = observed.reduce((sum, there) => sum + there, 0);
  reading.note(
    `${observed.length - seen} of ${observed.length} places in ${records} records are missing; at most ${most} of ${particles} particles are seen at once`,
  );
}
