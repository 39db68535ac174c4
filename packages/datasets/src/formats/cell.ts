import { portableCos } from "@mclnn/physics/portable";

/** Rows of the cell with these lengths and angles in degrees, a along x and b in the xy plane. [9] */
export function cellRows(lengths: ArrayLike<number>, angles: ArrayLike<number>): Float64Array {
  const [a = 0, b = 0, c = 0] = Array.from(lengths);
  // Right angles have a cosine of 0, in all its bits.
  const [alpha = 0, beta = 0, gamma = 0] = Array.from(angles, (angle) =>
    angle === 90 ? 0 : portableCos((angle * Math.PI) / 180),
  );
  const sine = Math.sqrt(1 - gamma * gamma);
  const across = (alpha - beta * gamma) / sine;
  const up = Math.sqrt(1 - beta * beta - across * across);
  return Float64Array.of(a, 0, 0, b * gamma, b * sine, 0, c * beta, c * across, c * up);
}
