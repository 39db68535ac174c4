import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackendName, tfjsBackend } from "./backend.ts";
import { denseNetwork } from "./dense-network.ts";
import { gradient, numbers } from "./derivatives.ts";
import { type TfjsLagrangian, tfjsLagrangian } from "./lagrangian.ts";
import { tfjsPairPotential } from "./pair-potential.ts";
import { tf } from "./tensorflow.ts";
import type { TfjsPairPotential } from "./trainable-pair.ts";

/** A Lagrangian T - V of particles, both learned: masses, what kinetic energy is of the speed, and the pair law. */
export interface SeparableLagrangian {
  /** For training, accelerations and rollouts. */
  readonly lagrangian: TfjsLagrangian;
  /** V(r), on the scale of the masses. */
  readonly pair: TfjsPairPotential;
  /**
   * Mass of a species at a squared speed, 2 dT / d(|v|^2): a constant where T = m |v|^2 / 2.
   *
   * Only ratios of masses, and of V to masses, are known: c T - c V moves alike for every c.
   */
  mass(species: number, squaredSpeed?: number): number;
  dispose(): void;
}

/**
 * MCLNN with a learned kinetic energy (paper, 3.2): L = sum_i m_s(i) tau(|v_i|^2) - sum_ij V(r_ij), with networks tau and V and the masses of
 * the species as unknowns.
 *
 * T depends on speeds and V on separations alone, so motion conserves linear and angular momentum, the momenta being dL/dv. The mass of the
 * first particle's species is the unit in which the others are trained.
 *
 * @param options - `species`: of each particle, whole numbers from 0; `kineticHidden`: hidden widths of tau. Default [6]; `pairHidden`: hidden
 * widths of V. Default [10]
 * @throws MclnnError `bad-species`, `bad-dimension`, `bad-hidden-widths`, `missing-backend`
 */
export async function separableLagrangian(options: {
  readonly species: readonly number[];
  readonly dimension: 2 | 3;
  readonly backend?: TfjsBackendName;
  readonly kineticHidden?: readonly number[];
  readonly pairHidden?: readonly number[];
  readonly seed?: number;
}): Promise<SeparableLagrangian> {
  checkArgument("options", options, { species: "list", dimension: "dimension", seed: "whole?" });
  const {
    dimension,
    backend: backendName = "cpu",
    kineticHidden = [6],
    pairHidden = [10],
    seed = 100,
  } = options;
  const species = Array.from(options.species);
  checkSpecies(species);
  const backend = await tfjsBackend(backendName);
  const particles = species.length;
  const kinds = Math.max(...species) + 1;
  const kinetic = await denseNetwork({ backend: backendName, hidden: kineticHidden, seed });
  const potential = await denseNetwork({
    backend: backendName,
    hidden: pairHidden,
    seed: seed + 1,
  });
  const massVariable = backend.run(() => tf.variable(tf.zeros([kinds])));
  const constants = backend.run(() => constantMatrices(species, dimension));
  const masses = (): TF.Tensor2D => massesOf(massVariable, constants.others);
  const tau = (squares: TF.Tensor): TF.Tensor =>
    tf.add(tf.mul(0.5, tf.reshape(squares, [-1])), kinetic.apply(tf.reshape(squares, [-1, 1])));
  const energy = (r: TF.Tensor): TF.Tensor1D => potential.apply(tf.reshape(r, [-1, 1]));
  const lagrangian = await tfjsLagrangian(
    (q, v) => {
      const squares = tf.matMul(tf.square(v), constants.particleSums);
      const own = tf.matMul(masses(), constants.kindOf, false, true);
      const t = tf.sum(tf.mul(tf.reshape(tau(squares), [-1, particles]), own), 1);
      const separations = tf.sqrt(
        tf.matMul(tf.square(tf.matMul(q, constants.differences)), constants.pairSums),
      );
      const sum = tf.sum(tf.reshape(energy(separations), [-1, constants.pairSums.shape[1]]), 1);
      return tf.sub(t, sum);
    },
    {
      coordinates: particles * dimension,
      backend: backendName,
      variables: [...kinetic.variables, ...potential.variables, massVariable],
      name: "separable-lagrangian",
    },
  );
  const pair = await tfjsPairPotential(energy, {
    backend: backendName,
    variables: potential.variables,
    name: "separable-lagrangian",
  });
  return {
    lagrangian,
    pair,
    mass(kind, squaredSpeed = 0.25) {
      if (!Number.isInteger(kind) || kind < 0 || kind >= kinds)
        throw new MclnnError("there is no such species", {
          code: "bad-species",
          argument: "species",
          expected: `a whole number from 0 to ${kinds - 1}`,
          got: String(kind),
        });
      return backend.run(() => {
        const slope = gradient((x) => tf.sum(tau(x)))(tf.tensor1d([squaredSpeed]));
        return 2 * (numbers(slope)[0] as number) * (numbers(masses())[kind] as number);
      });
    },
    dispose() {
      kinetic.dispose();
      potential.dispose();
      massVariable.dispose();
      for (const matrix of Object.values(constants)) matrix.dispose();
    },
  };
}

