import {
  angularMomentum,
  type Bodies,
  kineticEnergy,
  lagrangian,
  linearMomentum,
  MclnnError,
  momentaBeside,
  type ParticleSystem,
  potentialEnergy,
  type State,
  type Trajectory,
} from "@mclnn/physics";
import {
  checkArgument,
  checkBodies,
  checkLength,
  checkSystem,
  checkTrajectory,
} from "@mclnn/physics/arguments";

/** What a motion has whatever forces it, and with a potential what that makes of momenta. [records], momenta [records x components]; lengths of vectors by {@link lengths} */
export interface MotionSeries {
  readonly times: Float64Array;
  /** T */
  readonly kineticEnergy: Float64Array;
  /** [records x dimension] */
  readonly linearMomentum: Float64Array;
  /** [records x 3], in two dimensions [records] */
  readonly angularMomentum: Float64Array;
}

/** Observables along a trajectory. [records] */
export interface ObservableSeries extends MotionSeries {
  /** V, by the potential of the system. */
  readonly potentialEnergy: Float64Array;
  /** T - V */
  readonly lagrangian: Float64Array;
  /** T + V */
  readonly hamiltonian: Float64Array;
}

/**
 * L, H, P and angular momentum at every record, energies by the potential of `system`.
 *
 * @throws MclnnError `missing-velocities`, `bad-shape`, `no-energy` for forces that have none, such as drag; `zero-separation` as the potential
 */
export function observableSeries(system: ParticleSystem, trajectory: Trajectory): ObservableSeries {
  checkSystem(system);
  const motion = motionSeries(system, trajectory);
  const { times, kineticEnergy: t } = motion;
  const u = times.map((_, k) => potentialEnergy(system, stateOf(trajectory, k).positions));
  return {
    ...motion,
    potentialEnergy: u,
    lagrangian:
      system.potential.inertia === undefined
        ? t.map((x, k) => x - (u[k] as number))
        : times.map((time, k) => lagrangian(system, { time, ...stateOf(trajectory, k) })),
    hamiltonian: t.map((x, k) => x + (u[k] as number)),
  };
}

/** Positions and velocities of a record. */
function stateOf(
  { particles, dimension, positions, velocities = NONE }: Trajectory,
  k: number,
): Pick<State, "positions" | "velocities"> {
  const size = particles * dimension;
  const of = (all: Float64Array): Float64Array => all.subarray(k * size, (k + 1) * size);
  return { positions: of(positions), velocities: of(velocities) };
}
const NONE = new Float64Array(0);

/**
 * T, P and angular momentum at every record: what needs no potential. Of a system whose forces say that momenta are not m v they are those that it conserves.
 *
 * @throws MclnnError `missing-velocities`, `bad-shape`
 */
export function motionSeries(
  bodies: Bodies | ParticleSystem,
  trajectory: Trajectory,
): MotionSeries {
  checkBodies("bodies", bodies);
  checkTrajectory("trajectory", trajectory);
  const { particles, dimension, times, velocities } = trajectory;
  const { masses } = bodies;
  if (velocities === undefined)
    throw new MclnnError("observables need velocities", {
      code: "missing-velocities",
      argument: "trajectory",
      expected: "a trajectory with velocities",
      got: "positions only",
    });
  if (particles !== masses.length || dimension !== bodies.dimension)
    throw new MclnnError("the trajectory does not fit the system", {
      code: "bad-shape",
      argument: "trajectory",
      expected: `${masses.length} particles in ${bodies.dimension} dimensions`,
      got: `${particles} in ${dimension}`,
    });
  const records = times.length;
  const axes = dimension === 3 ? 3 : 1;
  const out = {
    times,
    kineticEnergy: new Float64Array(records),
    linearMomentum: new Float64Array(records * dimension),
    angularMomentum: new Float64Array(records * axes),
  };
  for (let k = 0; k < records; k++) {
    const { positions: q, velocities: v } = stateOf(trajectory, k);
    const beside =
      "potential" in bodies ? momentaBeside(bodies, { positions: q, velocities: v }) : null;
    // Momenta over masses move as velocities do where there is nothing beside m v.
    const u =
      beside === null
        ? v
        : v.map(
            (x, c) =>
              x + (beside.momenta[c] as number) / (masses[Math.floor(c / dimension)] as number),
          );
    out.kineticEnergy[k] = kineticEnergy(bodies, v) + (beside?.energy ?? 0);
    out.linearMomentum.set(linearMomentum(bodies, u), k * dimension);
    out.angularMomentum.set(angularMomentum(bodies, q, u), k * axes);
  }
  return out;
}

/**
 * Length of the vector at each record.
 *
 * @param vectors - [records x components]
 * @returns [records]
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-shape`, `not-finite`
 */
export function lengths(vectors: Float64Array, components: number): Float64Array {
  checkArgument("vectors", vectors, "numbers");
  checkArgument("components", components, "count");
  if (vectors.length % components !== 0)
    checkLength(
      "vectors",
      vectors,
      [Math.floor(vectors.length / components), "records"],
      [components],
    );
  return lengthsOf(vectors, components);
}

/** The same of vectors that are known to be such. */
export function lengthsOf(vectors: Float64Array, components: number): Float64Array {
  const out = new Float64Array(vectors.length / components);
  for (let k = 0; k < out.length; k++) {
    let square = 0;
    for (let c = 0; c < components; c++) {
      const v = vectors[k * components + c] as number;
      square += v * v;
    }
    out[k] = Math.sqrt(square);
  }
  return out;
}
