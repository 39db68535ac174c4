import { mkdirSync, writeFileSync } from "node:fs";
import {
  decodeNpz,
  decodeTrajectorySet,
  dropVelocities,
  encodeNpz,
  encodeTrajectorySet,
  experimentByName,
  generateTrajectories,
  type NpzEntry,
  parseState,
  selectTrajectories,
  splitTrajectories,
  trajectoryOf,
} from "@mclnn/datasets";
import {
  nodeFileSystem,
  readTrajectoryFile,
  takeLock,
  writeFileAtomic,
} from "@mclnn/datasets/node";
import { dormandPrince, integratorByName, rollout, velocityVerlet } from "@mclnn/integrators";
import { exactMomentum } from "@mclnn/integrators/exact-momentum";
import { alignEnergy, conservation, errorSeries, observableSeries } from "@mclnn/metrics";
import { createSystem, gravity, linearSpring, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { renderPng } from "@mclnn/report";
import type { Provocation, Scratch } from "../provocation.ts";
import { spring, springs, start, systemOf, untyped } from "../samples.ts";

type Row = readonly [code: string, by: string, provoke: (at: Scratch) => unknown];

const noPairs = createSystem({
  masses: [1, 1, 1],
  dimension: 3,
  potential: {
    name: "own",
    reads: "positions",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces: () => undefined,
  },
});
const oneStep = { dt: 0.01, stride: 1, records: 2 };

const integrators: readonly Row[] = [
  ["bad-argument", "rollout", () => untyped(rollout)(spring, undefined, oneStep)],
  ["out-of-memory", "rollout", () => rollout(spring, start, { ...oneStep, records: 2 ** 52 })],
  ["bad-option", "rollout", () => rollout(spring, start, { ...oneStep, dt: 0 })],
  [
    "bad-shape",
    "rollout",
    () => rollout(spring, { ...start, positions: new Float64Array(4) }, oneStep),
  ],
  [
    "diverged",
    "rollout",
    () => rollout(systemOf(parseFormula("-r^4")), start, { dt: 0.5, stride: 10, records: 100 }),
  ],
  [
    "grid-range",
    "rollout, exactMomentum",
    () =>
      rollout(spring, start, {
        ...oneStep,
        integrator: exactMomentum(velocityVerlet, { grid: 2 ** -80 }),
      }),
  ],
  [
    "grid-too-coarse",
    "rollout, exactMomentum",
    () =>
      rollout(spring, start, {
        ...oneStep,
        integrator: exactMomentum(velocityVerlet, { grid: 0.5 }),
      }),
  ],
  [
    "needs-pair-impulses",
    "rollout, exactMomentum",
    () => rollout(noPairs, start, { ...oneStep, integrator: exactMomentum(velocityVerlet) }),
  ],
  ["not-finite", "rollout", () => rollout(spring, { ...start, time: Number.NaN }, oneStep)],
  [
    "too-many-steps",
    "rollout, dormandPrince",
    () => {
      // As it comes, where the rollout does not wrap it.
      try {
        rollout(spring, start, {
          ...oneStep,
          dt: 1e6,
          integrator: untyped(dormandPrince)({ maxSteps: 3 }) as never,
        });
      } catch (error) {
        throw (error as Error).cause ?? error;
      }
    },
  ],
  [
    "step-too-small",
    "rollout, dormandPrince",
    () => {
      const falling = createSystem({
        masses: [1, 1],
        dimension: 2,
        potential: pairwise(gravity()),
      });
      const still = {
        time: 0,
        positions: Float64Array.of(0, 0, 1, 0),
        velocities: new Float64Array(4),
      };
      try {
        rollout(falling, still, { dt: 4, stride: 1, records: 2, integrator: dormandPrince() });
      } catch (error) {
        throw (error as Error).cause ?? error;
      }
    },
  ],
  ["unknown-integrator", "integratorByName", () => integratorByName("verlat")],
];

const plain = (): Record<string, NpzEntry> => ({
  positions: { shape: [1, 3, 2, 3], data: Float64Array.from({ length: 18 }, (_, k) => k * 0.1) },
  times: { shape: [3], data: Float64Array.of(0, 0.1, 0.2) },
  masses: { shape: [2], data: Float64Array.of(1, 1) },
});
const decoded = (changes: Record<string, NpzEntry | undefined>): unknown => {
  const entries = Object.entries({ ...plain(), ...changes }).filter(
    ([, entry]) => entry !== undefined,
  );
  return decodeTrajectorySet(encodeNpz(Object.fromEntries(entries) as Record<string, NpzEntry>), {
    source: "data.npz",
  });
};
const floats = (shape: number[], ...data: number[]): NpzEntry => ({
  shape,
  data: Float64Array.from(data),
});
const state = (changes: object): unknown =>
  parseState(
    JSON.stringify({
      masses: [1, 1],
      positions: [
        [0, 0],
        [1, 0],
      ],
      velocities: [
        [0, 0],
        [0, 0],
      ],
      ...changes,
    }),
    { source: "start.json" },
  );

const datasets: readonly Row[] = [
  [
    "bad-argument",
    "selectTrajectories",
    () => untyped(selectTrajectories)(Promise.resolve(springs()), [0]),
  ],
  ["bad-index", "selectTrajectories", () => selectTrajectories(springs(), [7])],
  ["bad-json", "parseState", () => parseState("[1, 2]", { source: "start.json" })],
  ["bad-lengths", "decodeTrajectorySet", () => decoded({ lengths: floats([1], 0) })],
  ["bad-mass", "decodeTrajectorySet", () => decoded({ masses: floats([2], 1, -1) })],
  [
    "bad-npy",
    "decodeNpz",
    () => {
      const bytes = encodeNpz({ positions: floats([1], 1) });
      const text = Buffer.from(bytes)
        .toString("latin1")
        .replaceAll("positions.npy", "positions.txt");
      return decodeNpz(Uint8Array.from(Buffer.from(text, "latin1")), { source: "data.npz" });
    },
  ],
  [
    "bad-observed",
    "decodeTrajectorySet",
    () => decoded({ observed: floats([1, 3, 2], 1, 1, 2, 1, 1, 1) }),
  ],
  [
    "bad-option",
    "generateTrajectories",
    () => generateTrajectories({ system: spring, start, trajectories: 0 }),
  ],
  [
    "bad-provenance",
    "decodeTrajectorySet",
    () => decoded({ provenance: { shape: [2], data: Uint8Array.of(123, 34) } }),
  ],
  ["bad-shape", "decodeTrajectorySet", () => decoded({ masses: floats([3], 1, 1, 1) })],
  ["bad-species", "decodeTrajectorySet", () => decoded({ species: floats([2], 0, 0.5) })],
  ["bad-split", "splitTrajectories", () => splitTrajectories(springs(), { train: 3, test: 1 })],
  ["bad-times", "decodeTrajectorySet", () => decoded({ times: floats([3], 0, 0.2, 0.1) })],
  ["bad-zip", "decodeNpz", () => decodeNpz(Uint8Array.of(80, 75, 3, 4), { source: "data.npz" })],
  ["cannot-read", "readTrajectoryFile", (at) => readTrajectoryFile(at("missing.npz"))],
  [
    "coincident-particles",
    "parseState",
    () =>
      state({
        positions: [
          [1, 0],
          [1, 0],
        ],
      }),
  ],
  [
    "file-exists",
    "writeFileAtomic",
    async (at) => {
      writeFileSync(at("kept.txt"), "kept");
      await writeFileAtomic(at("kept.txt"), "new");
    },
  ],
  [
    "in-use",
    "takeLock",
    async (at) => {
      const lock = await takeLock(at("one.lock"), {
        place: "the folder results",
        argument: "--out",
      });
      try {
        await takeLock(at("one.lock"), { place: "the folder results", argument: "--out" });
      } finally {
        await lock.release();
      }
    },
  ],
  [
    "lock-lost",
    "takeLock",
    async (at) => {
      const lock = await takeLock(at("two.lock"), {
        place: "the folder results",
        argument: "--out",
      });
      await nodeFileSystem.remove(at("two.lock"));
      await lock.check();
    },
  ],
  ["missing-key", "decodeTrajectorySet", () => decoded({ times: undefined })],
  [
    "missing-velocities",
    "addVelocityNoise",
    async () => {
      const { addVelocityNoise } = await import("@mclnn/datasets");
      addVelocityNoise(dropVelocities(springs()), { sigma: 1, seed: 1 });
    },
  ],
  [
    "never-observed",
    "decodeTrajectorySet",
    () => decoded({ observed: floats([1, 3, 2], 1, 0, 1, 0, 1, 0) }),
  ],
  ["no-folder", "writeFileAtomic", (at) => writeFileAtomic(at("missing", "x.txt"), "new")],
  [
    "no-start",
    "generateTrajectories",
    () => {
      const masses = Array.from({ length: 300 }, () => 1);
      return generateTrajectories({
        system: createSystem({ masses, dimension: 2, potential: pairwise(gravity()) }),
        start: {
          time: 0,
          positions: Float64Array.from({ length: 600 }, (_, k) =>
            k % 2 === 0 ? Math.floor(k / 40) : (k >> 1) % 20,
          ),
          velocities: new Float64Array(600),
        },
        trajectories: 1,
        scheme: "random",
      });
    },
  ],
  [
    "not-finite",
    "encodeTrajectorySet",
    () => encodeTrajectorySet(springs({ times: springs().times.with(1, Number.NaN) })),
  ],
  ["unknown-key", "parseState", () => state({ velocites: [] })],
  ["unknown-system", "experimentByName", () => experimentByName("gravty")],
  [
    "write-failed",
    "writeFileAtomic",
    (at) => {
      mkdirSync(at("a-folder"));
      return writeFileAtomic(at("x.txt"), "new", {
        fileSystem: {
          ...nodeFileSystem,
          open: () =>
            Promise.reject(
              Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }),
            ),
        },
      });
    },
  ],
];

