import { cellVolume } from "@mclnn/physics/space";
import { type Box, toldBox } from "../box.ts";
import { unwrappedPositions } from "../set-space.ts";
import type { TrajectorySet } from "../trajectory-set.ts";
import { writtenDigits } from "./digits.ts";
import { massesOf } from "./elements.ts";
import type { Found, Reading } from "./format.ts";
import type { Frame } from "./frame.ts";
import { jumpsIn, strangersInRows } from "./order.ts";
import { type Columns, Table } from "./record-table.ts";
import { timesOf } from "./times.ts";
import { followImages } from "./wrapping.ts";

/** What a reader says of all its frames. */
export interface Manner {
  /** Whether positions are wrapped into the box; undefined where the file does not say. Images make it true. */
  wrapped?: boolean | undefined;
  units?: string | undefined;
  /** Of the positions as they were written, where they were computed from others. */
  digits?: number | null;
  dimension?: 2 | 3;
  /** What a number that counts frames is called. */
  counts?: "step" | "frame";
  /** Particles without a mass in the file have this. Default: those of the elements, else 1. */
  provenance?: TrajectorySet["provenance"];
}

/** One trajectory of the frames of a file: particles by id, missing where a frame lacks them, times, masses, box. @param manner - read at the end */
export async function gather(
  reading: Reading,
  frames: AsyncIterable<Frame>,
  manner: Manner,
): Promise<Found> {
  const table = new Table(reading, manner.dimension ?? 3);
  const boxes: Box[] = [];
  let named = true;
  for await (const frame of frames) {
    named = frame.ids !== undefined;
    const kept = table.add(frame);
    boxes.length = Math.min(boxes.length, kept);
    if (frame.box === undefined) continue;
    if (boxes.length === 0) reading.hooks.onBox?.(frame.box.periodic);
    boxes[kept] = frame.box;
  }
  if (table.records === 0)
    throw reading.refuse("", "at least one frame", "a file without a whole frame");
  const columns = table.finish();
  const { particles, dimension, starts } = columns;
  const trajectories = starts.length;
  const records = columns.records / trajectories;
  if (starts.some((start, k) => start !== k * records))
    throw reading.refuse(
      "",
      "trajectories of the same number of frames",
      `trajectories that begin at frames ${starts.slice(0, 8).join(", ")} of ${columns.records}`,
    );
  const kinds = speciesOf(columns.kinds);
  const { times, timeUnit, steps } = timesOf(
    reading,
    clockOf(reading, columns, records),
    manner.counts ?? "frame",
  );
  const box = boxOf(reading, boxes, records, dimension);
  const set: TrajectorySet = {
    trajectories,
    records,
    particles,
    dimension,
    times,
    masses: massesOf(reading, columns.masses, columns.kinds, manner.units),
    positions: columns.positions,
    ...(columns.velocities === undefined ? {} : { velocities: columns.velocities }),
    ...(columns.observed === undefined ? {} : { observed: columns.observed }),
    ...(columns.charges === undefined ? {} : { charges: columns.charges }),
    ...(kinds.names.length > 1 ? { species: kinds.species } : {}),
    ...(box ?? {}),
    provenance: {
      file: reading.source.name.split(/[/\\]/).at(-1) ?? "",
      ...(manner.units === undefined ? {} : { units: manner.units }),
      ...(kinds.names.length > 0 ? { kinds: kinds.names } : {}),
      ...steps,
      ...manner.provenance,
    },
  };
  if (!named) checkRows(reading, set);
  const images = columns.images;
  const followed =
    images === undefined
      ? followImages(set, manner.wrapped, reading, timeUnit === "time")
      : { wrapped: true, images };
  const jumps = box === undefined ? jumpsIn(set) : 0;
  if (jumps > 0)
    reading.note(
      `${jumps} times a coordinate jumps by more than half of what all of them span: positions seem to be wrapped into a box that the file does not tell`,
    );
  return {
    set: withoutBox(reading, {
      ...set,
      ...(followed.images === undefined ? {} : { images: followed.images }),
    }),
    timeUnit,
    units: manner.units ?? null,
    digits: manner.digits === undefined ? writtenDigits(columns.positions) : manner.digits,
    wrapped: jumps > 0 ? true : followed.wrapped,
    kinds: kinds.names,
  };
}

