import { checkArgument } from "@mclnn/physics/arguments";
import type { Box } from "../box.ts";
import { type ByteSource, type Format, type Head, Reading } from "./format.ts";
import { gather } from "./gather.ts";
import { tiltedBox } from "./lammps-box.ts";
import { Lines, numberOf, wordsOf } from "./lines.ts";
import { headOf, unpacked } from "./source.ts";

/** LAMMPS data files (`write_data`): one state, and masses by type. */
export const lammpsData: Format = {
  name: "LAMMPS data",
  endings: [".data"],
  recognises: looksLikeData,
  async read(reading) {
    const data = await readData(reading);
    const rows = [...data.atoms.values()];
    const ids = Float64Array.from(data.atoms.keys());
    const vectors = (of: (row: Atom) => readonly number[]): Float64Array =>
      Float64Array.from(rows.flatMap((row) => of(row)));
    const moving = data.velocities.size > 0;
    const frames = async function* () {
      yield {
        count: rows.length,
        where: "Atoms",
        ids,
        positions: vectors(({ position }) => position),
        velocities: moving
          ? Float64Array.from([...ids].flatMap((id) => velocityOf(reading, data, id)))
          : undefined,
        images: data.images ? vectors(({ image }) => image) : undefined,
        ...(data.step === undefined ? {} : { step: data.step }),
        box: data.box,
        kind: (row: number) => (rows[row] as Atom).type,
        mass: (row: number) => data.masses.get((rows[row] as Atom).type) as number,
        charge: data.charged ? (row: number) => (rows[row] as Atom).charge : undefined,
      };
    };
    const units = reading.option("units") ?? data.units;
    return gather(reading, frames(), { wrapped: true, units, counts: "step" });
  },
};

function looksLikeData({ text }: Head): boolean {
  const [, ...lines] = text.slice(0, 4096).split("\n");
  return (
    lines.some((line) => /^\s*\d+\s+atoms\b/.test(line)) &&
    lines.some((line) => /\bxlo\s+xhi\b|\bavec\b/.test(line))
  );
}

interface Atom {
  readonly type: string;
  readonly charge: number;
  readonly position: readonly number[];
  readonly image: readonly number[];
}

interface Data {
  readonly atoms: Map<number, Atom>;
  readonly velocities: Map<number, readonly number[]>;
  readonly masses: Map<string, number>;
  readonly labels: Map<string, string>;
  readonly bounds: Map<string, readonly number[]>;
  box?: Box;
  step?: number;
  units?: string;
  images: boolean;
  charged: boolean;
}

/**
 * Masses by type of a LAMMPS data file, for dumps that have none.
 *
 * @throws MclnnError of kind `input`
 */
export async function readMassesByType(source: ByteSource): Promise<Record<string, number>> {
  checkArgument("source", source, { name: "text", bytes: "function", size: "index?" });
  const plain = await unpacked(source);
  const reading = new Reading(plain, await headOf(plain), {}, {});
  if (!looksLikeData(reading.head))
    throw reading.refuse("", "a LAMMPS data file, as write_data makes it", "something else");
  return Object.fromEntries((await readData(reading)).masses);
}

const HEADER =
  /^\s*(.*?)\s+(atoms|atom types|xlo xhi|ylo yhi|zlo zhi|xy xz yz|avec|bvec|cvec|abc origin)\b/;