const run = trajectoryOf(springs(), 0);
const flat = { energy: () => Number.NaN };

const metrics: readonly Row[] = [
  ["bad-shape", "conservation", () => conservation(run.times, new Float64Array(3))],
  [
    "bad-option",
    "validTime",
    async () => {
      const { chaosFloor } = await import("@mclnn/metrics");
      return chaosFloor(spring, start, run, () => run, -1);
    },
  ],
  [
    "different-times",
    "errorSeries",
    () => errorSeries(spring, run, { ...run, times: run.times.map((t) => t + 1) }),
  ],
  [
    "missing-velocities",
    "observableSeries",
    () => {
      const { velocities: _, ...positionsOnly } = run;
      return observableSeries(spring, positionsOnly);
    },
  ],
  ["not-finite", "alignEnergy", () => alignEnergy(flat, linearSpring(), [1, 2])],
  ["too-little-data", "alignEnergy", () => alignEnergy(linearSpring(), linearSpring(), [])],
];

const report: readonly Row[] = [
  ["bad-svg", "renderPng", () => renderPng("<svg")],
  [
    "bad-option",
    "renderPng",
    () =>
      untyped(renderPng)('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', {
        scale: -1,
      }),
  ],
];

export const middle: readonly Provocation[] = Object.entries({
  integrators,
  datasets,
  metrics,
  report,
}).flatMap(([name, rows]) =>
  rows.map(([code, by, provoke]) => ({ package: name, code, by, provoke })),
);
