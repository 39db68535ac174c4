import {
  type Coupling,
  createState,
  createSystem,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  pairwiseBySpecies,
  type State,
  type Vectors,
} from "@mclnn/physics";

/** One law of a system: between all particles, or between those of two species. */
export interface Law {
  readonly pair: PairPotential;
  /** The lower one first. */
  readonly species?: readonly [number, number];
}

/** How a system is watched. */
interface Watching {
  /** Trajectories begin up to so long after the start that was drawn. Default 0. */
  readonly wander?: number;
  /** Ranges; trajectories with a separation outside are drawn again: no collisions, no escapes. */
  readonly separations: readonly (readonly [number, number])[];
  /** A start that no training trajectory has, and how long a learned law is followed from it. */
  readonly heldOut: { readonly start?: State; readonly time: number };
}

/** A system that laws are learned from: what is true, and how it is watched. */
export interface LawSystem extends Watching {
  /** For the command line: `lennard-jones-warm`. */
  readonly name: string;
  readonly title: string;
  /** V(r), as the table shows it. */
  readonly formula: string;
  readonly laws: readonly Law[];
  readonly coupling: Coupling;
  readonly system: ParticleSystem;
  /** Training trajectories start near it. */
  readonly start: State;
  /** Standard deviation of a component around `start`. */
  readonly jitter: { readonly position: number; readonly velocity: number };
  /** Time between records. */
  readonly spacing: number;
}

interface Row extends Watching {
  readonly masses: ArrayLike<number>;
  /** Of each particle, where there are several. */
  readonly species?: readonly number[];
  readonly dimension?: 2 | 3;
  readonly positions: Vectors;
  readonly velocities: Vectors;
  /** Of positions, and of velocities. */
  readonly jitter: readonly [number, number];
  readonly spacing?: number;
}

/** A system from a row. @param laws - between all particles, or for each pair of species */
export function lawSystem(
  name: string,
  title: string,
  formula: string,
  laws: PairPotential | readonly Required<Law>[],
  { masses, species, dimension = 3, positions, velocities, jitter, spacing = 0.1, ...rest }: Row,
): LawSystem {
  const single = "slope" in laws;
  const potential = single ? pairwise(laws) : pairwiseBySpecies(laws);
  const kinds = species === undefined ? {} : { species };
  return {
    ...{ name, title, formula, spacing, ...rest },
    laws: single ? [{ pair: laws }] : laws,
    coupling: single ? (laws.coupling ?? "none") : "none",
    system: createSystem({ masses, dimension, ...kinds, potential }),
    start: createState({ positions, velocities }, { dimension }),
    jitter: { position: jitter[0], velocity: jitter[1] },
  };
}
