import { createRandom } from "@mclnn/datasets";
import { createSystem, MclnnError, type ParticleSystem } from "@mclnn/physics";
import { checkArgument, optional, room } from "@mclnn/physics/arguments";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackend, type TfjsBackendName, tfjsBackend } from "./backend.ts";
import { denseNetwork } from "./dense-network.ts";
import { LagrangianFunction, type TfjsLagrangianEnergy } from "./lagrangian-function.ts";
import { tf } from "./tensorflow.ts";

/** Equations of motion from a Lagrangian that tfjs computes. Arrays are [B x coordinates]. */
export interface TfjsLagrangian {
  readonly name: string;
  readonly backend: TfjsBackendName;
  /** Number of coordinates, n. */
  readonly coordinates: number;
  /** Number of trained numbers. */
  readonly parameterCount: number;
  /** L(q, v) of each row. */
  values(q: Float64Array, v: Float64Array): Float64Array;
  /** v . dL/dv - L of each row: the energy, conserved along the motion. */
  energies(q: Float64Array, v: Float64Array): Float64Array;
  /** Accelerations by Eq. 3. @throws MclnnError `singular-lagrangian` (failure) */
  accelerations(q: Float64Array, v: Float64Array): Float64Array;
  /**
   * The motion as a particle system, for rollouts: coordinates are taken as positions of particles, two (or three) a particle.
   *
   * Its forces depend on velocities: Runge-Kutta and Dormand-Prince serve them, velocity Verlet refuses. Its potential energy is -L(q, 0).
   *
   * @param options - `masses`: of the particles, where the coordinates are theirs. Default 1 each: force is acceleration; `dimension`: default 3 where
   * the number of coordinates is odd and divisible by 3, else 2
   * @throws MclnnError `bad-shape` where the coordinates do not fill whole particles
   */
  system(options?: { masses?: ArrayLike<number>; dimension?: 2 | 3 }): ParticleSystem;
  /** For training. */
  readonly internals: { readonly motion: LagrangianFunction; readonly backend: TfjsBackend };
}

/** How a Lagrangian is made from tfjs. */
export interface TfjsLagrangianOptions {
  /** Number of coordinates, n. */
  readonly coordinates: number;
  /** Where it is computed. Default `cpu`. */
  readonly backend?: TfjsBackendName;
  /** The trained tensors. Default: none. */
  readonly variables?: readonly TF.Variable[];
  /** Default `tfjs-lagrangian`. */
  readonly name?: string;
  /** States at which the function is looked at before it is used, [B x n] each. Default: five random ones within 1 of 0. */
  readonly sample?: { readonly positions: Float64Array; readonly velocities: Float64Array };
}

/**
 * A Lagrangian from a tfjs function L(q, v), accelerations by Eq. 3: Hessian in v and mixed derivative by tfjs's gradients, the linear
 * solve in float64.
 *
 * @throws MclnnError `bad-option`, `bad-function`, `bad-variables`, `not-finite`, `bad-gradient`, `missing-backend`
 */
export async function tfjsLagrangian(
  lagrangian: TfjsLagrangianEnergy,
  options: TfjsLagrangianOptions,
): Promise<TfjsLagrangian> {
  checkArgument("options", options, {
    coordinates: "count",
    variables: optional("list"),
    name: "text?",
    sample: optional({ positions: "float64", velocities: "float64" }),
  });
  const {
    coordinates: n,
    backend: backendName = "cpu",
    variables = [],
    name = "tfjs-lagrangian",
    sample,
  } = options;
  const draw = (): Float64Array => room("coordinates", 5 * n).map(() => random.uniform() - 0.5);
  const backend = await tfjsBackend(backendName);
  const motion = new LagrangianFunction(lagrangian, n, variables);
  const random = createRandom(17);
  const at = sample ?? { positions: draw(), velocities: draw() };
  checkStates(at.positions, at.velocities, n);
  const few = Math.min(at.positions.length, 5 * n);
  backend.run(() => motion.check(at.positions.slice(0, few), at.velocities.slice(0, few)));
  const on = <T>(work: (q: Float64Array, v: Float64Array) => T) => {
    return (q: Float64Array, v: Float64Array): T => {
      checkStates(q, v, n);
      return backend.run(() => work(q, v));
    };
  };
  const own: TfjsLagrangian = {
    name,
    backend: backendName,
    coordinates: n,
    parameterCount: motion.parameters.size,
    values: on((q, v) => motion.values(q, v)),
    energies: on((q, v) => motion.energies(q, v)),
    accelerations: on((q, v) => motion.solve(q, v).accelerations),
    system: (options) => systemOf(own, options ?? {}),
    internals: { motion, backend },
  };
  return own;
}

