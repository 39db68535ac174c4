import type { ColumnRole, Found, Reading } from "./format.ts";
import { cellNumber, type TextTable } from "./table.ts";
import { guessColumns, type Roles, unitIn } from "./track-columns.ts";
import { MOST_NUMBERS, trackSet } from "./track-set.ts";

/** One row for each particle in each frame. */
interface Row {
  readonly line: number;
  readonly trajectory: number;
  readonly frame: number;
  readonly particle: string;
  readonly cells: readonly string[];
}

/** Tracks from a long table: frames in which nothing was seen are records too, so that times stay even. */
export function longTracks(reading: Reading, table: TextTable): Found {
  const roles = guessColumns(reading, table);
  const number = (row: Row, role: ColumnRole): number =>
    roles[role] === undefined ? Number.NaN : cellNumber(row.cells[roles[role]], table.decimalComma);
  const rows = readRows(reading, table, roles);
  const clock = clockOf(reading, rows, roles, table);
  const { frames } = clock;
  const labels = labelsOf(rows);
  const trajectories = [...new Set(rows.map(({ trajectory }) => trajectory))].sort((a, b) => a - b);
  const place = {
    frame: new Map(frames.map((frame, k) => [frame, k])),
    particle: new Map(labels.map((label, k) => [label, k])),
    trajectory: new Map(trajectories.map((t, k) => [t, k])),
  };
  const dimension = roles.z === undefined ? 2 : 3;
  const cells = trajectories.length * frames.length * labels.length;
  if (cells * dimension > MOST_NUMBERS)
    throw reading.refuse(
      "",
      `at most ${MOST_NUMBERS / 3} places of particles`,
      `${labels.length} particles in ${frames.length} frames`,
      "Leave short tracks out, or cut the film into pieces.",
    );
  const positions = new Float64Array(cells * dimension).fill(Number.NaN);
  const moving = ["vx", "vy", ...(dimension === 3 ? ["vz"] : [])].every(
    (role) => roles[role as ColumnRole] !== undefined,
  );
  const velocities = moving ? new Float64Array(cells * dimension).fill(Number.NaN) : undefined;
  const lines = new Int32Array(cells);
  const own: { [K in "mass" | "charge" | "species"]: (number | undefined)[] } = {
    mass: labels.map(() => undefined),
    charge: labels.map(() => undefined),
    species: labels.map(() => undefined),
  };
  const axes = ["x", "y", "z"] as const;
  for (const row of rows) {
    const particle = place.particle.get(row.particle) as number;
    const record =
      (place.trajectory.get(row.trajectory) as number) * frames.length +
      (place.frame.get(row.frame) as number);
    const cell = record * labels.length + particle;
    if (lines[cell] !== 0)
      throw reading.refuse(
        `lines ${lines[cell]} and ${row.line}`,
        "one row for each particle and frame",
        `two for particle ${row.particle} in frame ${row.frame}`,
      );
    lines[cell] = row.line;
    for (let d = 0; d < dimension; d++) {
      const axis = axes[d] as "x" | "y" | "z";
      positions[cell * dimension + d] = number(row, axis);
      if (velocities !== undefined) velocities[cell * dimension + d] = number(row, `v${axis}`);
    }
    for (const role of ["mass", "charge", "species"] as const)
      if (roles[role] !== undefined) own[role][particle] = number(row, role);
  }
  const { titles } = table;
  const names = titles.find((each) => each[roles.x as number] !== undefined) ?? [];
  const known = (values: readonly (number | undefined)[]): values is number[] =>
    values.every((value) => value !== undefined);
  return trackSet(reading, {
    trajectories: trajectories.length,
    labels,
    dimension,
    frames: clock.numbered ? frames : undefined,
    times: clock.times,
    positions,
    velocities,
    masses: own.mass,
    charges: known(own.charge) ? Float64Array.from(own.charge) : undefined,
    species: known(own.species) ? Int32Array.from(own.species) : undefined,
    unit: unitIn(names[roles.x as number]),
  });
}

