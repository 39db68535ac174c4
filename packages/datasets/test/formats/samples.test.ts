import { expect, it } from "vitest";
import { unwrappedPositions } from "../../src/index.ts";
import { readSample } from "./read-sample.ts";

const L = 3.3647817314799484;
const CUBE = [L, 0, 0, 0, L, 0, 0, 0, L];
const ALL = [1, 1, 1];
const none = { times: [0, 25, 50, 75, 100], timeUnit: "step" };

/** Files that LAMMPS, ASE, TrackPy and DeepLabCut wrote, and what is in them. */
const samples: readonly [name: string, expected: object][] = [
  [
    "wrapped-flags-unsorted-6digits.dump",
    {
      format: "LAMMPS dump",
      particles: 32,
      digits: 6,
      wrapped: true,
      box: CUBE,
      periodic: ALL,
      ...none,
      moving: true,
      images: true,
    },
  ],
  [
    "wrapped-noflags.dump",
    {
      format: "LAMMPS dump",
      particles: 32,
      digits: 6,
      wrapped: true,
      box: CUBE,
      periodic: ALL,
      ...none,
      moving: true,
      images: true,
    },
  ],
  [
    "unwrapped-17digits-time-units.dump",
    {
      units: "lj",
      digits: null,
      wrapped: false,
      times: [2, 2.1, 2.2, 2.3, 2.4],
      timeUnit: "time",
      dt: 0.004,
      masses: [1],
      images: false,
    },
  ],
  ["atom-scaled-default.dump", { digits: 6, wrapped: true, box: CUBE, ...none, moving: false }],
  ["scaled-unwrapped.dump.gz", { digits: 6, wrapped: false, box: CUBE, ...none, kinds: ["Ar"] }],
  [
    "triclinic-wrapped-flags.dump",
    { particles: 32, kinds: ["1", "2"], wrapped: true, images: true, times: [0, 20, 40, 60] },
  ],
  ["triclinic-unwrapped.dump", { digits: null, wrapped: false }],
  ["triclinic-scaled.dump", { digits: null, wrapped: true, images: true }],
  [
    "changing-count-mixed-boundary.dump",
    { particles: 40, periodic: [0, 0, 1], seen: 166, times: [0, 40, 80, 120, 160] },
  ],
  [
    "argon-metal.dump",
    {
      units: "metal",
      masses: [39.948],
      times: [0, 0.02, 0.04, 0.06, 0.08],
      dt: 0.002,
      digits: null,
      kinds: ["Ar"],
    },
  ],
  ["argon-real.dump", { units: "real", masses: [1], times: [0, 20, 40, 60, 80], dt: 2, digits: 6 }],
  [
    "argon.yaml",
    {
      format: "LAMMPS dump (YAML)",
      units: "metal",
      particles: 32,
      periodic: ALL,
      times: [0, 0.02, 0.04, 0.06, 0.08],
      dt: 0.002,
      wrapped: true,
    },
  ],
  [
    "argon-metal.data",
    { format: "LAMMPS data", units: "metal", masses: [39.948], times: [40], images: true },
  ],
  ["triclinic.data", { format: "LAMMPS data", masses: [1, 2.5], kinds: ["1", "2"] }],
  [
    "argon-ase.extxyz",
    {
      format: "extended XYZ",
      masses: [39.948],
      times: [0, 0.02, 0.04, 0.06, 0.08],
      boxes: 5,
      moving: true,
      digits: 9,
    },
  ],
  [
    "argon-lammps.extxyz",
    { masses: [39.948], moving: true, times: [0, 0.02, 0.04, 0.06, 0.08], periodic: ALL },
  ],
  ["plain.xyz", { wrapped: true, box: undefined, moving: false, ...none }],
  [
    "trackpy.csv",
    {
      format: "table of tracks",
      particles: 2,
      dimension: 2,
      times: [37, 38, 39, 40, 41, 42],
      timeUnit: "frame",
      seen: undefined,
    },
  ],
  ["deeplabcut.csv", { particles: 2, dimension: 2, seen: 15, units: "px" }],
  ["deeplabcut-multi-animal.csv", { particles: 2, dimension: 2, seen: 15, units: "px" }],
];