const SECTION = /^\s*([A-Z][A-Za-z ]*?)\s*(?:#\s*(\S+).*)?$/;
/** Where type, charge and position stand in a row of `Atoms`, by style. */
const STYLES: Readonly<Record<string, { type: number; charge: number; position: number }>> = {
  atomic: { type: 1, charge: -1, position: 2 },
  charge: { type: 1, charge: 2, position: 3 },
  molecular: { type: 2, charge: -1, position: 3 },
  bond: { type: 2, charge: -1, position: 3 },
  angle: { type: 2, charge: -1, position: 3 },
  full: { type: 2, charge: 3, position: 4 },
};

async function readData(reading: Reading): Promise<Data> {
  const lines = new Lines(reading);
  const data: Data = {
    atoms: new Map(),
    velocities: new Map(),
    masses: new Map(),
    labels: new Map(),
    bounds: new Map(),
    images: false,
    charged: false,
  };
  const title = await lines.required("a title");
  const step = /timestep\s*=\s*(\d+)/.exec(title)?.[1];
  if (step !== undefined) data.step = Number(step);
  const units = /units\s*=\s*(\w+)/.exec(title)?.[1];
  if (units !== undefined) data.units = units;
  let section = "";
  let style: string | undefined;
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const text = line.replace(/#.*/, "").trim();
    if (text === "") continue;
    const header = section === "" ? HEADER.exec(text) : null;
    const begins = SECTION.exec(line);
    if (header !== null)
      data.bounds.set(header[2] as string, wordsOf(header[1] as string).map(numberOf));
    else if (begins !== null) {
      section = begins[1] as string;
      if (section === "Atoms") style = begins[2];
    } else if (section !== "") row(data, section, wordsOf(text), { reading, lines, style });
  }
  const counted = data.bounds.get("atoms")?.[0];
  if (counted !== data.atoms.size)
    throw reading.refuse("Atoms", `${counted} atoms, as the header says`, `${data.atoms.size}`);
  data.box = boxOf(data, reading);
  return data;
}

/** A row of a section; those of sections of no use here are passed over. */
function row(
  data: Data,
  section: string,
  words: readonly string[],
  { reading, lines, style }: { reading: Reading; lines: Lines; style: string | undefined },
): void {
  const where = `line ${lines.number}`;
  const numbers = (from: number, to: number): number[] => {
    const found = words.slice(from, to).map(numberOf);
    if (found.length < to - from || !found.every(Number.isFinite))
      throw reading.refuse(where, "numbers", JSON.stringify(words.join(" ").slice(0, 80)));
    return found;
  };
  if (section === "Atom Type Labels") data.labels.set(words[0] as string, words[1] ?? "");
  else if (section === "Masses") {
    const [type = ""] = words;
    data.masses.set(data.labels.get(type) ?? type, numbers(1, 2)[0] as number);
  } else if (section === "Velocities")
    data.velocities.set(numbers(0, 1)[0] as number, numbers(1, 4));
  else if (section === "Atoms") {
    const named = style ?? (words.length === 5 || words.length === 8 ? "atomic" : undefined);
    const places = STYLES[named ?? ""];
    if (places === undefined)
      throw reading.refuse(
        where,
        `Atoms # style, one of ${Object.keys(STYLES).join(", ")}`,
        style ?? `${words.length} columns and no style`,
      );
    const { type, charge, position } = places;
    const image = words.length >= position + 6 ? numbers(position + 3, position + 6) : null;
    data.images ||= image !== null;
    data.charged ||= charge >= 0;
    const id = numbers(0, 1)[0] as number;
    if (data.atoms.has(id)) throw reading.refuse(where, "each id once", `${id} twice`);
    const word = words[type] as string;
    data.atoms.set(id, {
      type: data.labels.get(word) ?? word,
      charge: charge < 0 ? 0 : (numbers(charge, charge + 1)[0] as number),
      position: numbers(position, position + 3),
      image: image ?? [0, 0, 0],
    });
  }
}

function velocityOf(reading: Reading, { velocities }: Data, id: number): readonly number[] {
  const found = velocities.get(id);
  if (found === undefined)
    throw reading.refuse("Velocities", "a velocity of every atom", `none of atom ${id}`);
  return found;
}

/** Data files do not say which directions repeat: all are taken to. */
function boxOf({ bounds }: Data, reading: Reading): Box {
  reading.note("a data file does not say where the box repeats: along all directions is taken");
  const rows = ["avec", "bvec", "cvec"].map((name) => bounds.get(name));
  const periodic = [true, true, true] as const;
  const box = rows.every((each) => each !== undefined)
    ? {
        rows: Float64Array.from(rows.flatMap((each) => each as number[])),
        origin: Float64Array.from(bounds.get("abc origin") ?? [0, 0, 0]),
        periodic,
      }
    : tiltedBox(
        ["xlo xhi", "ylo yhi", "zlo zhi"].map((name) => bounds.get(name) ?? []),
        bounds.get("xy xz yz"),
        periodic,
      );
  if (box.rows.length !== 9 || !box.rows.every(Number.isFinite))
    throw reading.refuse("the header", "bounds of the box: xlo xhi, ylo yhi, zlo zhi", "others");
  return box;
}
