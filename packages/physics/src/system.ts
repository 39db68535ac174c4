import type { Potential } from "./potential.ts";

/** The particles themselves: what a potential may depend on beside positions. */
export interface Bodies {
  /** [N] */
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  /** [N], for potentials that couple by charge. */
  readonly charges?: Float64Array;
  /** [N], index of the kind of particle. */
  readonly species?: Int32Array;
}

/** N particles and the potential they move in. */
export interface ParticleSystem extends Bodies {
  readonly potential: Potential;
}

/** A complete state: nothing else is needed to go on from here. Arrays are particle-major, [N x dimension]. */
export interface State {
  time: number;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
}
