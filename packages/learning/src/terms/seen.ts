import type { TrajectorySet } from "@mclnn/datasets";
import type { Coupling } from "@mclnn/physics";
import type { Seen } from "@mclnn/physics/terms";

/** Frames that are looked at, more or less. */
const FRAMES = 2000;

/** Trajectories in the data's layout, or in that of training. */
type Records = Pick<
  TrajectorySet,
  "trajectories" | "records" | "particles" | "dimension" | "times" | "positions"
> & { readonly velocities?: Float64Array | null | undefined };

/** Where particles are in some records and how they move; looked for when it is asked. Of what was not observed nothing is said. */
export function seenIn(data: Records, coupling: Coupling = "none"): Seen {
  const { trajectories, records, particles, dimension, positions } = data;
  const width = positions.length / (trajectories * records);
  const stride = width / particles;
  const every = Math.max(1, Math.floor((trajectories * records) / FRAMES));
  /** Numbers of frames, sorted. */
  const sorted = (numbersOf: (frame: number, tell: (x: number) => void) => void): Float64Array => {
    const out: number[] = [];
    for (let frame = 0; frame < trajectories * records; frame += every)
      numbersOf(frame, (x) => {
        if (Number.isFinite(x)) out.push(x);
      });
    return Float64Array.from(out).sort();
  };
  const distance = (a: (axis: number) => number): number => {
    let square = 0;
    for (let axis = 0; axis < dimension; axis++) square += a(axis) * a(axis);
    return Math.sqrt(square);
  };
  const axes = Array.from({ length: dimension }, (_, axis) => axis);
  const seen = {
    begin: data.times[0],
    coupling,
    get middle() {
      return axes.map((axis) => {
        let [sum, count] = [0, 0];
        for (let k = axis; k < positions.length; k += stride)
          if (Number.isFinite(positions[k])) {
            sum += positions[k];
            count++;
          }
        return sum / count;
      });
    },
    get coordinates() {
      return axes.map((axis) =>
        sorted((frame, tell) => {
          for (let i = 0; i < particles; i++) tell(positions[frame * width + i * stride + axis]);
        }),
      );
    },
    get distances() {
      const { middle } = seen;
      return sorted((frame, tell) => {
        for (let i = 0; i < particles; i++) {
          const o = frame * width + i * stride;
          tell(distance((axis) => positions[o + axis] - middle[axis]));
        }
      });
    },
    get radii() {
      return sorted((frame, tell) => {
        for (let i = 0; i < particles; i++) {
          const o = frame * width + i * stride;
          tell(distance((axis) => positions[o + axis]));
        }
      });
    },
    get speeds() {
      return sorted((frame, tell) => {
        for (let i = 0; i < particles; i++) tell(speedOf(data, frame, i, stride));
      });
    },
    get separations() {
      return sorted((frame, tell) => {
        for (let i = 0; i < particles; i++)
          for (let j = 0; j < i; j++) {
            const [a, b] = [frame * width + i * stride, frame * width + j * stride];
            tell(distance((axis) => positions[a + axis] - positions[b + axis]));
          }
      });
    },
  };
  return seen;
}

/** As recorded, else to the next record; not a number after the last one. */
function speedOf(
  { records, particles, dimension, times, positions, velocities }: Records,
  frame: number,
  i: number,
  stride: number,
): number {
  const o = (frame * particles + i) * stride;
  const next = o + particles * stride;
  const record = frame % records;
  let square = 0;
  for (let axis = 0; axis < dimension; axis++) {
    const v =
      velocities?.[o + axis] ??
      (record + 1 < records
        ? (positions[next + axis] - positions[o + axis]) / (times[record + 1] - times[record])
        : Number.NaN);
    square += v * v;
  }
  return Math.sqrt(square);
}
