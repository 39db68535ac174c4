import type { Box } from "../box.ts";
import type { Format, Reading } from "./format.ts";
import type { Frame } from "./frame.ts";
import { gather } from "./gather.ts";
import { byLibrary, libraryOf } from "./library.ts";
import { allBytes } from "./source.ts";

/** What is used of `h5wasm`. */
interface Hdf5 {
  readonly ready: Promise<{
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  }>;
  readonly File: new (
    path: string,
    mode: "r",
  ) => Node & { readonly file_id: bigint; close(): unknown };
}

/** A group or a data set. */
interface Node {
  get(path: string): Node | null;
  keys(): string[];
  readonly attrs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly shape?: readonly number[] | null;
  readonly value?: unknown;
}

/** H5MD: one group of particles with positions, and velocities, images, box, species, masses and charges where it has them. */
export const h5md: Format = {
  name: "H5MD",
  endings: [".h5md", ".h5"],
  recognises: ({ bytes, text }) => bytes[0] === 0x89 && text.slice(1, 4) === "HDF",
  async read(reading) {
    const library = await libraryOf<Hdf5 & { readonly default?: Hdf5 }>(reading, "h5wasm");
    const { ready, File } = library.default ?? library;
    const { FS } = await ready;
    const path = "/mclnn-input.h5";
    FS.writeFile(path, await allBytes(reading.source));
    const file = byLibrary(reading, "a whole HDF5 file", () => new File(path, "r"));
    try {
      if (file.file_id < 0n) throw reading.refuse("", "a whole HDF5 file", "a damaged one");
      return await gather(reading, frames(reading, file), {
        units: reading.option("units") ?? unitsOf(file),
        counts: "step",
      });
    } finally {
      if (file.file_id >= 0n) file.close();
      FS.unlink(path);
    }
  },
};

/** The units of LAMMPS that lengths and times of the file are in; undefined for others, and where it says nothing. */
function unitsOf(file: Node): string | undefined {
  const group = `particles/${file.get("particles")?.keys()[0]}/position`;
  const unit = (path: string): string =>
    String(file.get(`${group}/${path}`)?.attrs.unit?.value ?? "").toLowerCase();
  if (!/^(angstrom|\u212b)/.test(unit("value"))) return undefined;
  return { ps: "metal", fs: "real" }[unit("time")];
}

async function* frames(reading: Reading, file: Node): AsyncGenerator<Frame> {
  const groups = file.get("particles")?.keys() ?? [];
  const names = groups.filter((name) => file.get(`particles/${name}/position/value`) !== null);
  const [name] = names;
  if (name === undefined)
    throw reading.refuse("", "particles/GROUP/position/value", groups.join(", ") || "no particles");
  if (names.length > 1) reading.note(`of the groups ${names.join(", ")} ${name} is read`);
  const group = file.get(`particles/${name}`) as Node;
  const numbers = (path: string): Float64Array | undefined => numbersOf(reading, group, path);
  const shape = group.get("position/value")?.shape ?? [];
  const [records = 0, particles = 0, dimension = 0] = shape;
  if (shape.length !== 3 || dimension !== 3)
    throw reading.refuse("position/value", "[record, particle, 3]", `(${shape.join(", ")})`);
  const size = particles * 3;
  const [positions, velocities] = [numbers("position/value"), numbers("velocity/value")];
  const [images, steps, times] = [
    numbers("image/value"),
    numbers("position/step"),
    numbers("position/time"),
  ];
  const fixed = (path: string): Float64Array | undefined => {
    const found = numbers(path) ?? numbers(`${path}/value`);
    return found?.length === particles ? found : undefined;
  };
  const [species, masses, charges] = [fixed("species"), fixed("mass"), fixed("charge")];
  const part = (of: Float64Array | undefined, k: number): Float64Array | undefined =>
    of?.length === records * size ? of.subarray(k * size, (k + 1) * size) : undefined;
  for (let k = 0; k < records; k++) {
    const places = part(positions, k) as Float64Array;
    if (!places.every(Number.isFinite))
      throw reading.refuse(`record ${k}`, "finite positions", "others");
    yield {
      count: particles,
      where: `record ${k}`,
      ...(steps?.length === records ? { step: steps[k] as number } : {}),
      ...(times?.length === records ? { time: times[k] as number } : {}),
      positions: places,
      velocities: part(velocities, k),
      images: part(images, k),
      box: boxOf(group, numbers("box/edges/value") ?? numbers("box/edges"), k, records),
      ...(species === undefined ? {} : { kind: (row: number) => String(species[row]) }),
      ...(masses === undefined ? {} : { mass: (row: number) => masses[row] as number }),
      ...(charges === undefined ? {} : { charge: (row: number) => charges[row] as number }),
    };
  }
}

function numbersOf(reading: Reading, group: Node, path: string): Float64Array | undefined {
  return byLibrary(reading, `numbers in ${path}`, () => {
    const value = group.get(path)?.value;
    if (value === undefined || value === null || typeof value === "string") return undefined;
    return Float64Array.from(value as ArrayLike<number | bigint>, Number);
  });
}

/** Edges: three lengths or three rows, for all records or for each. */
function boxOf(
  group: Node,
  edges: Float64Array | undefined,
  record: number,
  records: number,
): Box | undefined {
  const one =
    edges === undefined
      ? 0
      : edges.length > 9 || (records > 1 && edges.length === 3 * records && edges.length !== 9)
        ? edges.length / records
        : edges.length;
  if (edges === undefined || (one !== 3 && one !== 9)) return undefined;
  const first = edges.length > one ? record * one : 0;
  const own = edges.slice(first, first + one);
  const [a = 0, b = 0, c = 0] = own;
  const boundary = group.get("box")?.attrs.boundary?.value;
  const repeats = (d: number): boolean =>
    String((Array.isArray(boundary) ? boundary[d] : boundary) ?? "none") === "periodic";
  return {
    rows: one === 9 ? own : Float64Array.of(a, 0, 0, 0, b, 0, 0, 0, c),
    origin: new Float64Array(3),
    periodic: [repeats(0), repeats(1), repeats(2)],
  };
}
