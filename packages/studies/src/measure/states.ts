import {
  angularMomentum,
  hamiltonian,
  lagrangian,
  linearMomentum,
  type ParticleSystem,
  type State,
} from "@mclnn/physics";
import type { StartState, StateValues } from "../data/results.ts";

/** The paper's observables in one state. */
export function valuesAt(system: ParticleSystem, state: State): StateValues {
  const { positions, velocities } = state;
  return {
    hamiltonian: hamiltonian(system, state),
    lagrangian: lagrangian(system, state),
    linearMomentum: Array.from(linearMomentum(system, velocities)),
    angularMomentum: Array.from(angularMomentum(system, positions, velocities)),
  };
}

/** A state as results print it, a row a particle. */
export function startState({ positions, velocities }: State, dimension: 2 | 3): StartState {
  const rows = (flat: Float64Array): number[][] =>
    Array.from({ length: flat.length / dimension }, (_, i) =>
      Array.from(flat.subarray(i * dimension, (i + 1) * dimension)),
    );
  return { positions: rows(positions), velocities: rows(velocities) };
}
