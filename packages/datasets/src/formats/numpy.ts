import { checkArgument } from "@mclnn/physics/arguments";
import { toldBox } from "../box.ts";
import { decodeNpy, encodeNpy, type NpyArray } from "../npz/npy.ts";
import { decodeNpz } from "../npz/npz.ts";
import { encodeTrajectorySet, trajectorySetOf } from "../trajectory-file.ts";
import type { TrajectorySet } from "../trajectory-set.ts";
import { axesOf, inOurOrder } from "./array-axes.ts";
import { writtenDigits } from "./digits.ts";
import { massesOf } from "./elements.ts";
import type { Format, Found, Reading } from "./format.ts";
import { withoutBox } from "./gather.ts";
import { allBytes } from "./source.ts";
import { timesOf } from "./times.ts";
import { followImages } from "./wrapping.ts";

/** NumPy archives: ours, and those with other names or another order of the axes. */
export const npz: Format = {
  name: "NPZ",
  endings: [".npz"],
  recognises: ({ bytes }) => bytes[0] === 0x50 && bytes[1] === 0x4b,
  async read(reading) {
    const { name } = reading.source;
    return arraysToSet(
      reading,
      renamed(reading, decodeNpz(await allBytes(reading.source), { source: name })),
    );
  },
  *write(set) {
    yield encodeTrajectorySet(set);
  },
};

/** One NumPy array: positions. */
export const npy: Format = {
  name: "NumPy array",
  endings: [".npy"],
  recognises: ({ text, bytes }) => bytes[0] === 0x93 && text.slice(1, 6) === "NUMPY",
  async read(reading) {
    const array = decodeNpy(await allBytes(reading.source), reading.source.name);
    return arraysToSet(reading, new Map([["positions", array]]));
  },
  leavesOut: () => "all but positions",
  write: writeNpy,
};

/** Names that arrays go by, ours first. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  positions: [
    "positions",
    "position",
    "pos",
    "coordinates",
    "coords",
    "xyz",
    "trajectory",
    "x",
    "q",
    "r",
    "X",
    "R",
  ],
  velocities: ["velocities", "velocity", "vel", "v", "qdot", "V"],
  times: ["times", "time", "t", "ts", "T"],
  masses: ["masses", "mass", "m", "M"],
  charges: ["charges", "charge"],
  species: ["species", "types", "type"],
  box: ["box", "cell", "lattice"],
  periodic: ["periodic", "pbc"],
};
const OTHERS = ["provenance", "observed", "lengths", "origin", "images"];

/** What every particle has in every record: an array of fewer axes is something else, however it is called. */
const VECTORS = ["positions", "velocities"];
const isOfVectors = (array: NpyArray | undefined): boolean => (array?.shape.length ?? 0) >= 3;

/** Whether arrays of an NPZ file are trajectories: some of them are positions. */
export function holdPositions(
  arrays: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): boolean {
  checkArgument("arrays", arrays, { has: "function", get: "function" });
  return (NAMES.positions ?? []).some((name) =>
    name === "positions" ? arrays.has(name) : (arrays.get(name)?.shape.length ?? 0) >= 3,
  );
}

/** The arrays under our names; what has another is said, and so is what is passed over. */
function renamed(reading: Reading, arrays: ReadonlyMap<string, NpyArray>): Map<string, NpyArray> {
  const out = new Map<string, NpyArray>();
  const taken = new Set<string>();
  const said: string[] = [];
  for (const [ours, names] of Object.entries(NAMES)) {
    const found = names.filter(
      (name) =>
        arrays.has(name) &&
        !taken.has(name) &&
        (name === ours || !VECTORS.includes(ours) || isOfVectors(arrays.get(name))),
    );
    const name = found[0];
    if (name === undefined) continue;
    if (name !== ours && found.length > 1)
      throw reading.refuse(
        "",
        `one array of ${ours}`,
        found.join(" and "),
        `Rename the right one to ${ours}.`,
      );
    taken.add(name);
    out.set(ours, arrays.get(name) as NpyArray);
    if (name !== ours) said.push(`${ours} = ${name}`);
  }
  for (const [name, array] of arrays)
    if (OTHERS.includes(name)) out.set(name, array);
    else if (!taken.has(name))
      reading.note(`the array ${name} means nothing here, and is passed over`);
  if (said.length > 0) reading.note(`arrays: ${said.join(", ")}`);
  if (!out.has("positions"))
    throw reading.refuse(
      "",
      "an array of positions",
      [...arrays.keys()].slice(0, 20).join(", ") || "no arrays",
      "Name it positions.",
    );
  return out;
}

