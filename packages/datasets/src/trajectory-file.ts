import { MclnnError, type Provenance } from "@mclnn/physics";
import type { NpyArray } from "./npz/npy.ts";
import { decodeNpz, encodeNpz, type NpzEntry } from "./npz/npz.ts";
import type { ZipLimits } from "./npz/zip.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

const REQUIRED = ["positions", "times", "masses"] as const;

/** Writes trajectories as NPZ: positions, times, masses, and velocities, species, charges, provenance where there are any. */
export function encodeTrajectorySet(set: TrajectorySet): Uint8Array {
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
  const provenance = new TextEncoder().encode(JSON.stringify(set.provenance));
  entries.provenance = { shape: [provenance.length], data: provenance };
  return encodeNpz(entries);
}

/**
 * Reads trajectories from NPZ and checks them: shapes that fit, finite numbers, times that increase, masses above 0, no two particles at
 * one point.
 *
 * @param source - what to call the file in errors
 * @throws MclnnError of kind `input`
 */
export function decodeTrajectorySet(
  bytes: Uint8Array,
  { source = "data", ...limits }: { source?: string } & ZipLimits = {},
): TrajectorySet {
  const arrays = decodeNpz(bytes, { source, ...limits });
  const refuse = (
    code: string,
    key: string,
    expected: string,
    got: string,
    mend?: string,
  ): MclnnError =>
    new MclnnError(`${key} of ${source} cannot be used`, {
      code,
      argument: key,
      expected,
      got,
      ...(mend === undefined ? {} : { mend }),
    });
  for (const key of REQUIRED)
    if (!arrays.has(key))
      throw refuse(
        "missing-key",
        key,
        `the arrays ${REQUIRED.join(", ")}`,
        `${[...arrays.keys()].join(", ") || "no arrays"}`,
        `Add ${key}.`,
      );
  const get = (key: string): NpyArray => arrays.get(key) as NpyArray;
  const shapeText = (shape: readonly number[]): string => `(${shape.join(", ")})`;
  const { shape } = get("positions");
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
  const floats = (key: string, expected: readonly number[]): Float64Array => {
    const array = get(key);
    if (shapeText(array.shape) !== shapeText(expected))
      throw refuse("bad-shape", key, shapeText(expected), shapeText(array.shape));
    const data = array.data instanceof Float64Array ? array.data : Float64Array.from(array.data);
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0)
      throw refuse("not-finite", key, "finite numbers", `${data[bad]} at ${place(bad, expected)}`);
    return data;
  };
  const positions = floats("positions", shape);
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
  checkMissing(arrays, [trajectories, records, particles], refuse);
  const velocities = arrays.has("velocities") ? floats("velocities", shape) : undefined;
  const charges = arrays.has("charges") ? floats("charges", [particles]) : undefined;
  const kinds = arrays.has("species") ? floats("species", [particles]) : undefined;
  kinds?.forEach((s, i) => {
    if (!Number.isInteger(s) || s < 0)
      throw refuse("bad-species", "species", "whole numbers from 0", `${s} for particle ${i}`);
  });
  refuseCoincident(positions, shape, (frame, i, j) =>
    refuse(
      "coincident-particles",
      "positions",
      "particles at different points",
      `particles ${i} and ${j} at one point in trajectory ${Math.floor(frame / records)}, record ${frame % records}`,
    ),
  );
  return {
    trajectories,
    records,
    particles,
    dimension,
    masses,
    times,
    positions,
    ...(velocities === undefined ? {} : { velocities }),
    ...(charges === undefined ? {} : { charges }),
    ...(kinds === undefined ? {} : { species: Int32Array.from(kinds) }),
    provenance: readProvenance(arrays.get("provenance"), refuse),
  };
}

type Refuse = (
  code: string,
  key: string,
  expected: string,
  got: string,
  mend?: string,
) => MclnnError;

/** Missing records and trajectories of unequal length are refused rather than taken for data. */
function checkMissing(
  arrays: ReadonlyMap<string, NpyArray>,
  [trajectories, records]: readonly [number, number, number],
  refuse: Refuse,
): void {
  if (arrays.get("observed")?.data.some((x) => x === 0) === true)
    throw refuse(
      "missing-records",
      "observed",
      "every particle observed in every record",
      "missing ones",
      "Leave those records out.",
    );
  const lengths = arrays.get("lengths")?.data;
  if (
    lengths !== undefined &&
    (lengths.length !== trajectories || lengths.some((n) => n !== records))
  )
    throw refuse(
      "unequal-lengths",
      "lengths",
      `${trajectories} trajectories of ${records} records`,
      "unequal lengths",
      "Cut them to one length.",
    );
}

function refuseCoincident(
  positions: Float64Array,
  [trajectories = 0, records = 0, particles = 0, dimension = 0]: readonly number[],
  error: (frame: number, i: number, j: number) => MclnnError,
): void {
  for (let frame = 0; frame < trajectories * records; frame++)
    for (let i = 0; i < particles; i++)
      for (let j = i + 1; j < particles; j++) {
        let same = true;
        for (let c = 0; same && c < dimension; c++)
          same =
            positions[(frame * particles + i) * dimension + c] ===
            positions[(frame * particles + j) * dimension + c];
        if (same) throw error(frame, i, j);
      }
}

function readProvenance(array: NpyArray | undefined, refuse: Refuse): Provenance {
  if (array === undefined) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(array.data)),
    );
  } catch {
    parsed = null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw refuse(
      "bad-provenance",
      "provenance",
      "a JSON object as UTF-8 in uint8",
      "something else",
    );
  return parsed as Provenance;
}

/** Where in an array a flat index lies, in words. */
function place(index: number, shape: readonly number[]): string {
  const names =
    shape.length === 4
      ? ["trajectory", "record", "particle", "component"]
      : shape.map((_, k) => `index ${k}`);
  const out: string[] = [];
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    out.unshift(`${names[d]} ${rest % (shape[d] as number)}`);
    rest = Math.floor(rest / (shape[d] as number));
  }
  return out.join(", ");
}
