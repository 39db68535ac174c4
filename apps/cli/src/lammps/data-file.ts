import { MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
import { exact } from "../laws-out/everywhere.ts";

/** Particles of one species and mass: what LAMMPS calls a type, numbered from 1. */
export interface AtomType {
  readonly species: number;
  readonly mass: number;
}

/** A state as LAMMPS reads it. */
export interface DataFile {
  readonly text: string;
  readonly types: readonly AtomType[];
  /** Letters of `boundary`. */
  readonly boundary: string;
}

/** Room around particles in open space, over what they span. */
const ROOM = 0.1;

/**
 * A data file of atom_style atomic: positions in the box, with flags that say in which image they are.
 *
 * @throws MclnnError `unwritable-format` for a box that does not lie as LAMMPS has them: a along x, b in the plane of x and y
 */
export function dataFile(system: ParticleSystem, state: State, units: string): DataFile {
  const { masses, species, dimension, space } = system;
  const n = masses.length;
  const types: AtomType[] = [];
  const typeOf = Array.from(masses, (mass, i) => {
    const own = { species: species?.[i] ?? 0, mass };
    const found = types.findIndex((each) => each.species === own.species && each.mass === mass);
    return found >= 0 ? found + 1 : types.push(own);
  });
  const at = (values: Float64Array, i: number, c: number): number =>
    c < dimension ? (values[i * dimension + c] as number) : 0;
  const { rows, origin, periodic } = boxAround(system, state);
  const inverse = space?.inverse;
  const lines = [
    `mclnn export, units ${units}, atom_style atomic`,
    "",
    `${n} atoms`,
    `${types.length} atom types`,
    "",
    ...["x", "y", "z"].map(
      (c, d) =>
        `${exact(origin[d] as number)} ${exact((origin[d] as number) + (rows[4 * d] as number))} ${c}lo ${c}hi`,
    ),
  ];
  const tilt = [rows[3], rows[6], rows[7]] as number[];
  if (tilt.some((x) => x !== 0)) lines.push(`${tilt.map(exact).join(" ")} xy xz yz`);
  lines.push("", "Masses", "", ...types.map(({ mass }, k) => `${k + 1} ${exact(mass)}`));
  lines.push("", "Atoms # atomic", "");
  for (let i = 0; i < n; i++) {
    const place = [0, 1, 2].map((c) => at(state.positions, i, c));
    const images = [0, 0, 0].map((_, row) => {
      if (inverse === undefined || !periodic[row]) return 0;
      const share = [0, 1, 2].reduce(
        (sum, c) =>
          sum + ((place[c] as number) - (origin[c] as number)) * (inverse[3 * c + row] as number),
        0,
      );
      return Math.floor(share);
    });
    images.forEach((image, row) => {
      for (let c = 0; c < 3; c++)
        place[c] = (place[c] as number) - image * (rows[3 * row + c] as number);
    });
    lines.push(`${i + 1} ${typeOf[i]} ${place.map(exact).join(" ")} ${images.join(" ")}`);
  }
  lines.push("", "Velocities", "");
  for (let i = 0; i < n; i++)
    lines.push(`${i + 1} ${[0, 1, 2].map((c) => exact(at(state.velocities, i, c))).join(" ")}`);
  return {
    text: `${lines.join("\n")}\n`,
    types,
    boundary: periodic
      .map((along, c) => (along || (c === 2 && dimension === 2) ? "p" : "s"))
      .join(" "),
  };
}

/** The cell, or in open space one around the particles. */
function boxAround(
  { dimension, space, masses }: ParticleSystem,
  { positions }: State,
): { rows: Float64Array; origin: Float64Array; periodic: readonly boolean[] } {
  const { rows, origin, periodic } = space ?? {
    rows: new Float64Array(9),
    origin: new Float64Array(3),
    periodic: [false, false, false],
  };
  const own = { rows: rows.slice(), origin: origin.slice() };
  if (periodic.some(Boolean) && [rows[1], rows[2], rows[5]].some((x) => x !== 0))
    throw new MclnnError("LAMMPS cannot be given this box", {
      code: "unwritable-format",
      argument: "--initial",
      expected: "a box with a along x and b in the plane of x and y",
      got: `rows ${Array.from(rows).join(", ")}`,
      mend: "Rotate positions, velocities and box together.",
    });
  for (let c = 0; c < 3; c++) {
    if (periodic[c]) continue;
    let low = c < dimension ? Number.POSITIVE_INFINITY : -0.5;
    let high = c < dimension ? Number.NEGATIVE_INFINITY : 0.5;
    for (let i = 0; c < dimension && i < masses.length; i++) {
      const x = positions[i * dimension + c] as number;
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    const room = c < dimension ? ROOM * (high - low) + 1e-3 : 0;
    own.origin[c] = low - room;
    own.rows[4 * c] = high - low + 2 * room;
  }
  return { ...own, periodic };
}