/** Rows with places; those without are of frames in which the particle was not found. */
function readRows(reading: Reading, table: TextTable, roles: Roles): Row[] {
  const { rows, lines, decimalComma } = table;
  const when = (roles.frame ?? roles.time) as number;
  const out: Row[] = [];
  let empty = 0;
  let units = 0;
  for (let k = 0; k < rows.length; k++) {
    const cells = rows[k] as readonly string[];
    const line = lines[k] as number;
    const place = [roles.x, roles.y, roles.z].flatMap((column) =>
      column === undefined ? [] : [cells[column] ?? ""],
    );
    if (place.every((cell) => cell === "" || /^nan$/i.test(cell))) {
      empty++;
      continue;
    }
    const frame = cellNumber(cells[when], decimalComma);
    const numbers = [frame, ...place.map((cell) => cellNumber(cell, decimalComma))];
    if (!numbers.every(Number.isFinite)) {
      // Rows of units and of longer titles stand below the titles.
      if (out.length === 0 && units++ < 4) continue;
      throw reading.refuse(
        `line ${line}`,
        "numbers for frame and place",
        JSON.stringify([cells[when], ...place].join(" ").slice(0, 80)),
      );
    }
    const label = roles.particle === undefined ? "0" : (cells[roles.particle] ?? "");
    const trajectory =
      roles.trajectory === undefined ? 0 : cellNumber(cells[roles.trajectory], decimalComma);
    // TrackMate's spots that are in no track.
    if (label === "") empty++;
    else out.push({ line, trajectory, frame, particle: asLabel(label), cells });
  }
  if (empty > 0) reading.note(`${empty} rows have no place or no particle, and are passed over`);
  if (out.length === 0) throw reading.refuse("", "rows with numbers", "none");
  return out;
}

/** 11 and 11.0 are the same particle. */
const asLabel = (cell: string): string => (/^\d+\.0*$/.test(cell) ? String(Number(cell)) : cell);

/** Labels by size where they are numbers, else in the order in which they come. */
function labelsOf(rows: readonly Row[]): string[] {
  const labels = [...new Set(rows.map(({ particle }) => particle))];
  return labels.every((label) => Number.isFinite(Number(label)))
    ? labels.sort((a, b) => Number(a) - Number(b))
    : labels;
}

/** What tells the records: numbers of frames, with the times of a column that runs evenly with them, or times alone. */
function clockOf(
  reading: Reading,
  rows: readonly Row[],
  { frame, time }: Roles,
  { decimalComma }: TextTable,
): { frames: number[]; numbered: boolean; times?: number[] } {
  const there = [...new Set(rows.map((row) => row.frame))].sort((a, b) => a - b);
  if (frame === undefined) return { frames: there, numbered: false, times: there };
  const frames = withGaps(there);
  if (time === undefined || reading.option("fps") !== undefined) return { frames, numbered: true };
  const timeOf = new Map(rows.map((row) => [row.frame, cellNumber(row.cells[time], decimalComma)]));
  const [first = 0, last = 0] = [there[0], there.at(-1)];
  const [from = 0, to = 0] = [timeOf.get(first), timeOf.get(last)];
  const times = frames.map((n) => from + ((to - from) * (n - first)) / (last - first || 1));
  const known = frames.every((n, k) => {
    const told = timeOf.get(n);
    return (
      told === undefined || Math.abs(told - (times[k] as number)) <= 1e-6 * Math.abs(to - from)
    );
  });
  if (known && to > from) return { frames, numbered: true, times };
  reading.note("the column of times does not run evenly with the frames, and is passed over");
  return { frames, numbered: true };
}

/** Frames from the first to the last, also those of which there is no row, unless most would be such. */
function withGaps(there: readonly number[]): number[] {
  if (!there.every(Number.isInteger)) return [...there];
  let step = 0;
  for (let k = 1; k < there.length; k++)
    for (let b = (there[k] as number) - (there[k - 1] as number); b > 0; )
      [step, b] = [b, step % b];
  const [first = 0] = there;
  const count = step === 0 ? 1 : ((there.at(-1) as number) - first) / step + 1;
  if (count > 2 * there.length + 100) return [...there];
  return Array.from({ length: count }, (_, k) => first + k * step);
}
