import {
  accelerations,
  angularMomentum,
  kineticEnergy,
  lagrangian,
  linearMomentum,
  MclnnError,
  type ParticleSystem,
  potentialEnergy,
  type State,
} from "@mclnn/physics";
import { checkArgument, checkState, checkSystem } from "@mclnn/physics/arguments";
import { lengthsOf } from "./series.ts";

/** How far an identity is from holding. */
export interface Violation {
  /** The absolute deviation, in units of what is compared. */
  readonly absolute: number;
  /** The deviation in units of one rounding (2^-53) of the quantities that went in: what holds in exact arithmetic is off by a few. */
  readonly roundoffs: number;
}

/** A change of coordinates that no law between particles notices. */
export interface SymmetryChange {
  /** Added to every position. [dimension] */
  readonly shift: ArrayLike<number>;
  /** Rotation matrix, row-major. [dimension x dimension] */
  readonly rotation: ArrayLike<number>;
  /** `permutation[i]`: which particle takes the place of particle i, its mass with it. [N] */
  readonly permutation: ArrayLike<number>;
}

/** What {@link symmetryViolations} measures. */
export interface SymmetryViolations {
  /** |L(q + shift, v) - L(q, v)| (paper, Lemma 1). */
  readonly translation: Violation;
  /** |L(Rq, Rv) - L(q, v)|: rotation of positions and velocities (paper, Lemma 2). */
  readonly rotation: Violation;
  /** The same for R times the mirror that turns the first axis round. */
  readonly reflection: Violation;
  /** |L - L| with the particles in another order. */
  readonly permutation: Violation;
  /** |sum F_i| (paper, A.4). */
  readonly totalForce: Violation;
  /** |sum q_i x F_i| (paper, A.5). */
  readonly totalTorque: Violation;
}

/** One rounding of float64, relative. */
const ROUNDOFF = 2 ** -53;

/**
 * By how much the Lagrangian of a system changes under symmetry operations, and what its forces add up to: 0 for laws between pairs, not for
 * a network of positions.
 *
 * The unit of roundoff of an energy is 2^-53 (T + |V| + sum |F_k| (|q_k| + |q'_k|)), q' the changed positions; of the forces 2^-53 sum |F_k|, of the
 * torques 2^-53 sum |q_i| |F_i|.
 *
 * @throws MclnnError `bad-shape` for a change that does not fit the system; as the potential
 * @see "Momentum Conserving Lagrangian Neural Networks", 3.3, A.4, A.5
 */
export function symmetryViolations(
  system: ParticleSystem,
  state: State,
  symmetry: SymmetryChange,
): SymmetryViolations {
  checkSystem(system);
  checkState("state", state, system);
  checkChange(symmetry, system);
  const { shift, rotation, permutation } = symmetry;
  const { dimension, masses } = system;
  const particles = masses.length;
  const { time, positions, velocities } = state;
  const before = lagrangian(system, state);
  const forces = forcesOf(system, state);
  const energyUnit = (moved: Float64Array): number => {
    let sum = kineticEnergy(system, velocities) + Math.abs(potentialEnergy(system, positions));
    forces.forEach((f, k) => {
      sum += Math.abs(f) * (Math.abs(positions[k] as number) + Math.abs(moved[k] as number));
    });
    return sum;
  };
  const change = (moved: State, among: ParticleSystem = system): Violation =>
    violation(
      Math.abs(lagrangian(among, moved) - before),
      // A permutation leaves every number where it was, in another order.
      energyUnit(among === system ? moved.positions : positions),
    );
  const turned = (matrix: ArrayLike<number>): State => ({
    time,
    positions: product(matrix, positions, dimension),
    velocities: product(matrix, velocities, dimension),
  });
  const mirrored = Float64Array.from(rotation, (x, k) => (k % dimension === 0 ? -x : x));
  const reordered = (vectors: Float64Array): Float64Array =>
    vectors.map(
      (_, k) =>
        vectors[
          (permutation[Math.floor(k / dimension)] as number) * dimension + (k % dimension)
        ] as number,
    );
  const alike = {
    masses: new Float64Array(particles).fill(1),
    dimension,
  };
  const sizes = lengthsOf(forces, dimension);
  const reach = lengthsOf(positions, dimension);
  return {
    translation: change({
      time,
      positions: positions.map((x, k) => x + (shift[k % dimension] as number)),
      velocities,
    }),
    rotation: change(turned(rotation)),
    reflection: change(turned(mirrored)),
    permutation: change(
      { time, positions: reordered(positions), velocities: reordered(velocities) },
      { ...system, masses: Float64Array.from(permutation, (i) => masses[i] as number) },
    ),
    totalForce: violation(
      length(linearMomentum(alike, forces)),
      forces.reduce((sum, f) => sum + Math.abs(f), 0),
    ),
    totalTorque: violation(
      length(angularMomentum(alike, positions, forces)),
      sizes.reduce((sum, f, i) => sum + f * (reach[i] as number), 0),
    ),
  };
}

