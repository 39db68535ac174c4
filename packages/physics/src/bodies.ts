import { MclnnError } from "./errors.ts";

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

/** @throws MclnnError `missing-charges` */
export function chargesOf(force: string, { charges }: Bodies): Float64Array {
  if (charges !== undefined) return charges;
  throw new MclnnError(`${force} needs charges`, {
    code: "missing-charges",
    argument: "charges",
    expected: "a charge for every particle",
    got: "none",
  });
}
