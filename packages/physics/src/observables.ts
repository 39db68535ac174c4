import { MclnnError } from "./errors.ts";
import type { Bodies, ParticleSystem, State } from "./system.ts";
import type { Trajectory } from "./trajectory.ts";

/** Refuses an array that is not [N x dimension]: sums over it would be NaN, or leave particles out. */
function fits({ masses, dimension }: Bodies, argument: string, { length }: Float64Array): void {
  const expected = masses.length * dimension;
  if (length !== expected)
    throw new MclnnError(`${argument} do not fit the system`, {
      code: "bad-shape",
      argument,
      expected: `${expected} numbers (${masses.length} particles x ${dimension})`,
      got: `${length}`,
    });
}

/** T = sum m_i |v_i|^2 / 2 (Eq. 5). @param velocities - [N x dimension] */
export function kineticEnergy(bodies: Bodies, velocities: Float64Array): number {
  fits(bodies, "velocities", velocities);
  const { masses, dimension } = bodies;
  let sum = 0;
  for (let i = 0; i < masses.length; i++) {
    let square = 0;
    for (let c = 0; c < dimension; c++) {
      const v = velocities[i * dimension + c] as number;
      square += v * v;
    }
    sum += 0.5 * (masses[i] as number) * square;
  }
  return sum;
}

/** V of the configuration. @param positions - [N x dimension] */
export function potentialEnergy(system: ParticleSystem, positions: Float64Array): number {
  fits(system, "positions", positions);
  return system.potential.energy(system, positions);
}

/** L = T - V (Eq. 7). */
export function lagrangian(system: ParticleSystem, { positions, velocities }: State): number {
  return kineticEnergy(system, velocities) - potentialEnergy(system, positions);
}

/** H = T + V, the total energy. */
export function hamiltonian(system: ParticleSystem, { positions, velocities }: State): number {
  return kineticEnergy(system, velocities) + potentialEnergy(system, positions);
}

/** P = sum m_i v_i. @returns [dimension] */
export function linearMomentum(bodies: Bodies, velocities: Float64Array): Float64Array {
  return weightedSum(bodies, "velocities", velocities);
}

/** sum m_i q_i / sum m_i. @returns [dimension] */
export function centreOfMass(bodies: Bodies, positions: Float64Array): Float64Array {
  let total = 0;
  for (const m of bodies.masses) total += m;
  return weightedSum(bodies, "positions", positions).map((x) => x / total);
}

function weightedSum(bodies: Bodies, argument: string, vectors: Float64Array): Float64Array {
  fits(bodies, argument, vectors);
  const { masses, dimension } = bodies;
  const out = new Float64Array(dimension);
  for (let i = 0; i < masses.length; i++)
    for (let c = 0; c < dimension; c++)
      out[c] = (out[c] as number) + (masses[i] as number) * (vectors[i * dimension + c] as number);
  return out;
}

/** Angular momentum about the origin, sum m_i q_i x v_i. @returns [Lx, Ly, Lz] in three dimensions, [Lz] in two */
export function angularMomentum(
  bodies: Bodies,
  positions: Float64Array,
  velocities: Float64Array,
): Float64Array {
  fits(bodies, "positions", positions);
  fits(bodies, "velocities", velocities);
  const { masses, dimension } = bodies;
  const out = new Float64Array(dimension === 3 ? 3 : 1);
  const add = (k: number, x: number): void => {
    out[k] = (out[k] as number) + x;
  };
  for (let i = 0; i < masses.length; i++) {
    const m = masses[i] as number;
    const o = i * dimension;
    const [x, y, z = 0] = positions.subarray(o, o + dimension) as unknown as number[];
    const [u, v, w = 0] = velocities.subarray(o, o + dimension) as unknown as number[];
    const lz = m * ((x as number) * (v as number) - (y as number) * (u as number));
    if (dimension === 2) add(0, lz);
    else {
      add(0, m * ((y as number) * w - z * (v as number)));
      add(1, m * (z * (u as number) - (x as number) * w));
      add(2, lz);
    }
  }
  return out;
}

/** a_i = F_i / m_i. @param out - [N x dimension], overwritten @param velocities - for forces that depend on them */
export function accelerations(
  system: ParticleSystem,
  positions: Float64Array,
  out: Float64Array,
  velocities?: Float64Array,
): Float64Array {
  const { masses, dimension, potential } = system;
  fits(system, "positions", positions);
  fits(system, "out", out);
  out.fill(0);
  potential.addForces(system, positions, out, velocities);
  for (let i = 0; i < masses.length; i++) {
    const m = masses[i] as number;
    // Dividing by 1 changes no bit; most systems have unit masses.
    if (m === 1) continue;
    for (let k = i * dimension; k < (i + 1) * dimension; k++) out[k] = (out[k] as number) / m;
  }
  return out;
}

/** Separations of all pairs i < j, row by row (Eq. 4). @param positions - one configuration. [N x dimension] @returns [N (N - 1) / 2] */
export function separations(
  positions: Float64Array,
  { particles, dimension }: { particles: number; dimension: 2 | 3 },
  out: Float64Array = new Float64Array((particles * (particles - 1)) / 2),
): Float64Array {
  if (positions.length !== particles * dimension)
    throw new MclnnError("positions do not fit the particles", {
      code: "bad-shape",
      argument: "positions",
      expected: `${particles * dimension} numbers (${particles} particles x ${dimension})`,
      got: `${positions.length}`,
    });
  for (let i = 0, p = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++, p++) {
      let square = 0;
      for (let c = 0; c < dimension; c++) {
        const x =
          (positions[i * dimension + c] as number) - (positions[j * dimension + c] as number);
        square += x * x;
      }
      out[p] = Math.sqrt(square);
    }
  return out;
}

/**
 * State of one record, copied; velocities are 0 where the trajectory has none.
 *
 * @param record - from 0, the start
 * @throws MclnnError `bad-index` for a record that there is not
 */
export function stateAt(trajectory: Trajectory, record: number): State {
  const last = trajectory.times.length - 1;
  if (!Number.isInteger(record) || record < 0 || record > last)
    throw new MclnnError("the trajectory has no such record", {
      code: "bad-index",
      argument: "record",
      expected: `a whole number from 0 to ${last}`,
      got: `${record}`,
    });
  const size = trajectory.particles * trajectory.dimension;
  const cut = (a: Float64Array): Float64Array => a.slice(record * size, (record + 1) * size);
  return {
    time: trajectory.times[record] as number,
    positions: cut(trajectory.positions),
    velocities:
      trajectory.velocities === undefined ? new Float64Array(size) : cut(trajectory.velocities),
  };
}