function checkChange(symmetry: SymmetryChange, { dimension, masses }: ParticleSystem): void {
  checkArgument("change", symmetry, {
    shift: "numbers",
    rotation: "numbers",
    permutation: "numbers",
  });
  const { shift, rotation, permutation } = symmetry;
  for (const [argument, given, expected] of [
    ["change.shift", shift.length, dimension],
    ["change.rotation", rotation.length, dimension * dimension],
    ["change.permutation", permutation.length, masses.length],
  ] as const)
    if (given !== expected)
      throw new MclnnError("a change of coordinates does not fit the system", {
        code: "bad-shape",
        argument,
        expected: `${expected} numbers`,
        got: `${given}`,
      });
}

/** What {@link eulerLagrangeViolations} measures. */
export interface EulerLagrangeViolations {
  /** Largest |d2L/dv_k dv_l - m_k [k = l]|. */
  readonly velocityHessian: Violation;
  /** Largest |d2L/dv_k dq_l|. */
  readonly mixedDerivative: Violation;
  /** Largest |a_k - F_k / m_k|, with a = (d2L/dv2)^-1 (dL/dq - (d2L/dv dq) v) (Eq. 3). */
  readonly acceleration: Violation;
}

/** Steps of the differences: L is a square in v, so any will do there; powers of 2 add no rounding of their own. */
const VELOCITY_STEP = 1;
const MIXED_STEP = 2 ** -4;
/** Small enough for the eighth-order formula to be exact to rounding on laws as smooth as these. */
const GRADIENT_STEP = 2 ** -8;
/** Weights of the central difference of eighth order at 1, 2, 3 and 4 steps. */
const EIGHTH_ORDER = [4 / 5, -1 / 5, 4 / 105, -1 / 280];

/**
 * Checks the Euler-Lagrange equation (Eq. 3) on the Lagrangian itself, by differences of it alone, against the forces over the masses that integrators use.
 *
 * The unit of roundoff is that of the difference: 2^-53 (T + |V|) over the product of the steps, and over the mass for accelerations. Where particles nearly
 * touch a singular law, the formula for dL/dq is less exact than that.
 *
 * @throws MclnnError as the potential
 * @see "Momentum Conserving Lagrangian Neural Networks", Eq. 3, A.3
 */
