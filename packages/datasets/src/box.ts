/** A cell that space repeats: rows a, b, c [9], its corner [3], and the directions along which it repeats [3]. */
export interface Box {
  readonly rows: Float64Array;
  readonly origin: Float64Array;
  readonly periodic: readonly [boolean, boolean, boolean];
}

/** Signed volume of the cell with these rows. [9] */
export function volume(h: ArrayLike<number>): number {
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0, cx = 0, cy = 0, cz = 0] = Array.from(h);
  return ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
}

/** What turns a place into shares of the rows: s = x . inverse, row by row. [9] */
export function inverse(h: ArrayLike<number>): Float64Array {
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0, cx = 0, cy = 0, cz = 0] = Array.from(h);
  const v = volume(h);
  return Float64Array.of(
    (by * cz - bz * cy) / v,
    (az * cy - ay * cz) / v,
    (ay * bz - az * by) / v,
    (bz * cx - bx * cz) / v,
    (ax * cz - az * cx) / v,
    (az * bx - ax * bz) / v,
    (bx * cy - by * cx) / v,
    (ay * cx - ax * cy) / v,
    (ax * by - ay * bx) / v,
  );
}