/**
 * The original Lagrangian neural network: L(q, v) = (inertia / 2) |v|^2 + network(q, v), with nothing in it but the network.
 *
 * It can stand for any Lagrangian of n coordinates, velocity-dependent forces included, and knows none of the symmetries of one: unlike
 * a pair law it serves the system it was trained on and no other. The inertia is where the network starts from, so that accelerations
 * exist before training; data do not determine it, since L and c L + dF(q)/dt move alike.
 *
 * @param options - `periodic`: whether the coordinates are angles: the network is then given sin q and cos q. Default false
 * @see Cranmer et al., Lagrangian Neural Networks, arXiv:2003.04630
 * @throws MclnnError as {@link tfjsLagrangian}, `bad-hidden-widths`
 */
export async function lagrangianNetwork(options: {
  readonly coordinates: number;
  readonly backend?: TfjsBackendName;
  readonly hidden?: readonly number[];
  readonly seed?: number;
  readonly periodic?: boolean;
  readonly inertia?: number;
}): Promise<TfjsLagrangian> {
  checkArgument("options", options, {
    coordinates: "count",
    periodic: "flag?",
    inertia: "positive?",
  });
  const {
    coordinates,
    backend = "cpu",
    hidden = [32, 32],
    seed = 100,
    periodic = false,
    inertia = 1,
  } = options;
  const network = await denseNetwork({
    backend,
    inputs: (periodic ? 3 : 2) * coordinates,
    hidden,
    seed,
  });
  return tfjsLagrangian(
    (q, v) =>
      tf.add(
        tf.mul(inertia / 2, tf.sum(tf.square(v), 1)),
        network.apply(tf.concat(periodic ? [tf.sin(q), tf.cos(q), v] : [q, v], 1)),
      ),
    { coordinates, backend, variables: network.variables, name: "lagrangian-network" },
  );
}

function systemOf(
  lagrangian: TfjsLagrangian,
  {
    masses,
    dimension = lagrangian.coordinates % 2 === 1 && lagrangian.coordinates % 3 === 0 ? 3 : 2,
  }: { masses?: ArrayLike<number>; dimension?: 2 | 3 },
): ParticleSystem {
  const { coordinates: n, name } = lagrangian;
  const particles = n / dimension;
  if (!Number.isInteger(particles) || (masses !== undefined && masses.length !== particles))
    throw new MclnnError("the coordinates do not fill the particles", {
      code: "bad-shape",
      argument: masses === undefined ? "dimension" : "masses",
      expected: `${n} coordinates as whole particles in ${dimension} dimensions`,
      got: `${masses === undefined ? particles : masses.length} particles`,
      mend: "Add a coordinate that does not move (L with v^2 / 2 of it).",
    });
  const own = Float64Array.from(masses ?? new Array<number>(particles).fill(1));
  const still = new Float64Array(n);
  return createSystem({
    masses: own,
    dimension,
    potential: {
      name,
      reads: "positions-and-velocities",
      conserves: { energy: false, linearMomentum: false, angularMomentum: false },
      energy: (_, positions) => -(lagrangian.values(positions, still)[0] as number),
      addForces(bodies, positions, out, velocities) {
        const a = lagrangian.accelerations(positions, velocities ?? still);
        for (let k = 0; k < n; k++)
          out[k] =
            (out[k] as number) +
            (bodies.masses[Math.floor(k / dimension)] as number) * (a[k] as number);
      },
    },
  });
}

function checkStates(q: Float64Array, v: Float64Array, n: number): void {
  if (q.length === 0 || q.length % n !== 0 || v.length !== q.length)
    throw new MclnnError("states have the wrong length", {
      code: "bad-shape",
      argument: "positions",
      expected: `positions and velocities of rows of ${n}`,
      got: `${q.length} and ${v.length} numbers`,
    });
}

/** Refuses what tfjsLagrangian() did not make. @throws MclnnError `bad-argument`, `bad-option` */
export function checkLagrangian(lagrangian: TfjsLagrangian): void {
  checkArgument(
    "lagrangian",
    lagrangian,
    {
      coordinates: "count",
      parameterCount: "index",
      internals: { motion: {}, backend: { run: "function" } },
    },
    { mend: "tfjsLagrangian() makes it." },
  );
}
