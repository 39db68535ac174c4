import type { Bodies } from "./bodies.ts";
import type { Force } from "./force.ts";

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
