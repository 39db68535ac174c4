import { MclnnError, type Provenance } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
import { coincidentPair } from "./coincidence.ts";
import type { NpyArray } from "./npz/npy.ts";
import { decodeNpz, encodeNpz, type NpzEntry } from "./npz/npz.ts";
import type { ZipLimits } from "./npz/zip.ts";
import { trajectoryLengths } from "./observations.ts";
import { type Arrays, place, type Refuse, shapeText } from "./trajectory-arrays.ts";
import { readBox } from "./trajectory-box.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

const REQUIRED = ["positions", "times", "masses"] as const;
/** Arrays that a file may have beside those. */
const OPTIONAL = [
  ...["velocities", "species", "charges", "provenance", "observed", "lengths"],
  ...["box", "origin", "periodic", "images"],
] as const;

/**
 * Writes trajectories as NPZ: positions, times, masses, and velocities, species, charges, observed, lengths, box, origin, periodic, images,
 * provenance where there are any.
 *
 * @throws MclnnError `not-finite`, `bad-shape`: what is written can be read back
 */
export function encodeTrajectorySet(set: TrajectorySet): Uint8Array {
  checkTrajectorySet("set", set);
  const { trajectories, records, particles, dimension } = set;
  const shape = [trajectories, records, particles, dimension];
  const entries: Record<string, NpzEntry> = {
    positions: { shape, data: set.positions },
    times: { shape: [records], data: set.times },
    masses: { shape: [particles], data: set.masses },
  };
  if (set.velocities !== undefined) entries.velocities = { shape, data: set.velocities };
  if (set.species !== undefined) entries.species = { shape: [particles], data: set.species };
  if (set.charges !== undefined) entries.charges = { shape: [particles], data: set.charges };
  if (set.observed !== undefined) {
    entries.observed = { shape: [trajectories, records, particles], data: set.observed };
    const lengths = trajectoryLengths(set);
    if (lengths.some((n) => n < records))
      entries.lengths = { shape: [trajectories], data: lengths };
  }
  const { box, origin, periodic, images } = set;
  if (box !== undefined)
    entries.box = { shape: box.length === 9 ? [3, 3] : [records, 3, 3], data: box };
  if (origin !== undefined) entries.origin = { shape: [3], data: origin };
  if (periodic !== undefined) entries.periodic = { shape: [3], data: periodic };
  if (images !== undefined) entries.images = { shape, data: images };
  const provenance = new TextEncoder().encode(JSON.stringify(set.provenance, asItIs));
  entries.provenance = { shape: [provenance.length], data: provenance };
  return encodeNpz(entries);
}

/** JSON has no word for numbers that are not finite: null would be another value. For large integers it has none at all. */
function asItIs(key: string, value: unknown): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)))
    throw new MclnnError("the provenance cannot be written", {
      code: "not-finite",
      argument: `provenance.${key}`,
      expected: "finite numbers",
      got: described(value),
    });
  return value;
}

/**
 * Reads trajectories from NPZ and checks them: shapes that fit, finite numbers, times that increase, masses above 0, no two particles at
 * one point.
 *
 * Where `observed` is 0, and after the end that `lengths` says, positions and velocities become NaN whatever the file holds.
 *
 * @param options - `source`: what to call the file in errors; `missingAsNan`: take particles whose position is NaN for not observed
 * @throws MclnnError of kind `input`
 */
export function decodeTrajectorySet(
  bytes: Uint8Array,
  options: { source?: string; missingAsNan?: boolean } & ZipLimits = {},
): TrajectorySet {
  checkArgument("options", options, { missingAsNan: "flag?" });
  const { source = "data", missingAsNan = false, ...limits } = options;
  return trajectorySetOf(decodeNpz(bytes, { source, ...limits }), source, missingAsNan);
}