/** Steps and times of the records, which have to be those of every trajectory. */
function clockOf(
  reading: Reading,
  { steps, times, records: all }: Columns,
  records: number,
): { records: number; steps: Columns["steps"]; times: Columns["times"] } {
  for (let k = records; k < all; k++)
    if (times[k] !== times[k % records])
      throw reading.refuse(
        `frame ${k}`,
        `time ${times[k % records]}, as in the first trajectory`,
        `${times[k]}`,
      );
  return { records, steps: steps.slice(0, records), times: times.slice(0, records) };
}

/** Says where rows are hardly the same particles in every frame. */
function checkRows(reading: Reading, set: TrajectorySet): void {
  const { strangers, compared } = strangersInRows(set);
  if (strangers > 0.1 * compared)
    reading.note(
      `rows seem to be other particles in each frame: ${strangers} of ${compared} rows of frame 1 are nearer to where another row was in frame 0. The file has no ids; write it sorted (LAMMPS: dump_modify ID sort id), or frames closer together`,
    );
}

/** Kinds in the order of their names, numbers by size, and which of them each particle is. */
function speciesOf(kinds: readonly (string | undefined)[]): {
  names: string[];
  species: Int32Array;
} {
  const names = [...new Set(kinds.filter((kind) => kind !== undefined))];
  names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  const place = new Map(names.map((name, k) => [name, k]));
  return { names, species: Int32Array.from(kinds, (kind) => place.get(kind ?? "") ?? 0) };
}

/** The box that was told, that of all records, or one for each where it changes. */
function boxOf(
  reading: Reading,
  boxes: readonly Box[],
  records: number,
  dimension: 2 | 3,
): Pick<TrajectorySet, "box" | "origin" | "periodic"> | undefined {
  const asked = reading.option("box");
  if (asked !== undefined && asked !== "none") return toldBox("box", asked, dimension);
  const [first] = boxes;
  if (first === undefined) return undefined;
  for (let k = 0; k < records; k++) {
    const box = boxes[k];
    if (box === undefined)
      throw reading.refuse(`frame ${k}`, "a box in every frame or in none", "no box");
    if (!(Math.abs(cellVolume(box.rows)) > 0))
      throw reading.refuse(`frame ${k}`, "a box with a volume", Array.from(box.rows).join(" "));
  }
  const { origin } = first;
  const periodic = Uint8Array.from(first.periodic, Number);
  const odd = boxes.findIndex((box) => `${box.periodic}` !== `${first.periodic}`);
  if (odd > 0)
    reading.note(`frame ${odd} repeats along other directions than frame 0, which is taken`);
  const changed = boxes.findIndex((box) => !sameBox(first, box));
  // Walls that only follow the particles are no box that changes.
  if (changed < 0 || !first.periodic.some(Boolean))
    return { box: first.rows.slice(), origin, periodic };
  const volumes = [cellVolume(first.rows), cellVolume((boxes[changed] as Box).rows)];
  reading.note(
    `the box changes: its volume is ${volumes.map((v) => v.toPrecision(6)).join(" in frame 0 and ")} in frame ${changed}`,
  );
  const box = new Float64Array(9 * records);
  for (let k = 0; k < records; k++) box.set((boxes[k] as Box).rows, 9 * k);
  return { box, origin, periodic };
}

/** The same in what repeats: walls that are not periodic may follow the particles. */
function sameBox({ rows, periodic }: Box, other: Box): boolean {
  return rows.every(
    (x, k) =>
      periodic[Math.floor(k / 3)] === false ||
      Math.abs(x - (other.rows[k] as number)) <= 1e-9 * Math.abs(x),
  );
}

/** The set in open space where that was asked: particles go on through the walls. */
export function withoutBox(reading: Reading, set: TrajectorySet): TrajectorySet {
  if (set.box === undefined || reading.option("box") !== "none") return set;
  const { box: _, origin: __, periodic: ___, images: ____, ...rest } = set;
  return { ...rest, positions: unwrappedPositions(set) };
}
