/** Configurations and accelerations in a network's own units. */
export interface ScaledPoints {
  readonly points: number;
  /** Network inputs. [points x inputs] */
  readonly inputs: Float64Array;
  /** What `responses` times the network's gradient should be. [points x inputs] */
  readonly targets: Float64Array;
  /** Scaled acceleration of a component for a unit of the network's gradient: inverse masses, relative. [inputs] */
  readonly responses: Float64Array;
  /** Components that the mean counts: those of the data, of which the network may see fewer. */
  readonly components: number;
  /** Sum of squares of the targets that the network does not see (and predicts to be 0). */
  readonly idleSquares: number;
}
