import type { Box } from "../box.ts";

/** Whether letters of a boundary (pp, fs, ...) mean that space repeats. */
export const repeats = (letters: string | undefined): boolean => letters?.startsWith("p") ?? false;

/**
 * The cell with these bounds and tilts (xy xz yz).
 *
 * @param bounding - bounds are those of the box around a tilted cell, as dumps have them
 */
export function tiltedBox(
  bounds: readonly (readonly number[])[],
  tilt: readonly number[] | undefined,
  periodic: readonly [boolean, boolean, boolean],
  bounding = false,
): Box {
  const [xy = 0, xz = 0, yz = 0] = tilt ?? [];
  const [lo, hi] = [0, 1].map((side) => bounds.map((bound) => bound[side] as number));
  const [low, high] = [lo as number[], hi as number[]];
  if (bounding) {
    low[0] = (low[0] as number) - Math.min(0, xy, xz, xy + xz);
    high[0] = (high[0] as number) - Math.max(0, xy, xz, xy + xz);
    low[1] = (low[1] as number) - Math.min(0, yz);
    high[1] = (high[1] as number) - Math.max(0, yz);
  }
  const [lx, ly, lz] = high.map((h, d) => h - (low[d] as number));
  return {
    rows: Float64Array.of(lx as number, 0, 0, xy, ly as number, 0, xz, yz, lz as number),
    origin: Float64Array.from(low),
    periodic,
  };
}

/** Bounds and tilts of a cell whose rows are as LAMMPS has them: a along x, b in the xy plane; null for others. */
export function lammpsBounds(
  h: ArrayLike<number>,
  origin: ArrayLike<number>,
): { bounds: [number, number][]; tilt: [number, number, number] } | null {
  const [ax = 0, ay, az, bx = 0, by = 0, bz, cx = 0, cy = 0, cz = 0] = Array.from(h);
  if (ay !== 0 || az !== 0 || bz !== 0 || !(ax > 0 && by > 0 && cz > 0)) return null;
  const bounds = [ax, by, cz].map((length, d): [number, number] => [
    origin[d] as number,
    (origin[d] as number) + length,
  ]);
  return { bounds, tilt: [bx, cx, cy] };
}
