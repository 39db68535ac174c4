import { createRequire } from "node:module";
import type { TrajectorySet } from "@mclnn/datasets";
import { train, trainBaseline, trainSpecies } from "@mclnn/learning";
import { decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import {
  createLnnModel,
  createMclnnModel,
  createSplineModel,
  decodeModel,
  decodeSafetensors,
  encodeModel,
  encodeSafetensors,
  fitPowerLaw,
  networkSize,
  PositionNetwork,
} from "@mclnn/models";
import {
  separableLagrangian,
  tfjsBackend,
  tfjsLagrangian,
  tfjsPairPotential,
  trainTfjsPair,
} from "@mclnn/tfjs";
import type { Provocation } from "../provocation.ts";
import { spring, springs, start, untyped } from "../samples.ts";

const spline = async () => (await train(springs(), { model: "spline" })).model;
const scaled = (key: "positions" | "masses" | "times", factor: number): TrajectorySet =>
  springs({ [key]: springs()[key].map((x: number) => x * factor), provenance: {} });
const first = (records: number): TrajectorySet => {
  const { particles, dimension, times, positions, velocities } = springs();
  const end = records * particles * dimension;
  return springs({
    trajectories: 1,
    records,
    times: times.slice(0, records),
    positions: positions.slice(0, end),
    velocities: (velocities as Float64Array).slice(0, end),
  });
};
const observed = (value: (record: number, particle: number) => number): TrajectorySet => {
  const { trajectories, records, particles } = springs();
  return springs({
    observed: Uint8Array.from({ length: trajectories * records * particles }, (_, k) =>
      value(Math.floor(k / particles) % records, k % particles),
    ) as never,
  });
};
/** A model file with other metadata. */
const changed = async (changes: Record<string, string>): Promise<Uint8Array> => {
  const { tensors, metadata } = decodeSafetensors(encodeModel(await spline()), { source: "law" });
  return encodeSafetensors(tensors, new Map([...metadata, ...Object.entries(changes)]));
};
// A greeting on standard error, but for this.
const { enableProdMode } = createRequire(
  new URL("../../../packages/models/package.json", import.meta.url),
)("@tensorflow/tfjs") as { enableProdMode(): void };
enableProdMode();

const source = "law.safetensors";
const one = { seed: 1, trainLoss: 0 };
const lnn = (changes: object): unknown =>
  untyped(createLnnModel)({
    particles: 2,
    dimension: 2,
    masses: Float64Array.of(1, 1),
    hidden: [2],
    weights: new Float64Array(new PositionNetwork(4, [2]).size),
    centre: new Float64Array(4),
    inputScale: 1,
    energyScale: 1,
    record: one,
    ...changes,
  });

const rows: readonly (readonly [code: string, by: string, provoke: () => unknown])[] = [
  ["aborted", "train", () => train(springs(), { signal: { aborted: true } })],
  [
    "bad-dimension",
    "separableLagrangian",
    () => untyped(separableLagrangian)({ species: [0, 0], dimension: 5, hidden: [2] }),
  ],
  ["bad-function", "tfjsPairPotential", () => tfjsPairPotential((r) => r.sum())],
  [
    "bad-gradient",
    "tfjsLagrangian",
    () => tfjsLagrangian((_, v) => v.exp().sum(1), { coordinates: 2 }),
  ],
  ["bad-hidden-widths", "train", () => train(springs(), { hidden: [] })],
  ["bad-argument", "train", () => untyped(train)("data.npz")],
  [
    "bad-knots",
    "createSplineModel",
    () =>
      untyped(createSplineModel)({
        knots: [Float64Array.of(2, 1)],
        coefficients: new Float64Array(4),
        separations: { ranges: [[1, 2]], edges: Float64Array.of(1, 2), counts: Float64Array.of(1) },
        record: one,
      }),
  ],
  ["bad-mass", "createLnnModel", () => lnn({ masses: Float64Array.of(1, -1) })],
  ["bad-model", "decodeModel", async () => decodeModel(await changed({ extra: "1" }), { source })],
  ["bad-option", "train", () => train(springs(), { until: -1 })],
  [
    "bad-record",
    "encodeModel",
    async () => {
      const model = await spline();
      return encodeModel({ ...model, record: { ...model.record, when: new Date(0) } } as never);
    },
  ],
  ["bad-safetensors", "decodeModel", () => decodeModel(Uint8Array.of(1, 2, 3), { source })],
  ["bad-scale", "createLnnModel", () => lnn({ inputScale: 0 })],
  [
    "bad-shape",
    "createMclnnModel",
    () =>
      untyped(createMclnnModel)({
        hidden: [2],
        weights: new Float64Array(networkSize([2]) + 1),
        separations: { ranges: [[1, 2]], edges: Float64Array.of(1, 2), counts: Float64Array.of(1) },
        record: one,
      }),
  ],
  [
    "bad-tensor",
    "encodeSafetensors",
    () => encodeSafetensors(new Map([["a", { shape: [3], data: new Float64Array(2) } as never]])),
  ],
  ["bad-time-step", "train", () => train(springs(), { dt: 0.03 })],
  [
    "bad-variables",
    "trainTfjsPair",
    async () => trainTfjsPair(springs(), await tfjsPairPotential((r) => r.square())),
  ],
  [
    "coincident-particles",
    "train",
    () => train(springs({ positions: new Float64Array(springs().positions.length) })),
  ],
  ["conflicting-options", "train", () => train(springs(), { dt: 0.01, substeps: 7 })],
  ["extreme-units", "train", () => train(scaled("positions", 1e200))],
  ["fit-failed", "train", () => train(springs({ masses: Float64Array.of(1, 1e-300, 1) }))],
  ["missing-backend", "tfjsBackend", () => tfjsBackend("webgl")],
  ["missing-charges", "train", () => train(springs(), { coupling: "charge-product" })],
  ["missing-species", "trainSpecies", () => trainSpecies(springs())],
  [
    "missing-start",
    "train",
    () =>
      train(
        observed((record, particle) => (record === 0 && particle === 1 ? 0 : 1)),
        { velocities: "given" },
      ),
  ],
  [
    "missing-velocities",
    "train",
    () => {
      const { velocities: _, ...positionsOnly } = springs();
      return train(positionsOnly, { velocities: "given" });
    },
  ],
  [
    "no-error-bars",
    "fitPowerLaw",
    async () => {
      const { uncertainty: _, ...bare } = await spline();
      return fitPowerLaw(bare as never);
    },
  ],
  ["no-power-law", "fitPowerLaw", async () => fitPowerLaw(await spline())],
  [
    "not-a-checkpoint",
    "decodeCheckpoint",
    async () => decodeCheckpoint(encodeModel(await spline()), { source: "checkpoint" }),
  ],
  ["not-a-model", "decodeModel", () => decodeModel(encodeSafetensors(new Map()), { source })],
  [
    "not-finite",
    "train",
    () =>
      train(springs({ positions: springs().positions.map((x, k) => (k === 5 ? Number.NaN : x)) })),
  ],
  [
    "singular-lagrangian",
    "accelerations of a tfjsLagrangian",
    async () => {
      const still = await tfjsLagrangian((q) => q.square().sum(1), { coordinates: 2 });
      return still.accelerations(Float64Array.of(1, 2), Float64Array.of(0, 0));
    },
  ],
  [
    "start-not-determined",
    "train",
    () => train(observed((record, particle) => (record > 0 && particle === 1 ? 0 : 1))),
  ],
  ["time-limit", "train", () => train(springs(), { timeLimit: 1e-9 })],
  [
    "too-few-particles",
    "train",
    () => {
      const { trajectories, records, times } = springs();
      return train({
        trajectories,
        records,
        particles: 1,
        dimension: 3,
        masses: Float64Array.of(1),
        times,
        positions: new Float64Array(trajectories * records * 3),
        velocities: new Float64Array(trajectories * records * 3),
        provenance: {},
      });
    },
  ],
  [
    "too-few-points",
    "trainBaseline",
    () =>
      trainBaseline({
        points: 0,
        particles: 3,
        dimension: 3,
        masses: Float64Array.of(1, 1, 1),
        positions: new Float64Array(0),
        accelerations: new Float64Array(0),
        provenance: {},
      } as never),
  ],
  ["too-few-records", "train", () => train(first(1))],
  ["too-little-data", "train", () => train(first(2))],
  ["too-many-steps", "train", () => train(springs(), { dt: 1e-7 })],
  ["uneven-times", "train", () => train(springs({ times: springs().times.map(() => 0) }))],
  ["unknown-backend", "tfjsBackend", () => untyped(tfjsBackend)("cuda")],
  ["unknown-integrator", "train", () => train(springs(), { integrator: "runge-kutta-4" })],
  [
    "wrong-checksum",
    "decodeModel",
    async () => decodeModel(await changed({ sha256: "00" }), { source }),
  ],
  [
    "wrong-state",
    "train",
    () =>
      train(springs(), {
        optimizer: "adam",
        epochs: 2,
        checkpoints: {
          every: 1,
          save: () => undefined,
          resume: {
            iteration: 1,
            stage: "adam",
            values: { x: 1 },
            log: { iterations: new Float64Array(0), losses: new Float64Array(0) },
            clock: { seconds: 0, log: new Float64Array(0) },
          },
        },
      } as never),
  ],
  [
    "wrong-system",
    "energy of a baseline",
    () => {
      const { potential } = lnn({}) as { potential: { energy(...args: unknown[]): number } };
      return potential.energy(spring, start.positions);
    },
  ],
  [
    "wrong-version",
    "decodeCheckpoint",
    () => {
      const bytes = encodeCheckpoint({ config: {}, state: null });
      const { tensors, metadata } = decodeSafetensors(bytes, { source: "checkpoint" });
      return decodeCheckpoint(
        encodeSafetensors(tensors, new Map([...metadata, ["version", "9"]])),
        { source: "checkpoint" },
      );
    },
  ],
];

export const models: readonly Provocation[] = rows.map(([code, by, provoke]) => ({
  package: "models",
  code,
  by,
  provoke,
}));
