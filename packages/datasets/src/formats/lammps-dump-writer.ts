import { MclnnError } from "@mclnn/physics";
import type { TrajectorySet } from "../trajectory-set.ts";
import { lammpsBounds } from "./lammps-box.ts";
import { areElements, kindNames } from "./names.ts";

/** Room beyond the farthest particles where there is no box. */
const MARGIN = 1;

/**
 * Frames of a dump, all digits of every number.
 *
 * Time and units stand behind `ITEM: NUMBER OF ATOMS`, where no program looks: items of their own, which LAMMPS can write
 * (`dump_modify time yes`), are lines that MDAnalysis does not expect.
 */
export function* writeDump(set: TrajectorySet): Generator<string> {
  const { trajectories, records, particles, dimension, times, positions } = set;
  const { velocities, images, masses, charges, observed, species } = set;
  const names = kindNames(set);
  const types = names.every((name) => /^[1-9]\d*$/.test(name)) ? names.map(Number) : undefined;
  const chemical = areElements(names);
  const units = /^\w+$/.test(String(set.provenance.units ?? "")) ? set.provenance.units : undefined;
  const behind = units === undefined ? "" : ` UNITS ${units}`;
  const { stride } = set.provenance;
  const step = typeof stride === "number" && Number.isInteger(stride) && stride > 0 ? stride : 1;
  const columns = [
    ...["id", "type", ...(chemical ? ["element"] : []), "mass"],
    ...(charges === undefined ? [] : ["q"]),
    ...(images === undefined && set.box === undefined ? ["xu", "yu", "zu"] : ["x", "y", "z"]),
    ...(images === undefined ? [] : ["ix", "iy", "iz"]),
    ...(velocities === undefined ? [] : ["vx", "vy", "vz"]),
  ];
  if (trajectories > 1)
    throw new MclnnError("a LAMMPS dump holds one trajectory", {
      code: "unwritable-format",
      argument: "set.trajectories",
      expected: "one trajectory",
      got: String(trajectories),
      mend: "Extended XYZ, NPZ and tables hold several.",
    });
  for (let k = 0; k < records; k++) {
    const rows: string[] = [];
    for (let i = 0; i < particles; i++) {
      const cell = k * particles + i;
      if (observed?.[cell] === 0) continue;
      const vector = (of: ArrayLike<number>): number[] =>
        [0, 1, 2].map((d) => (d < dimension ? (of[cell * dimension + d] as number) : 0));
      const kind = species?.[i] ?? 0;
      rows.push(
        [
          i + 1,
          types?.[kind] ?? kind + 1,
          ...(chemical ? [names[kind]] : []),
          masses[i],
          ...(charges === undefined ? [] : [charges[i]]),
          ...vector(positions),
          ...(images === undefined ? [] : vector(images)),
          ...(velocities === undefined ? [] : vector(velocities)),
        ].join(" "),
      );
    }
    yield `ITEM: TIMESTEP\n${k * step}\nITEM: NUMBER OF ATOMS TIME ${times[k]}${behind}\n${rows.length}\n${boxText(set, k, positions)}ITEM: ATOMS ${columns.join(" ")}\n${rows.map((row) => `${row}\n`).join("")}`;
  }
}

/** The lines of the box; one around all particles that does not repeat where there is none. */
function boxText(
  { box, origin, periodic, records, particles, dimension }: TrajectorySet,
  frame: number,
  positions: Float64Array,
): string {
  if (box === undefined) {
    const size = particles * dimension;
    const sides = [0, 1, 2].map((d) => {
      let [low, high] = [0, 0];
      for (let at = frame * size + d; d < dimension && at < (frame + 1) * size; at += dimension) {
        low = Math.min(low, Number.isNaN(positions[at]) ? low : (positions[at] as number));
        high = Math.max(high, Number.isNaN(positions[at]) ? high : (positions[at] as number));
      }
      return `${low - MARGIN} ${high + MARGIN}\n`;
    });
    return `ITEM: BOX BOUNDS ff ff ff\n${sides.join("")}`;
  }
  const first = box.length > 9 ? 9 * (frame % records) : 0;
  const h = box.subarray(first, first + 9);
  const cell = lammpsBounds(h, origin ?? [0, 0, 0]);
  const letters = [0, 1, 2].map((d) => (periodic?.[d] === 1 ? "pp" : "ff")).join(" ");
  if (cell === null)
    throw new MclnnError("the box cannot be written as a LAMMPS dump", {
      code: "unwritable-format",
      argument: "set.box",
      expected: "a box whose first row is along x and whose second is in the xy plane",
      got: Array.from(h).join(" "),
      mend: "Extended XYZ and NPZ hold every box.",
    });
  const { bounds, tilt } = cell;
  const [xy, xz, yz] = tilt;
  const row = (d: 0 | 1 | 2): [number, number] => bounds[d] as [number, number];
  if (xy === 0 && xz === 0 && yz === 0)
    return `ITEM: BOX BOUNDS ${letters}\n${bounds.map((bound) => `${bound.join(" ")}\n`).join("")}`;
  const x = [
    row(0)[0] + Math.min(0, xy, xz, xy + xz),
    row(0)[1] + Math.max(0, xy, xz, xy + xz),
    xy,
  ];
  const y = [row(1)[0] + Math.min(0, yz), row(1)[1] + Math.max(0, yz), xz];
  return `ITEM: BOX BOUNDS xy xz yz ${letters}\n${x.join(" ")}\n${y.join(" ")}\n${[...row(2), yz].join(" ")}\n`;
}