/** Trajectories of the arrays of a file, as {@link decodeTrajectorySet} reads them. */
export function trajectorySetOf(
  arrays: Arrays,
  source: string,
  missingAsNan: boolean,
): TrajectorySet {
  const refuse: Refuse = (code, key, expected, got, mend) =>
    new MclnnError(`${key} of ${source} cannot be used`, {
      code,
      argument: key,
      expected,
      got,
      ...(mend === undefined ? {} : { mend }),
    });
  checkKeys(arrays, refuse);
  const shape = readShape(arrays, refuse);
  const [trajectories, records, particles, dimension] = shape;
  const observed = readObserved(arrays, shape, missingAsNan, refuse);
  const floats = (key: string, expected: readonly number[]): Float64Array =>
    readFloats(arrays, key, expected, refuse);
  const vectors = (key: string): Float64Array =>
    readFloats(arrays, key, shape, refuse, { observed });
  const positions = vectors("positions");
  const times = floats("times", [records]);
  for (let k = 1; k < records; k++)
    if (!((times[k] as number) > (times[k - 1] as number)))
      throw refuse(
        "bad-times",
        "times",
        "increasing times",
        `${times[k]} after ${times[k - 1]} at record ${k}`,
      );
  const masses = floats("masses", [particles]);
  masses.forEach((m, i) => {
    if (!(m > 0)) throw refuse("bad-mass", "masses", "masses above 0", `${m} for particle ${i}`);
  });
  const velocities = arrays.has("velocities") ? vectors("velocities") : undefined;
  const charges = arrays.has("charges") ? floats("charges", [particles]) : undefined;
  const kinds = arrays.has("species") ? floats("species", [particles]) : undefined;
  kinds?.forEach((s, i) => {
    if (!Number.isInteger(s) || s < 0)
      throw refuse("bad-species", "species", "whole numbers from 0", `${s} for particle ${i}`);
  });
  checkApart(positions, shape, refuse);
  return {
    trajectories,
    records,
    particles,
    dimension,
    masses,
    times,
    positions,
    ...(velocities === undefined ? {} : { velocities }),
    ...(observed === undefined ? {} : { observed }),
    ...(charges === undefined ? {} : { charges }),
    ...(kinds === undefined ? {} : { species: Int32Array.from(kinds) }),
    ...readBox(arrays, shape, floats, refuse, source),
    provenance: readProvenance(arrays.get("provenance"), refuse),
  };
}

function checkKeys(arrays: Arrays, refuse: Refuse): void {
  for (const key of REQUIRED)
    if (!arrays.has(key))
      throw refuse(
        "missing-key",
        key,
        `the arrays ${REQUIRED.join(", ")}`,
        `${[...arrays.keys()].join(", ") || "no arrays"}`,
        `Add ${key}.`,
      );
  for (const key of arrays.keys())
    if (![...REQUIRED, ...OPTIONAL].some((known) => known === key))
      throw refuse(
        "unknown-key",
        key,
        `only ${[...REQUIRED, ...OPTIONAL].join(", ")}`,
        key,
        "Rename it, or leave it out: an array that is passed over may be one that matters.",
      );
}

/** Shape of the positions. */
function readShape(
  arrays: Arrays,
  refuse: Refuse,
): [trajectories: number, records: number, particles: number, dimension: 2 | 3] {
  const { shape } = arrays.get("positions") as NpyArray;
  const [trajectories = 0, records = 0, particles = 0, dimension = 0] = shape;
  if (shape.length !== 4 || shape.some((n) => n < 1))
    throw refuse(
      "bad-shape",
      "positions",
      "[trajectory, record, particle, dimension], none of them 0",
      shapeText(shape),
      "One trajectory is positions[np.newaxis].",
    );
  if (dimension !== 2 && dimension !== 3)
    throw refuse("bad-shape", "positions", "2 or 3 dimensions", shapeText(shape));
  return [trajectories, records, particles, dimension];
}

/**
 * Finite numbers of a shape.
 *
 * @param vectors - for arrays of the shape of the positions: those that were not observed become NaN
 */
function readFloats(
  arrays: Arrays,
  key: string,
  shape: readonly number[],
  refuse: Refuse,
  vectors?: { readonly observed: Uint8Array | undefined },
): Float64Array {
  const array = arrays.get(key) as NpyArray;
  if (shapeText(array.shape) !== shapeText(shape))
    throw refuse("bad-shape", key, shapeText(shape), shapeText(array.shape));
  if (array.dtype.endsWith("b1"))
    throw refuse("bad-npy", key, "numbers", "truth values (bool)", "Was another array meant?");
  const data = array.data instanceof Float64Array ? array.data : Float64Array.from(array.data);
  const observed = vectors?.observed;
  const dimension = shape.at(-1) as number;
  const missing = (k: number): boolean => observed?.[Math.floor(k / dimension)] === 0;
  const bad = data.findIndex((x, k) => !Number.isFinite(x) && !missing(k));
  if (bad >= 0)
    throw refuse(
      "not-finite",
      key,
      "finite numbers",
      `${data[bad]} at ${place(bad, shape)}`,
      vectors === undefined
        ? undefined
        : "Say what was not observed by an `observed` array, or train with --missing-as-nan.",
    );
  return observed === undefined ? data : data.map((x, k) => (missing(k) ? Number.NaN : x));
}