it.each(samples)("%s", async (name, expected) => {
  const { set, ...read } = await readSample(name);
  const { box, periodic, masses, times, observed, velocities, images, provenance } = set;
  const found: Record<string, unknown> = {
    ...read,
    ...{ particles: set.particles, dimension: set.dimension, dt: provenance.dt },
    box: box && Array.from(box.subarray(0, 9)),
    boxes: box && box.length / 9,
    periodic: periodic && [...periodic],
    masses: [...new Set(masses)],
    times: Array.from(times, (t) => Number(t.toPrecision(12))),
    seen: observed?.reduce((sum, there) => sum + there, 0),
    moving: velocities !== undefined,
    images: images !== undefined,
  };
  for (const [key, value] of Object.entries(expected)) expect(found[key], key).toEqual(value);
});

/** What the same run is in other files. */
const sameRuns: readonly [string, string, number][] = [
  ["triclinic-scaled.dump", "triclinic-unwrapped.dump", 1e-14],
  ["triclinic-wrapped-flags.dump", "triclinic-unwrapped.dump", 6e-6],
  ["wrapped-flags-unsorted-6digits.dump", "unwrapped-17digits-time-units.dump", 6e-6],
  ["scaled-unwrapped.dump.gz", "unwrapped-17digits-time-units.dump", 1.7e-5],
];

it.each(sameRuns)("%s has the paths of %s", async (one, other, digits) => {
  const [a, b] = await Promise.all(
    [one, other].map(async (name) => unwrappedPositions((await readSample(name)).set)),
  );
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  expect(most).toBeLessThan(digits);
  expect(a.length).toBe(b.length);
});

it("momenta of ASE are the velocities that LAMMPS had, to their 8 decimals", async () => {
  const [ase, lammps] = await Promise.all([
    readSample("argon-ase.extxyz"),
    readSample("argon-metal.dump"),
  ]);
  const most = ase.set.velocities?.reduce(
    (m, v, k) => Math.max(m, Math.abs(v - (lammps.set.velocities?.[k] as number))),
    0,
  );
  expect(most).toBeLessThan(98.3 * 5.1e-9);
  expect(ase.units).toBe("metal");
});

it("wrapped positions without flags are followed through the walls", async () => {
  const [bare, flags] = await Promise.all([
    readSample("wrapped-noflags.dump"),
    readSample("wrapped-flags-unsorted-6digits.dump"),
  ]);
  const paths = [bare, flags].map(({ set }) => {
    const positions = unwrappedPositions(set);
    return positions.map((x, k) => x - positions[k % (32 * 3)]);
  });
  const most = paths[0].reduce((m, x, k) => Math.max(m, Math.abs(x - paths[1][k])), 0);
  expect(most).toBeLessThan(1.2e-5);
  expect(bare.notes.join()).toContain(
    "followed to its nearest image (largest move 0.12 of the box)",
  );
});

it("masses by type, element and data file; times by --dt", async () => {
  const { set, used } = await readSample("triclinic-scaled.dump", {
    dt: 0.002,
    massOf: { 1: 3, 2: 4 },
  });
  expect([...new Set(set.masses)]).toEqual([3, 4]);
  expect([...set.times]).toEqual([0, 0.04, 0.08, 0.12]);
  expect(set.provenance).toMatchObject({ dt: 0.002, stride: 20 });
  expect([...used].sort()).toEqual(["dt", "massOf"]);
});

it.each([
  ["argon.h5md", "h5wasm", "H5MD", 0.0209787764902042],
  ["argon-amber.nc", "netcdfjs", "AMBER NetCDF", 0.0209787764902042],
])("%s is read by %s", async (name, library, format, v) => {
  const load = (asked: string): Promise<unknown> =>
    asked === "h5wasm" ? import("h5wasm") : import("netcdfjs");
  const { set, ...read } = await readSample(name, {}, { load });
  expect(read).toMatchObject({ format, timeUnit: "time" });
  expect([set.particles, set.records, set.periodic]).toEqual([32, 5, Uint8Array.of(1, 1, 1)]);
  expect([...set.times]).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
  expect([...(set.box as Float64Array)]).toEqual([10.52, 0, 0, 0, 10.52, 0, 0, 0, 10.52]);
  // 8 decimals of ASE's momenta, and float32 in AMBER's.
  expect(set.velocities?.[0]).toBeCloseTo(v, 6);
  await expect(readSample(name)).rejects.toMatchObject({
    code: "missing-package",
    mend: expect.stringContaining(`npm install ${library}`),
  });
});

it.each([
  ["argon.xtc", "a GROMACS XTC trajectory"],
  ["argon.dcd", "a DCD trajectory"],
  ["argon.gro", "a GROMACS structure (GRO)"],
])("%s is named, with lines that convert it", async (name, got) => {
  await expect(readSample(name)).rejects.toMatchObject({
    code: "convert-first",
    got,
    mend: expect.stringContaining(`mda.Universe("${name}")`),
  });
});
