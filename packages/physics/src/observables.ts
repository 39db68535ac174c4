import { described } from "./arguments/described.ts";
import { checkBodies, checkLength, checkSystem, checkTrajectory } from "./arguments/mechanics.ts";
import { checkArgument } from "./arguments/requirement.ts";
import type { Bodies } from "./bodies.ts";
import { MclnnError } from "./errors.ts";
import { invertMasses, respond } from "./inertia.ts";
import type { ParticleSystem, State } from "./system.ts";
import type { Trajectory } from "./trajectory.ts";

/** Refuses what would give NaN, or leave particles out; looks closely only where lengths do not fit. */
function fits(name: string, bodies: Bodies, argument: string, vectors: ArrayLike<number>): void {
  const dimension = bodies?.dimension;
  if (
    (dimension === 2 || dimension === 3) &&
    vectors?.length === bodies.masses?.length * dimension &&
    vectors.length > 0
  )
    return;
  checkBodies(name, bodies);
  checkArgument(argument, vectors, "list");
  checkLength(argument, vectors, [bodies.masses.length, "particles"], [dimension]);
}

/** A result that is not finite: of finite numbers it is too large, of others they are refused. Asked only then, so that all others cost nothing. */
function notFinite(name: string, value: number, bodies: Bodies, vectors: VectorsByName): number {
  checkBodies(name, bodies);
  for (const [argument, values] of Object.entries(vectors))
    checkArgument(argument, values, "numbers");
  // Too large for float64 is infinite, as everywhere.
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  throw new MclnnError("an observable is no number", {
    code: "not-finite",
    argument: name,
    expected: "particles and a potential whose energies are numbers",
    got: described(value),
  });
}

type VectorsByName = Readonly<Record<string, ArrayLike<number>>>;

/** T = sum m_i |v_i|^2 / 2 (Eq. 5). @param velocities - [N x dimension] @throws MclnnError `bad-shape`, `bad-mass`, `not-finite` */
export function kineticEnergy(bodies: Bodies, velocities: Float64Array): number {
  fits("bodies", bodies, "velocities", velocities);
  const { masses, dimension } = bodies;
  let sum = 0;
  for (let i = 0; i < masses.length; i++) {
    let square = 0;
    for (let c = 0; c < dimension; c++) {
      const v = velocities[i * dimension + c];
      square += v * v;
    }
    sum += 0.5 * masses[i] * square;
  }
  return Number.isFinite(sum) ? sum : notFinite("bodies", sum, bodies, { velocities });
}

/** V of the configuration. @param positions - [N x dimension] @throws MclnnError `no-energy` for forces that have none, such as drag */
export function potentialEnergy(system: ParticleSystem, positions: Float64Array): number {
  fits("system", system, "positions", positions);
  let energy: number;
  try {
    const { potential } = system;
    if (potential.energy === undefined)
      throw new MclnnError(`${potential.name} has no energy`, {
        code: "no-energy",
        argument: "system.potential",
        expected: "forces that all have an energy",
        got: "one that takes or gives it",
        mend: "Give a system with those of its forces that have one.",
      });
    energy = potential.energy(system, positions);
  } catch (error) {
    checkSystem(system);
    throw error;
  }
  return Number.isFinite(energy) ? energy : notFinite("system", energy, system, { positions });
}

/** What is no state has no vectors, which are then refused. */
const NOTHING = {} as State;

/** L = T - V (Eq. 7); sum p.v - H where momenta are not m v. */
export function lagrangian(system: ParticleSystem, state: State): number {
  const { positions, velocities } = state ?? NOTHING;
  const beside = momentaBeside(system, state);
  const action = beside === null ? 0 : dot(beside.momenta, velocities) - beside.energy;
  return kineticEnergy(system, velocities) + action - potentialEnergy(system, positions);
}

/** H = T + V, the total energy, with what forces add to the kinetic one. */
export function hamiltonian(system: ParticleSystem, state: State): number {
  const { positions, velocities } = state ?? NOTHING;
  const beside = momentaBeside(system, state);
  return (
    kineticEnergy(system, velocities) + (beside?.energy ?? 0) + potentialEnergy(system, positions)
  );
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, k) => sum + x * b[k], 0);

/** What momenta and the kinetic energy are beside those of masses. */
export interface MomentaBeside {
  /** p_i - m_i v_i. [N x dimension] */
  readonly momenta: Float64Array;
  /** T - sum m_i |v_i|^2 / 2 */
  readonly energy: number;
}

/** What a system's forces add to momenta and kinetic energy; null where these are m v and m v^2 / 2. */
export function momentaBeside(
  system: ParticleSystem,
  state: Pick<State, "positions" | "velocities">,
): MomentaBeside | null {
  const { inertia } = system?.potential ?? {};
  if (inertia === undefined) return null;
  const { positions, velocities } = state;
  fits("system", system, "positions", positions);
  fits("system", system, "velocities", velocities);
  const momenta = new Float64Array(velocities.length);
  return { momenta, energy: inertia.addMomenta(system, positions, velocities, momenta) };
}

/** P = sum m_i v_i. @returns [dimension] */
export function linearMomentum(bodies: Bodies, velocities: Float64Array): Float64Array {
  return weightedSum(bodies, "velocities", velocities);
}

/** sum m_i q_i / sum m_i. @returns [dimension] */
export function centreOfMass(bodies: Bodies, positions: Float64Array): Float64Array {
  const sum = weightedSum(bodies, "positions", positions);
  let total = 0;
  for (const m of bodies.masses) total += m;
  return sum.map((x) => x / total);
}

