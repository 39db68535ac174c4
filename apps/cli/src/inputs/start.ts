import { stat } from "node:fs/promises";
import { parseState, type TrajectorySet, unwrappedPositions } from "@mclnn/datasets";
import type { ByteSource } from "@mclnn/datasets/formats";
import { MclnnError, type State } from "@mclnn/physics";
import { badOption } from "../options/errors.ts";
import { readInput } from "./file.ts";
import { optionalLibrary } from "./optional-library.ts";
import { trajectorySource } from "./trajectory-source.ts";

/** Particles and where they start. */
export interface NamedStart {
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  readonly charges?: Float64Array;
  readonly species?: Int32Array;
  /** The box that they are in. [9], [3], [3] */
  readonly box?: Float64Array;
  readonly origin?: Float64Array;
  readonly periodic?: Uint8Array;
  readonly start: State;
}

const OPTION = "--initial";
/** `run.npz@first`, `run.npz@12`, or with the trajectory before it: `data.npz@3:first`. */
const RECORD = /^(.+)@(?:(\d+):)?(first|last|\d+)$/;

/**
 * The start that a file named on the command line holds: a state, a LAMMPS data file, or a record of any file of trajectories, the last
 * unless `@` says another. @param remark - what was guessed or taken. @throws MclnnError of kind `input`
 */
export async function readStart(
  given: string,
  remark: (text: string) => void,
): Promise<NamedStart> {
  const [, named = given, trajectory, record] = (await isThere(given))
    ? []
    : (RECORD.exec(given) ?? []);
  const path = record === undefined ? given : named;
  const source = await trajectorySource(path, OPTION);
  for await (const bytes of source.bytes()) {
    if (/^[\s\uFEFF]*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) {
      if (record !== undefined)
        throw badOption(OPTION, "no @ behind a state: it is one record", JSON.stringify(given));
      const text = new TextDecoder().decode(await readInput(path, OPTION));
      const { state, ...particles } = parseState(text, { source: path });
      return { ...particles, start: state };
    }
    break;
  }
  const set = await openSet(source, remark);
  const at = placeIn(set, { given, trajectory, record });
  if (record === undefined && set.records > 1)
    remark(`${path}: the start is its last record, of t = ${set.times[at.record]}.`);
  return stateAt(set, at, path);
}

/** Trajectories, without jumps at the walls of a box. */
async function openSet(source: ByteSource, remark: (text: string) => void): Promise<TrajectorySet> {
  const { readTrajectories } = await import("@mclnn/datasets/formats");
  const hooks = { load: optionalLibrary(OPTION) };
  const { set, format, notes } = await readTrajectories(source, {}, hooks);
  if (format === "LAMMPS data") {
    remark(
      `${source.name}: a data file does not say whether its box repeats; the start is in open space, without it.`,
    );
    return (await readTrajectories(source, { box: "none" }, hooks)).set;
  }
  for (const note of notes) remark(`${source.name}: ${note}.`);
  // A start is where particles really are; forces are to nearest images.
  const { images: _, ...unwrapped } = { ...set, positions: unwrappedPositions(set) };
  return unwrapped;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

interface Place {
  readonly trajectory: number;
  readonly record: number;
}

function placeIn(
  { trajectories, records }: TrajectorySet,
  {
    given,
    trajectory,
    record = "last",
  }: { given: string; trajectory: string | undefined; record: string | undefined },
): Place {
  if (trajectory === undefined && trajectories > 1)
    throw badOption(
      OPTION,
      `one of ${trajectories} trajectories: FILE@0:last, FILE@${trajectories - 1}:first`,
      JSON.stringify(given),
      { what: "--initial does not say of which trajectory" },
    );
  const place = {
    trajectory: Number(trajectory ?? 0),
    record: record === "first" ? 0 : record === "last" ? records - 1 : Number(record),
  };
  if (place.trajectory >= trajectories || place.record >= records)
    throw badOption(
      OPTION,
      `a record from 0 to ${records - 1} of a trajectory from 0 to ${trajectories - 1}`,
      JSON.stringify(given),
    );
  return place;
}

/** The state of a record, checked as that of a file of one state is. */
function stateAt(set: TrajectorySet, { trajectory, record }: Place, path: string): NamedStart {
  const { particles, dimension, positions, velocities } = set;
  if (velocities === undefined)
    throw new MclnnError(`${OPTION} ${path} has no velocities`, {
      code: "missing-velocities",
      argument: OPTION,
      expected: "positions and velocities to start from",
      got: "positions alone",
      mend: 'Write a state, { "masses": [..], "positions": [[..]], "velocities": [[..]] }; all 0 starts from rest.',
    });
  const first = (trajectory * set.records + record) * particles * dimension;
  const rows = (values: Float64Array): number[][] =>
    Array.from({ length: particles }, (_, i) => {
      const at = first + i * dimension;
      return [...values.subarray(at, at + dimension)];
    });
  const listed = { positions: rows(positions), velocities: rows(velocities) };
  const unseen = listed.positions.findIndex((row) => row.some(Number.isNaN));
  if (unseen >= 0)
    throw new MclnnError(`${OPTION} ${path} does not show all particles`, {
      code: "not-finite",
      argument: OPTION,
      expected: "a record in which all were observed",
      got: `particle ${unseen} unseen in record ${record}`,
    });
  const { masses, charges, species, times, box, origin, periodic } = set;
  const { state, ...bodies } = parseState(
    JSON.stringify({
      ...listed,
      masses: [...masses],
      time: times[record],
      ...(charges && { charges: [...charges] }),
      ...(species && { species: [...species] }),
    }),
    { source: path },
  );
  return {
    ...bodies,
    ...(box === undefined || periodic === undefined
      ? {}
      : { box: box.length > 9 ? box.slice(9 * record, 9 * record + 9) : box, periodic }),
    ...(box === undefined || origin === undefined ? {} : { origin }),
    start: state,
  };
}
