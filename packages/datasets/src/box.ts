/** A cell that space repeats: rows a, b, c [9], its corner [3], and the directions along which it repeats [3]. */
export interface Box {
  readonly rows: Float64Array;
  readonly origin: Float64Array;
  readonly periodic: readonly [boolean, boolean, boolean];
}