/** Refuses two particles at one point. */
function checkApart(
  positions: Float64Array,
  [trajectories, records, particles, dimension]: ReturnType<typeof readShape>,
  refuse: Refuse,
): void {
  for (let frame = 0; frame < trajectories * records; frame++) {
    const pair = coincidentPair(positions, frame * particles * dimension, particles, dimension);
    if (pair !== null)
      throw refuse(
        "coincident-particles",
        "positions",
        "particles at different points",
        `particles ${pair.join(" and ")} at one point in trajectory ${Math.floor(frame / records)}, record ${frame % records}`,
      );
  }
}

/**
 * What was observed, from `observed`, `lengths` and NaN together; undefined where everything was.
 *
 * Refuses particles and trajectories that were never observed: there is nothing to learn from them.
 */
function readObserved(
  arrays: Arrays,
  [trajectories = 0, records = 0, particles = 0, dimension = 0]: readonly number[],
  missingAsNan: boolean,
  refuse: Refuse,
): Uint8Array | undefined {
  const seen = new Uint8Array(trajectories * records * particles).fill(1);
  const axes = ["trajectory", "record", "particle"];
  const read = (key: string, shape: readonly number[]): NpyArray["data"] | undefined => {
    const array = arrays.get(key);
    if (array !== undefined && shapeText(array.shape) !== shapeText(shape))
      throw refuse("bad-shape", key, shapeText(shape), shapeText(array.shape));
    return array?.data;
  };
  const shape = [trajectories, records, particles];
  const observed = read("observed", shape);
  observed?.forEach((x: number, k: number) => {
    if (x !== 0 && x !== 1)
      throw refuse("bad-observed", "observed", "0 or 1", `${x} at ${place(k, shape, axes)}`);
    seen[k] = x;
  });
  const lengths = read("lengths", [trajectories]);
  lengths?.forEach((n: number, t: number) => {
    if (!Number.isInteger(n) || n < 1 || n > records)
      throw refuse(
        "bad-lengths",
        "lengths",
        `whole numbers from 1 to ${records}`,
        `${n} for trajectory ${t}`,
      );
    for (let k = (t * records + n) * particles; k < (t + 1) * records * particles; k++) {
      if (observed !== undefined && seen[k] === 1)
        throw refuse(
          "bad-observed",
          "observed",
          `0 after the end of trajectory ${t} at record ${n - 1}, as lengths says`,
          `1 at ${place(k, shape, axes)}`,
        );
      seen[k] = 0;
    }
  });
  if (missingAsNan)
    (arrays.get("positions") as NpyArray).data.forEach((x: number, k: number) => {
      if (Number.isNaN(x)) seen[Math.floor(k / dimension)] = 0;
    });
  if (!seen.includes(0)) return undefined;
  for (let i = 0; i < particles; i++) {
    let some = false;
    for (let k = i; k < seen.length && !some; k += particles) some = seen[k] === 1;
    if (!some)
      throw refuse(
        "never-observed",
        "observed",
        "every particle somewhere",
        `nothing of particle ${i}`,
        "Leave the particle out.",
      );
  }
  const size = records * particles;
  for (let t = 0; t < trajectories; t++)
    if (!seen.subarray(t * size, (t + 1) * size).includes(1))
      throw refuse(
        "never-observed",
        "observed",
        "something in every trajectory",
        `nothing in trajectory ${t}`,
        "Leave the trajectory out.",
      );
  return seen;
}

function readProvenance(array: NpyArray | undefined, refuse: Refuse): Provenance {
  if (array === undefined) return {};
  let parsed: unknown = null;
  try {
    if (array.data instanceof Uint8Array)
      parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(array.data));
  } catch {
    // As anything else that is no object.
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw refuse(
      "bad-provenance",
      "provenance",
      "a JSON object as UTF-8 in uint8",
      "something else",
    );
  const got = unwritable(parsed);
  if (got !== null)
    throw refuse("bad-provenance", "provenance", "finite numbers, nested at most 100 deep", got);
  return parsed as Provenance;
}

/** Deeper than any provenance is nested. */
const DEEPEST = 100;

/** What of a JSON value could not be written again; null where there is nothing. */
function unwritable(value: unknown, depth = 0): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : String(value);
  if (typeof value !== "object" || value === null) return null;
  if (depth > DEEPEST) return "deeper nesting";
  for (const each of Object.values(value)) {
    const found = unwritable(each, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