/** A set of what arrays say and options add. */
function arraysToSet(reading: Reading, arrays: Map<string, NpyArray>): Found {
  const positions = arrays.get("positions") as NpyArray;
  const sizes = {
    record: arrays.get("times")?.shape[0] ?? reading.option("times")?.length,
    particle: arrays.get("masses")?.shape[0] ?? reading.option("masses")?.length,
  };
  const ours = !reading.notes.some((note) => note.includes("positions = "));
  const axes = axesOf(reading, positions.shape, sizes, ours);
  const moved = inOurOrder(positions, axes);
  for (const key of ["velocities", "images"]) {
    const array = arrays.get(key);
    if (array !== undefined && array.shape.join() === positions.shape.join())
      arrays.set(key, inOurOrder(array, axes));
  }
  arrays.set("positions", moved);
  const [, records = 0, particles = 0] = moved.shape;
  const nothing = new Array<undefined>(records).fill(undefined);
  let timeUnit: Found["timeUnit"] = "time";
  let made: TrajectorySet["provenance"] = {};
  if (!arrays.has("times")) {
    const clock = timesOf(reading, { records, times: nothing, steps: nothing }, "frame");
    timeUnit = clock.timeUnit;
    made = clock.steps;
    arrays.set("times", floats(clock.times));
  }
  if (!arrays.has("masses")) {
    const none = new Array<undefined>(particles).fill(undefined);
    arrays.set("masses", floats(massesOf(reading, none, none)));
  }
  const missingAsNan = reading.option("missingAsNan") ?? false;
  const found = scaled(reading, trajectorySetOf(arrays, reading.source.name, missingAsNan));
  const asked = reading.option("box");
  const read =
    asked === undefined || asked === "none"
      ? found
      : { ...found, ...toldBox("box", asked, found.dimension) };
  const followed =
    read.images === undefined
      ? followImages(read, undefined, reading, timeUnit === "time")
      : { wrapped: true };
  const { units, kinds } = read.provenance;
  if (read.periodic !== undefined) reading.hooks.onBox?.(Array.from(read.periodic, Boolean));
  return {
    set: withoutBox(reading, {
      ...read,
      ...("images" in followed ? { images: followed.images } : {}),
      provenance: { ...read.provenance, ...made },
    }),
    timeUnit,
    units: typeof units === "string" ? units : null,
    digits: positions.dtype.endsWith("f4") ? 7 : writtenDigits(moved.data),
    wrapped: followed.wrapped,
    kinds: Array.isArray(kinds) ? kinds.map(String) : [],
  };
}

const floats = (data: Float64Array): NpyArray => ({ dtype: "<f8", shape: [data.length], data });

function scaled(reading: Reading, set: TrajectorySet): TrajectorySet {
  const scale = reading.option("scale");
  if (scale === undefined) return set;
  const by = (values: Float64Array): Float64Array => values.map((x) => x * scale.factor);
  const { positions, velocities, box, origin } = set;
  return {
    ...set,
    positions: by(positions),
    ...(velocities === undefined ? {} : { velocities: by(velocities) }),
    ...(box === undefined ? {} : { box: by(box) }),
    ...(origin === undefined ? {} : { origin: by(origin) }),
    provenance: {
      ...set.provenance,
      ...(scale.unit === undefined ? {} : { lengthUnit: scale.unit }),
    },
  };
}

/** Positions alone; one trajectory without the axis of trajectories. */
function* writeNpy(set: TrajectorySet): Generator<Uint8Array> {
  const { trajectories, records, particles, dimension, positions } = set;
  const shape = [records, particles, dimension];
  yield encodeNpy({
    shape: trajectories === 1 ? shape : [trajectories, ...shape],
    data: positions,
  });
}
