import { MclnnError } from "@mclnn/physics";
import type { NpyArray } from "../npz/npy.ts";
import type { Reading } from "./format.ts";

/** Axes of positions, in the order in which they are kept. */
const AXES = ["trajectory", "record", "particle", "component"] as const;
type Axis = (typeof AXES)[number];

/** What the sizes of axes have to be, where other arrays tell. */
export interface Sizes {
  readonly record?: number | undefined;
  readonly particle?: number | undefined;
}

/**
 * Which axis of positions is which: as an option says, or the only reading that fits the numbers of times and masses.
 *
 * @param ours - whether the array has the name that the documents give it, and so the order that they say where that fits
 * @throws MclnnError `ambiguous-axes` naming the readings that fit
 */
export function axesOf(
  reading: Reading,
  shape: readonly number[],
  sizes: Sizes,
  ours: boolean,
): readonly Axis[] {
  const told = reading.option("axes")?.split(/[\s,]+/);
  const fitting = readings(shape.length).filter((axes) => fits(axes, shape, sizes));
  const written = (axes: readonly string[]): string => axes.join(",");
  if (told !== undefined) {
    const found = readings(shape.length).find((axes) => written(axes) === written(told));
    if (found !== undefined && fits(found, shape, sizes)) return found;
    throw refuse(reading, shape, fitting.map(written), `--axes ${written(told)}`);
  }
  const usual = AXES.slice(AXES.length - shape.length);
  const canonical = fitting.find((axes) => written(axes) === written(usual));
  if (canonical !== undefined && (ours || fitting.length === 1)) {
    if (shape.length === 3) reading.note(`positions are of one trajectory: ${written(canonical)}`);
    return canonical;
  }
  const [only, ...others] = fitting;
  if (only === undefined || others.length > 0)
    throw refuse(reading, shape, fitting.map(written), `shape (${shape.join(", ")})`);
  reading.note(`axes of positions (${shape.join(", ")}): ${written(only)}`);
  return only;
}

function refuse(
  reading: Reading,
  shape: readonly number[],
  fitting: readonly string[],
  got: string,
): MclnnError {
  const some = fitting.length > 0;
  return new MclnnError(`the axes of positions in ${reading.source.name} are not clear`, {
    code: "ambiguous-axes",
    argument: "--axes",
    expected: some
      ? `one of ${fitting.join(" | ")}`
      : "[trajectory,] record, particle, component: 2 or 3 components, as many records as times, as many particles as masses",
    got,
    mend: some
      ? `Say which: --axes ${fitting[0]}. Times and masses in the file leave fewer readings.`
      : `Reshape the array of shape (${shape.join(", ")}) in NumPy.`,
  });
}

/** All orders of the axes that so many dimensions can be; one trajectory needs no axis. */
function readings(dimensions: number): (readonly Axis[])[] {
  if (dimensions !== 3 && dimensions !== 4) return [];
  return permutations(AXES.slice(AXES.length - dimensions));
}

function permutations(axes: readonly Axis[]): Axis[][] {
  if (axes.length === 0) return [[]];
  return axes.flatMap((axis, k) =>
    permutations(axes.filter((_, j) => j !== k)).map((rest) => [axis, ...rest]),
  );
}

function fits(axes: readonly Axis[], shape: readonly number[], sizes: Sizes): boolean {
  return axes.every((axis, k) => {
    const size = shape[k] as number;
    if (axis === "component") return size === 2 || size === 3;
    return axis === "trajectory" ? size >= 1 : size === (sizes[axis] ?? size);
  });
}

/** The array with its axes in our order: [trajectory, record, particle, component]. */
export function inOurOrder(array: NpyArray, axes: readonly Axis[]): NpyArray {
  const { shape, data, dtype } = array;
  const size = AXES.map((axis) =>
    axes.includes(axis) ? (shape[axes.indexOf(axis)] as number) : 1,
  );
  if (axes.every((axis, k) => axis === AXES[AXES.length - axes.length + k]))
    return { dtype, shape: size, data };
  const strides = AXES.map((axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? 0 : shape.slice(at + 1).reduce((n, d) => n * d, 1);
  });
  const out = data.slice();
  const [T = 0, R = 0, N = 0, D = 0] = size;
  const [st = 0, sr = 0, sn = 0, sd = 0] = strides;
  let to = 0;
  for (let t = 0; t < T; t++)
    for (let r = 0; r < R; r++)
      for (let n = 0; n < N; n++)
        for (let d = 0; d < D; d++) out[to++] = data[t * st + r * sr + n * sn + d * sd] as number;
  return { dtype, shape: size, data: out };
}