export function eulerLagrangeViolations(
  system: ParticleSystem,
  state: State,
): EulerLagrangeViolations {
  checkSystem(system);
  checkState("state", state, system);
  const { positions, velocities } = state;
  const { masses, dimension } = system;
  const n = positions.length;
  const q = Float64Array.from(positions);
  const v = Float64Array.from(velocities);
  let scale = 0;
  /** L after moving some coordinates, which are put back. */
  const moved = (steps: readonly (readonly [Float64Array, number, number])[]): number => {
    const kept = steps.map(([array, k]) => array[k] as number);
    for (const [array, k, by] of steps) array[k] = (array[k] as number) + by;
    const energy = kineticEnergy(system, v);
    const potential = potentialEnergy(system, q);
    scale = Math.max(scale, energy + Math.abs(potential));
    steps.toReversed().forEach(([array, k], s) => {
      array[k] = kept[steps.length - 1 - s] as number;
    });
    return energy - potential;
  };
  const second = (
    first: readonly [Float64Array, number, number],
    other: readonly [Float64Array, number, number],
  ): number => {
    const [a, k, h] = first;
    const [b, l, g] = other;
    const value = (s: number, t: number): number =>
      moved([
        [a, k, s * h],
        [b, l, t * g],
      ]);
    // Stryker disable next-line ArithmeticOperator: of velocities and positions L = T(v) - V(q) has no mixed derivative, and the step of velocities is 1
    return (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * g);
  };
  let hessian = 0;
  let mixed = 0;
  const diagonal = new Float64Array(n);
  const drift = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const mass = masses[Math.floor(k / dimension)] as number;
    for (let l = 0; l < n; l++) {
      const vv = second([v, k, VELOCITY_STEP], [v, l, VELOCITY_STEP]);
      hessian = Math.max(hessian, Math.abs(vv - (k === l ? mass : 0)));
      if (k === l) diagonal[k] = vv;
      const vq = second([v, k, VELOCITY_STEP], [q, l, MIXED_STEP]);
      mixed = Math.max(mixed, Math.abs(vq));
      // Stryker disable next-line ArithmeticOperator: what is measured here is roundoff, whatever the sign
      drift[k] = (drift[k] as number) + vq * (velocities[l] as number);
    }
  }
  const expected = accelerations(system, positions, new Float64Array(n), velocities);
  let acceleration = 0;
  let lightest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    let gradient = 0;
    EIGHTH_ORDER.forEach((weight, s) => {
      const h = (s + 1) * GRADIENT_STEP;
      gradient += weight * (moved([[q, k, h]]) - moved([[q, k, -h]]));
    });
    // The matrix is diagonal, as has just been measured.
    // Stryker disable next-line ArithmeticOperator: drift is roundoff, whatever the sign
    const a = (gradient / GRADIENT_STEP - (drift[k] as number)) / (diagonal[k] as number);
    acceleration = Math.max(acceleration, Math.abs(a - (expected[k] as number)));
    lightest = Math.min(lightest, diagonal[k] as number);
  }
  const largest = expected.reduce((most, a) => Math.max(most, Math.abs(a)), 0);
  return {
    // Stryker disable next-line ArithmeticOperator: the step of velocities is 1
    velocityHessian: violation(hessian, scale / (VELOCITY_STEP * VELOCITY_STEP)),
    mixedDerivative: violation(mixed, scale / (VELOCITY_STEP * MIXED_STEP)),
    acceleration: violation(acceleration, scale / GRADIENT_STEP / lightest + largest),
  };
}

function violation(absolute: number, scale: number): Violation {
  return { absolute, roundoffs: absolute === 0 ? 0 : absolute / (ROUNDOFF * scale) };
}

function forcesOf(system: ParticleSystem, { time, positions, velocities }: State): Float64Array {
  const out = new Float64Array(positions.length);
  system.potential.addForces(system, positions, out, velocities, time);
  return out;
}

function length(vector: Float64Array): number {
  return lengthsOf(vector, vector.length)[0] as number;
}

/** Every vector times a matrix. */
function product(
  matrix: ArrayLike<number>,
  vectors: Float64Array,
  dimension: number,
): Float64Array {
  return vectors.map((_, k) => {
    const row = k % dimension;
    let sum = 0;
    for (let c = 0; c < dimension; c++)
      sum += (matrix[row * dimension + c] as number) * (vectors[k - row + c] as number);
    return sum;
  });
}
