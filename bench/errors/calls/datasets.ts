import * as datasets from "@mclnn/datasets";
import * as formats from "@mclnn/datasets/formats";
import { rungeKutta4 } from "@mclnn/integrators";
import type { EntryCalls } from "../call.ts";
import { seenInPart, spring, springs, start } from "../samples.ts";

const { accelerationPoints, createRandom, encodeNpz, encodeTrajectorySet } = datasets;

/** Places of particles that were not observed. */
const missing = Number.isNaN;

/** All entries of the package but that for Node. */
export const datasetCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/datasets",
    module: datasets,
    calls: {
      accelerationPoints: () => [
        spring,
        { start, points: 3, first: 1, dt: 0.01, stride: 2, integrator: { ...rungeKutta4 } },
      ],
      addPositionNoise: () => [springs(), { sigma: 1e-3, seed: 1 }],
      addVelocityNoise: () => [springs(), { sigma: 1e-3, seed: 1 }],
      checkAccelerationPoints: () => ["points", accelerationPoints(spring, { start, points: 3 })],
      checkTrajectorySet: () => ["set", springs(), true],
      createRandom: () => [1],
      createRecorder: () => [spring, { every: 2 }],
      decodeNpz: () => [
        encodeNpz({ x: Float64Array.of(1, 2) }),
        { source: "data.npz", maxBytes: 1e6, maxEntries: 10 },
      ],
      decodeTrajectorySet: () => [
        encodeTrajectorySet(springs()),
        { source: "data.npz", missingAsNan: false, maxBytes: 1e6, maxEntries: 10 },
      ],
      spaceOfSet: () => [
        {
          ...springs(),
          box: Float64Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9),
          periodic: Uint8Array.of(1, 1, 1),
        },
      ],
      unwrappedPositions: { args: () => [springs()], mayBe: missing },
      dropObservations: {
        args: () => [springs(), { share: 0.1, seed: 1, keepStart: true, whole: false }],
        mayBe: missing,
      },
      dropVelocities: () => [springs()],
      trajectorySet: () => [
        {
          ...{ positions: [0, 0, 1, 0, 0, 0.1, 1, 0.1], dimension: 2 },
          ...{ times: [0, 1], masses: [1, 1] },
        },
      ],
      encodeNpz: () => [
        { x: Float64Array.of(1, 2), y: { shape: [2, 1], data: Int32Array.of(1, 2) } },
        { deflate: true },
      ],
      encodeTrajectorySet: () => [springs()],
      experimentByName: () => ["gravity"],
      generateTrajectories: () => [
        {
          system: spring,
          start,
          trajectories: 2,
          records: 3,
          dt: 0.01,
          stride: 2,
          scheme: "random",
          noise: 1e-3,
          seed: 1,
          skip: 1,
          integrator: { ...rungeKutta4 },
        },
      ],
      movedStart: () => [spring, start, { tilt: 0.1, shift: [1, 2, 3], boost: [1, 2, 3] }],
      oneStepTrajectories: () => [accelerationPoints(spring, { start, points: 3 }), { dt: 0.01 }],
      parseState: () => [
        '{"masses":[1],"positions":[[0,0]],"velocities":[[1,0]]}',
        { source: "start.json" },
      ],
      perturbedStart: () => [spring, start, 1],
      randomRotation: () => [3, createRandom(1)],
      selectTrajectories: () => [springs(), { from: 1, to: 2 }],
      shortenTrajectories: { args: () => [springs(), { shortest: 5, seed: 1 }], mayBe: missing },
      splitTrajectories: () => [springs(), { train: 2, validation: 1 }],
      suggestTimeStep: {
        args: () => [spring, start],
        // Where nothing moves, nothing happens in any time.
        mayBe: (x) => x === Number.POSITIVE_INFINITY,
      },
      tiltedStart: () => [spring, start],
      trajectoryLengths: () => [seenInPart()],
      trajectoryOf: () => [springs(), 1],
    },
  },
  {
    entry: "@mclnn/datasets/formats",
    module: formats,
    calls: {
      bytesSource: () => ["data.xyz", new Uint8Array(3)],
      formatOf: () => ["run.extxyz"],
      holdPositions: () => [new Map([["positions", { shape: [1, 2, 2, 2] }]])],
      joinedSource: () => ["all", [file()]],
      positionNoise: () => [springs()],
      readMassesByType: { args: () => [dataFile()], callsLater: true },
      readNumbers: { args: () => [file("1 2 3")], callsLater: true },
      readTrajectories: {
        args: () => [file(), { dt: 0.1, units: "lj", massOf: { A: 2 } }, {}],
        callsLater: true,
      },
      recipeFor: () => ["run.xtc"],
    },
  },
];

function file(text = "2\n\nA 0 0 0\nA 1 0 0\n"): formats.ByteSource {
  return formats.bytesSource("a file", new TextEncoder().encode(text));
}

const dataFile = (): formats.ByteSource =>
  file(
    "title\n\n1 atoms\n\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nMasses\n\n1 2.5\n\nAtoms # atomic\n\n1 1 0 0 0\n",
  );
