import type { Force } from "./forces/force.ts";

/** The particles themselves: what a force may depend on beside positions and velocities. */
export interface Bodies {
  /** [N] */
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  /** [N], for potentials that couple by charge. */
  readonly charges?: Float64Array;
  /** [N], index of the kind of particle. */
  readonly species?: Int32Array;
}

/** N particles and what moves them. */
export interface ParticleSystem extends Bodies {
  /** A potential, or any other force. */
  readonly potential: Force;
}

/** A complete state: nothing else is needed to go on from here. Arrays are particle-major, [N x dimension]. */
export interface State {
  time: number;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
}