function weightedSum(bodies: Bodies, argument: string, vectors: Float64Array): Float64Array {
  fits("bodies", bodies, argument, vectors);
  const { masses, dimension } = bodies;
  const out = new Float64Array(dimension);
  for (let i = 0; i < masses.length; i++)
    for (let c = 0; c < dimension; c++) out[c] = out[c] + masses[i] * vectors[i * dimension + c];
  for (const x of out)
    if (!Number.isFinite(x)) notFinite("bodies", x, bodies, { [argument]: vectors });
  return out;
}

/** Angular momentum about the origin, sum m_i q_i x v_i. @returns [Lx, Ly, Lz] in three dimensions, [Lz] in two */
export function angularMomentum(
  bodies: Bodies,
  positions: Float64Array,
  velocities: Float64Array,
): Float64Array {
  fits("bodies", bodies, "positions", positions);
  fits("bodies", bodies, "velocities", velocities);
  const { masses, dimension } = bodies;
  const out = new Float64Array(dimension === 3 ? 3 : 1);
  const add = (k: number, x: number): void => {
    out[k] = out[k] + x;
  };
  for (let i = 0, k = 0; i < masses.length; i++, k += dimension) {
    const m = masses[i];
    const x = positions[k];
    const y = positions[k + 1];
    const u = velocities[k];
    const v = velocities[k + 1];
    const lz = m * (x * v - y * u);
    if (dimension === 2) add(0, lz);
    else {
      const z = positions[k + 2];
      const w = velocities[k + 2];
      add(0, m * (y * w - z * v));
      add(1, m * (z * u - x * w));
      add(2, lz);
    }
  }
  for (const x of out)
    if (!Number.isFinite(x)) notFinite("bodies", x, bodies, { positions, velocities });
  return out;
}

/** Room that is used again and again. [N x 3 x 3] */
let room = new Float64Array(0);
const blocksOf = (particles: number): Float64Array => {
  if (room.length !== 9 * particles) room = new Float64Array(9 * particles);
  return room.fill(0);
};

/** a_i = F_i / m_i, where momenta are not m v divided by dp_i / dv_i. @param out - [N x dimension], overwritten @param velocities - for forces that read them @param time - likewise */
export function accelerations(
  system: ParticleSystem,
  positions: Float64Array,
  out: Float64Array,
  velocities?: Float64Array,
  time?: number,
): Float64Array {
  fits("system", system, "positions", positions);
  fits("system", system, "out", out);
  try {
    const { masses, dimension, potential } = system;
    if (potential.reads !== "positions" && potential.reads !== "positions-and-time")
      fits("system", system, "velocities", velocities as Float64Array);
    out.fill(0);
    potential.addForces(system, positions, out, velocities, time);
    for (let i = 0; i < masses.length; i++) {
      const m = masses[i];
      // Dividing by 1 changes no bit; most systems have unit masses.
      // Stryker disable next-line ConditionalExpression: dividing by 1 changes no bit
      if (m === 1) continue;
      // Stryker disable next-line ConditionalExpression,EqualityOperator: spares a look from end to end
      if (!(m > 0)) checkBodies("system", system);
      for (let k = i * dimension; k < (i + 1) * dimension; k++) out[k] = out[k] / m;
    }
    if (potential.inertia !== undefined) {
      const responses = blocksOf(masses.length);
      potential.inertia.addMasses(system, positions, velocities as Float64Array, responses);
      invertMasses(responses);
      respond(responses, out, dimension);
    }
  } catch (error) {
    // Looked at only now: this is the inner loop of every integrator.
    checkSystem(system);
    checkArgument("out", out, "float64");
    throw error;
  }
  return out;
}

/** Separations of all pairs i < j, row by row (Eq. 4). @param positions - one configuration. [N x dimension] @returns [N (N - 1) / 2] */
export function separations(
  positions: Float64Array,
  of: { particles: number; dimension: 2 | 3 },
  out?: Float64Array,
): Float64Array {
  checkArgument("options", of, { particles: "count", dimension: "dimension" });
  const { particles, dimension } = of;
  if (positions?.length !== particles * dimension) {
    checkArgument("positions", positions, "list");
    checkLength("positions", positions, [particles, "particles"], [dimension]);
  }
  const distances = out ?? new Float64Array((particles * (particles - 1)) / 2);
  if (typeof distances !== "object") checkArgument("out", out, "float64");
  for (let i = 0, p = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++, p++) {
      let square = 0;
      for (let c = 0; c < dimension; c++) {
        const x = positions[i * dimension + c] - positions[j * dimension + c];
        square += x * x;
      }
      const r = Math.sqrt(square);
      // Stryker disable next-line ConditionalExpression: spares a look from end to end
      if (Number.isNaN(r)) checkArgument("positions", positions, "numbers");
      distances[p] = r;
    }
  return distances;
}

/**
 * State of one record, copied; velocities are 0 where the trajectory has none.
 *
 * @param record - from 0, the start
 * @throws MclnnError `bad-index` for a record that there is not
 */
export function stateAt(trajectory: Trajectory, record: number): State {
  checkTrajectory("trajectory", trajectory, "float64");
  const last = trajectory.times.length - 1;
  if (!Number.isInteger(record) || record < 0 || record > last)
    throw new MclnnError("the trajectory has no such record", {
      code: "bad-index",
      argument: "record",
      expected: `a whole number from 0 to ${last}`,
      got: described(record),
    });
  const size = trajectory.particles * trajectory.dimension;
  const cut = (a: Float64Array): Float64Array => a.slice(record * size, (record + 1) * size);
  return {
    time: trajectory.times[record],
    positions: cut(trajectory.positions),
    velocities:
      trajectory.velocities === undefined ? new Float64Array(size) : cut(trajectory.velocities),
  };
}
