import { createState, createSystem, isMclnnError, MclnnError, type State } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { toldBox } from "./box.ts";
import { coincidentPair } from "./coincidence.ts";

/** Particles and their state, as a state file gives them. */
export interface StateFile {
  readonly masses: Float64Array;
  readonly dimension: 2 | 3;
  readonly charges?: Float64Array;
  /** [N], index of the kind of particle. */
  readonly species?: Int32Array;
  /** Rows of the box that they are in, and along which it repeats. [9], [3] */
  readonly box?: Float64Array;
  readonly origin?: Float64Array;
  readonly periodic?: Uint8Array;
  readonly state: State;
}

const KEYS = [
  ...["masses", "positions", "velocities", "charges", "species", "time"],
  ...["box", "origin", "periodic"],
];

/**
 * Reads a state file: `{ "masses": [m], "positions": [[x, y, z], ...], "velocities": [[...], ...] }`, two or three dimensions;
 * optionally `charges`, `species` (whole numbers from 0, one a particle), `time`, and a `box`: its edges, or three rows, with its corner `origin`
 * and the rows along which it repeats as `periodic`, default all.
 *
 * @param options - `source`: what to call the file in errors
 * @returns positions and velocities [N x dimension]
 * @throws MclnnError `bad-json`, `missing-key`, `unknown-key`, `bad-shape`, `bad-mass`, `bad-species`, `not-finite`, `coincident-particles`; each
 * names the file, the key and the particle
 */
export function parseState(text: string, options: { source?: string } = {}): StateFile {
  checkArgument("options", options, { source: "text?" });
  checkArgument("text", text, "text", { code: "bad-json" });
  const { source = "state" } = options;
  const refuse: Refuse = (code, key, expected, got) =>
    new MclnnError(`${key} of ${source} cannot be used`, {
      code,
      argument: key,
      expected,
      got,
      mend: 'Example: { "masses": [1, 1], "positions": [[0, 0], [1, 0]], "velocities": [[0, 0], [0, 0.5]] }.',
    });
  const given = readObject(text, refuse);
  const numbers = (key: string, value: unknown): number[] => {
    if (!Array.isArray(value) || !value.every((x) => typeof x === "number"))
      throw refuse("bad-shape", key, "a list of numbers", briefly(value));
    return value;
  };
  const vectors = (key: string): number[][] => {
    const value = given[key];
    if (!Array.isArray(value)) throw refuse("bad-shape", key, "a list of vectors", typeof value);
    return value.map((v, i) => numbers(`${key}[${i}]`, v));
  };
  const masses = numbers("masses", given.masses);
  const positions = vectors("positions");
  const velocities = vectors("velocities");
  for (const [key, list] of [
    ["positions", positions],
    ["velocities", velocities],
  ] as const)
    if (list.length !== masses.length)
      throw refuse("bad-shape", key, `${masses.length} vectors, one a mass`, `${list.length}`);
  if (masses.length === 0) throw refuse("bad-shape", "masses", "one or more particles", "none");
  const dimension = (positions[0] as number[]).length;
  if (dimension !== 2 && dimension !== 3)
    throw refuse("bad-shape", "positions[0]", "2 or 3 components", String(dimension));
  const charges = given.charges === undefined ? undefined : numbers("charges", given.charges);
  const species = given.species === undefined ? undefined : numbers("species", given.species);
  if (given.time !== undefined && typeof given.time !== "number")
    throw refuse("bad-shape", "time", "a number", typeof given.time);
  const time = given.time as number | undefined;
  // States, masses, charges and species are checked as those of any system.
  const [state, checked] = naming(source, () => [
    createState({ positions, velocities, ...(time === undefined ? {} : { time }) }, { dimension }),
    createSystem({
      masses,
      dimension,
      ...(charges === undefined ? {} : { charges }),
      ...(species === undefined ? {} : { species }),
      potential: NOTHING,
    }),
  ]);
  const pair = coincidentPair(state.positions, 0, masses.length, dimension);
  if (pair !== null)
    throw refuse(
      "coincident-particles",
      "positions",
      "particles at different points",
      `particles ${pair.join(" and ")} at one point`,
    );
  return {
    masses: checked.masses,
    dimension,
    ...(checked.charges === undefined ? {} : { charges: checked.charges }),
    ...(checked.species === undefined ? {} : { species: checked.species }),
    ...boxOf(given, dimension, source, refuse),
    state,
  };
}

/** The box, where there is one. */
function boxOf(
  { box, origin, periodic }: Record<string, unknown>,
  dimension: 2 | 3,
  source: string,
  refuse: Refuse,
): Pick<StateFile, "box" | "origin" | "periodic"> {
  if (box === undefined) {
    if (origin !== undefined || periodic !== undefined)
      throw refuse("missing-key", "box", "a box beside origin and periodic", "none");
    return {};
  }
  const flat = Array.isArray(box) ? box.flat() : [];
  if (!flat.every((x) => typeof x === "number"))
    throw refuse("bad-shape", "box", "numbers", briefly(box));
  const told = naming(source, () => toldBox("box", flat, dimension));
  const three = (key: string, value: unknown): unknown[] => {
    if (Array.isArray(value) && value.length === 3) return value;
    throw refuse("bad-shape", key, "three values", briefly(value));
  };
  return {
    ...told,
    ...(origin === undefined
      ? {}
      : { origin: Float64Array.from(three("origin", origin) as number[]) }),
    ...(periodic === undefined
      ? {}
      : { periodic: Uint8Array.from(three("periodic", periodic), (along) => (along ? 1 : 0)) }),
  };
}

type Refuse = (code: string, key: string, expected: string, got: string) => MclnnError;

/** A JSON object with the keys of a state, none missing and none more. */
function readObject(text: string, refuse: Refuse): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse(
      "bad-json",
      "contents",
      "JSON",
      cause instanceof Error ? cause.message : "something else",
    );
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw refuse(
      "bad-json",
      "contents",
      "an object",
      Array.isArray(json) ? "a list" : String(json),
    );
  const given = json as Record<string, unknown>;
  for (const key of Object.keys(given))
    if (!KEYS.includes(key)) throw refuse("unknown-key", key, `only ${KEYS.join(", ")}`, key);
  for (const key of ["masses", "positions", "velocities"])
    if (!Object.hasOwn(given, key))
      throw refuse(
        "missing-key",
        key,
        "masses, positions and velocities",
        Object.keys(given).join(", ") || "an empty object",
      );
  return given;
}

/** What a value is, in a few words however large or deep it is. */
function briefly(value: unknown): string {
  if (!Array.isArray(value))
    return typeof value === "object" && value !== null ? "an object" : String(value).slice(0, 60);
  const odd = value.findIndex((x) => typeof x !== "number");
  return `a list with ${Array.isArray(value[odd]) ? "a list" : value[odd] === null ? "null" : `a ${typeof value[odd]}`} at index ${odd}`;
}

/** Runs a check, and adds the name of the file to what it says. */
function naming<T>(source: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    // Stryker disable next-line ConditionalExpression: nothing else is thrown there
    if (!isMclnnError(cause)) throw cause;
    const { code, argument = source, expected, got, kind } = cause;
    const [what] = cause.message.split(": expected ");
    throw new MclnnError(`${source}: ${what}`, { code, argument, expected, got, kind, cause });
  }
}

const NOTHING = {
  name: "nothing",
  reads: "positions",
  conserves: { energy: true, linearMomentum: true, angularMomentum: true },
  energy: () => 0,
  addForces: () => {},
} as const;
