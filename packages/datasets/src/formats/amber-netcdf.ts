import { cellRows } from "./cell.ts";
import type { Format, Reading } from "./format.ts";
import type { Frame } from "./frame.ts";
import { gather } from "./gather.ts";
import { byLibrary, libraryOf } from "./library.ts";
import { allBytes } from "./source.ts";

/** What is used of `netcdfjs`. */
interface NetCdf {
  readonly NetCDFReader: new (
    bytes: Uint8Array,
  ) => {
    readonly variables: readonly {
      readonly name: string;
      readonly attributes: readonly { readonly name: string; readonly value: unknown }[];
    }[];
    getDataVariable(name: string): readonly (number | readonly number[])[];
  };
}

/** AMBER's NetCDF trajectories: angstrom and ps, positions in float32, velocities in a unit of their own that the file tells. */
export const amberNetcdf: Format = {
  name: "AMBER NetCDF",
  endings: [".nc"],
  recognises: ({ text, bytes }) => text.startsWith("CDF") && (bytes[3] === 1 || bytes[3] === 2),
  async read(reading) {
    const { NetCDFReader } = await libraryOf<NetCdf>(reading, "netcdfjs");
    const bytes = await allBytes(reading.source);
    const file = byLibrary(reading, "a whole NetCDF file", () => new NetCDFReader(bytes));
    return gather(reading, frames(reading, file), {
      units: reading.option("units") ?? "metal",
      digits: 7,
    });
  },
};

type File = InstanceType<NetCdf["NetCDFReader"]>;

async function* frames(reading: Reading, file: File): AsyncGenerator<Frame> {
  const variable = (name: string): (number | readonly number[])[] | undefined =>
    byLibrary(reading, `a whole variable ${name}`, () =>
      file.variables.some((each) => each.name === name)
        ? [...file.getDataVariable(name)]
        : undefined,
    );
  /** The library gives numbers as they stand; AMBER's velocities have a factor. */
  const factor = (name: string): number => {
    const attributes = file.variables.find((each) => each.name === name)?.attributes ?? [];
    const value = attributes.find((each) => each.name === "scale_factor")?.value;
    return typeof value === "number" && Number.isFinite(value) ? value : 1;
  };
  const coordinates = variable("coordinates");
  if (coordinates === undefined)
    throw reading.refuse(
      "",
      "a variable coordinates, as AMBER has it",
      file.variables
        .map(({ name }) => name)
        .slice(0, 20)
        .join(", ") || "none",
    );
  const [velocities, times] = [variable("velocities"), variable("time")];
  const [lengths, angles] = [variable("cell_lengths"), variable("cell_angles")];
  for (let k = 0; k < coordinates.length; k++) {
    const row = (of: readonly unknown[] | undefined, name: string): Float64Array | undefined => {
      if (of === undefined) return undefined;
      const numbers = Float64Array.from((of[k] ?? []) as readonly number[]);
      if (numbers.length === 0 || !numbers.every(Number.isFinite))
        throw reading.refuse(`frame ${k}`, `finite numbers of ${name}`, "others");
      return numbers;
    };
    const positions = row(coordinates, "coordinates") as Float64Array;
    const motion = row(velocities, "velocities")?.map((v) => v * factor("velocities"));
    if (positions.length % 3 !== 0 || (motion !== undefined && motion.length !== positions.length))
      throw reading.refuse(`frame ${k}`, "three numbers an atom", `${positions.length}`);
    const [sides, corners] = [row(lengths, "cell_lengths"), row(angles, "cell_angles")];
    yield {
      count: positions.length / 3,
      where: `frame ${k}`,
      time: typeof times?.[k] === "number" ? rounded(times[k] as number) : undefined,
      positions,
      velocities: motion,
      box:
        sides === undefined
          ? undefined
          : {
              rows: cellRows(sides, corners ?? [90, 90, 90]),
              origin: new Float64Array(3),
              periodic: [true, true, true],
            },
    };
  }
}

/** 0.02 in float32 is 0.019999999552965164: what was meant has 7 digits. */
const rounded = (time: number): number =>
  Math.fround(time) === time ? Number(time.toPrecision(7)) : time;