/** Products with these stand for choosing and summing. They outlive the run they are made in. */
function constantMatrices(species: readonly number[], dimension: number) {
  const particles = species.length;
  const kinds = Math.max(...species) + 1;
  const pairs = allPairs(particles);
  return {
    differences: constant(differenceMatrix(pairs, particles, dimension)),
    pairSums: constant(sumMatrix(pairs.length, dimension)),
    particleSums: constant(sumMatrix(particles, dimension)),
    /** 1 for the species of a particle. [N, kinds] */
    kindOf: constant(
      species.map((s) => Array.from({ length: kinds }, (_, k) => (k === s ? 1 : 0))),
    ),
    /** 1 for every species but the first particle's. [1, kinds] */
    others: constant([Array.from({ length: kinds }, (_, k) => (k === species[0] ? 0 : 1))]),
  };
}

/** Masses of the species: 1 for the first particle's, (1 + z / 8)^8 for the others, positive and of safe operations. [1, kinds] */
function massesOf(variable: TF.Variable, others: TF.Tensor2D): TF.Tensor2D {
  const z = tf.mul(tf.reshape(variable, others.shape), others);
  const square = (x: TF.Tensor): TF.Tensor => tf.square(x);
  return square(square(square(tf.add(1, tf.div(z, 8))))) as TF.Tensor2D;
}

/** A matrix that outlives the run it is made in. */
function constant(rows: readonly (readonly number[])[]): TF.Tensor2D {
  return tf.keep(tf.tensor2d(rows.map((row) => [...row])));
}

function allPairs(particles: number): [number, number][] {
  return Array.from({ length: particles }, (_, i) => i).flatMap((i) =>
    Array.from({ length: particles - i - 1 }, (_, k): [number, number] => [i, i + k + 1]),
  );
}

/** Positions times this are the separation vectors: a product, since the gradient of gather is missing on wasm. [N d, P d] */
function differenceMatrix(
  pairs: readonly (readonly [number, number])[],
  particles: number,
  dimension: number,
): number[][] {
  return Array.from({ length: particles * dimension }, (_, row) =>
    pairs.flatMap(([i, j]) =>
      Array.from({ length: dimension }, (_, c) =>
        row === i * dimension + c ? 1 : row === j * dimension + c ? -1 : 0,
      ),
    ),
  );
}

/** Squares of components times this are squares of vectors. [count d, count] */
function sumMatrix(count: number, dimension: number): number[][] {
  return Array.from({ length: count * dimension }, (_, row) =>
    Array.from({ length: count }, (_, k) => (Math.floor(row / dimension) === k ? 1 : 0)),
  );
}

function checkSpecies(species: readonly number[]): void {
  if (species.length < 2 || !species.every((s) => Number.isInteger(s) && s >= 0 && s < 64))
    throw new MclnnError("the species cannot be used", {
      code: "bad-species",
      argument: "species",
      expected: "a whole number from 0 to 63 for each of two or more particles",
      got: species.map(described).join(", ") || "none",
    });
}
