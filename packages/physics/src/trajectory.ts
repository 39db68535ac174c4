import type { Bodies } from "./bodies.ts";

/** How data came to be, in plain JSON: what made it, from what, with which seed and versions. */
export type Provenance = Readonly<Record<string, JsonValue>>;

/** A JSON value. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Records of one run of N particles, and what these are where it is known. Record 0 is the start. */
export interface Trajectory extends Partial<Bodies> {
  /** N. */
  readonly particles: number;
  readonly dimension: 2 | 3;
  /** [records], increasing. */
  readonly times: Float64Array;
  /** [records x N x dimension] */
  readonly positions: Float64Array;
  /** [records x N x dimension] */
  readonly velocities?: Float64Array;
  /** 1 where a particle was seen in a record, else 0; absent where all were seen all the time. [records x N] */
  readonly observed?: Uint8Array;
  readonly provenance?: Provenance;
}
