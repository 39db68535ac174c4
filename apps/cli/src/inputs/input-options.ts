import type { ColumnRole, ReadOptions } from "@mclnn/datasets/formats";
import { badOption } from "../options/errors.ts";
import { given } from "../options/given.ts";
import { flag, kebab, number, type OptionsOf, POSITIVE, parsed, text } from "../options/options.ts";
import { trajectorySource } from "./trajectory-source.ts";

/** What a file of trajectories may not say itself: for every command that takes one, beside --dt. */
export const INPUT_OPTIONS = {
  fps: number("<n>", "frames a second of tracks", POSITIVE),
  times: text("<list>", "times of the records: numbers between commas, or a file (.npy, text)"),
  masses: text("<list>", "masses of the particles: numbers between commas, or a file (.npy, text)"),
  mass: parsed(
    "<type=m,...>",
    "masses by type or element, for example 1=39.948,2=4",
    keyed<string, number>(asMass),
  ),
  units: text("<name>", "units of a LAMMPS dump: lj, metal, real, si, ..."),
  lammpsData: text("<file>", "LAMMPS data file to take masses by type from"),
  scale: parsed("<length/px>", "length of a pixel, for example 0.12um/px", scaleOf),
  columns: parsed(
    "<role=title,...>",
    "columns of a table: frame, time, particle, x, y, z, ... by title or number from 1",
    keyed<ColumnRole, string>(asColumn),
  ),
  likelihood: number("<p>", "less likely places of DeepLabCut were not seen (default: 0.6)", {
    atLeast: 0,
    atMost: 1,
  }),
  axes: text("<names>", "axes of an array, for example record,particle,component"),
  box: text(
    "<sizes>",
    "box that the file does not say: Lx,Ly,Lz, nine numbers a,b,c, or a file of them; none leaves the file's own out",
  ),
  missingAsNan: flag("take positions that are NaN for not observed"),
};
export type InputOptions = OptionsOf<typeof INPUT_OPTIONS> & { readonly dt?: number | undefined };

/** `--dt` of commands that have none of their own. */
export const INPUT_DT = {
  dt: number("<t>", "time of one step of a dump, or between two records", POSITIVE),
};

/** The options of inputs that were given, by their names on the command line. */
export function inputsAmong(options: InputOptions): Record<string, unknown> {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys({ ...INPUT_DT, ...INPUT_OPTIONS }).map((key) => [`--${kebab(key)}`, given[key]]),
  );
}

/** The options of inputs that were given. */
export function givenInputs(options: InputOptions): InputOptions {
  const all = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys({ ...INPUT_DT, ...INPUT_OPTIONS }).flatMap((key) =>
      all[key] === undefined ? [] : [[key, all[key]]],
    ),
  );
}

/** What the readers take of the options. @throws MclnnError of kind `input` */
export async function readOptionsOf(options: InputOptions): Promise<ReadOptions> {
  const { mass, lammpsData, times, masses, box, dt, fps, ...rest } = options;
  const { units, scale, columns, likelihood, axes, missingAsNan } = rest;
  return given({
    ...{ units, scale, columns, likelihood, axes, missingAsNan, dt, fps },
    box: box === undefined || box === "none" ? box : await numbers("--box", box),
    times: times === undefined ? undefined : await numbers("--times", times),
    masses: masses === undefined ? undefined : await numbers("--masses", masses),
    massOf: lammpsData === undefined ? mass : { ...(await byType(lammpsData)), ...mass },
  });
}

async function byType(path: string): Promise<Record<string, number>> {
  const { readMassesByType } = await import("@mclnn/datasets/formats");
  return readMassesByType(await trajectorySource(path, "--lammps-data"));
}

/** Numbers between commas, or those of a file. */
async function numbers(option: string, value: string): Promise<Float64Array> {
  const listed = value.split(",").map((each) => (each.trim() === "" ? Number.NaN : Number(each)));
  if (listed.every(Number.isFinite)) return Float64Array.from(listed);
  const { readNumbers } = await import("@mclnn/datasets/formats");
  return readNumbers(await trajectorySource(value, option));
}

/** Parser of `key=value,key=value`. */
function keyed<K extends string, T>(
  asValue: (option: string, key: string, value: string) => T,
): (option: string) => (text: string) => Record<K, T> {
  return (option) => (given) =>
    Object.fromEntries(
      given.split(",").map((pair) => {
        const [key = "", ...rest] = pair.split("=");
        if (key.trim() === "" || rest.length === 0)
          throw badOption(option, "name=value, several between commas", JSON.stringify(given));
        return [key.trim(), asValue(option, key.trim(), rest.join("=").trim())];
      }),
    ) as Record<K, T>;
}

function asMass(option: string, key: string, value: string): number {
  const mass = value === "" ? Number.NaN : Number(value);
  if (!(mass > 0 && Number.isFinite(mass)))
    throw badOption(option, `a mass above 0 for ${key}`, JSON.stringify(value));
  return mass;
}

const ROLES = [
  ...["frame", "time", "particle", "trajectory", "x", "y", "z"],
  ...["vx", "vy", "vz", "mass", "species", "charge"],
];

function asColumn(option: string, key: string, value: string): string {
  if (!ROLES.includes(key)) throw badOption(option, `roles among ${ROLES.join(", ")}`, key);
  return value;
}

/** `0.12um/px`: lengths of the file are multiplied by it. */
function scaleOf(option: string): (given: string) => { factor: number; unit?: string } {
  return (text) => {
    const [, digits = "", unit = ""] =
      /^\s*([\d.]+(?:[eE][-+]?\d+)?)\s*([^\d\s/]*)\s*(?:\/\s*\w+)?\s*$/.exec(text) ?? [];
    const factor = digits === "" ? Number.NaN : Number(digits);
    if (!(factor > 0 && Number.isFinite(factor)))
      throw badOption(option, "a length above 0 a pixel, as 0.12um/px", JSON.stringify(text));
    return unit === "" ? { factor } : { factor, unit };
  };
}
