import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { rollout, rungeKutta4, velocityVerlet } from "@mclnn/integrators";
import { createState, createSystem, isMclnnError } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import {
  LagrangianAccelerationLoss,
  LagrangianRolloutLoss,
  lagrangianNetwork,
  type TfjsLagrangianEnergy,
  tfjsBackend,
  tfjsLagrangian,
  trainTfjsLagrangian,
} from "../src/index.ts";
import { aliveTensors, BACKENDS } from "./backends.ts";
import {
  doublePendulum,
  exactPotential,
  FIELD,
  type Motion,
  magnetic,
  randomPoints,
} from "./mechanics.ts";

const MOTIONS: readonly [string, Motion][] = [
  ["double pendulum", doublePendulum],
  ["charge in a magnetic field", magnetic],
];

const meanSquare = (x: Float64Array): number => x.reduce((s, y) => s + y * y, 0) / x.length;
const difference = (x: Float64Array, y: Float64Array): Float64Array =>
  x.map((a, k) => a - (y[k] as number));

function orbit(records: number, trajectories = 1): TrajectorySet {
  const system = createSystem({ masses: [1], dimension: 2, potential: exactPotential(magnetic) });
  const runs = Array.from({ length: trajectories }, (_, t) =>
    rollout(
      system,
      createState(
        { positions: [0.3 * t, -0.2], velocities: [1 - 0.4 * t, 0.3 * t] },
        { dimension: 2 },
      ),
      { records, dt: 0.01, stride: 20, integrator: rungeKutta4 },
    ),
  );
  const joined = (what: "positions" | "velocities"): Float64Array =>
    Float64Array.from(runs.flatMap((run) => [...(run[what] as Float64Array)]));
  const { times, particles, dimension } = runs[0] as (typeof runs)[number];
  return {
    trajectories,
    records,
    particles,
    dimension,
    masses: Float64Array.of(1),
    times,
    positions: joined("positions"),
    velocities: joined("velocities"),
    provenance: {},
  };
}

describe.each(BACKENDS)("on %s", (backend) => {
  it.each(MOTIONS)("accelerations of a %s by Eq. 3 to 1e-5", async (_, motion) => {
    const lagrangian = await tfjsLagrangian(motion.lagrangian, { coordinates: 2, backend });
    const { positions, velocities, accelerations } = randomPoints(motion, 50, 1.5, 3);
    const found = lagrangian.accelerations(positions, velocities);
    expect(Math.max(...difference(found, accelerations).map(Math.abs))).toBeLessThan(1e-5);
  });

  it("a charge goes round: Runge-Kutta within 1e-5 of the circle, velocity Verlet within 1e-3", async () => {
    const before = aliveTensors();
    const lagrangian = await tfjsLagrangian(magnetic.lagrangian, { coordinates: 2, backend });
    const system = lagrangian.system();
    const start = createState({ positions: [0, 0], velocities: [1, 0] }, { dimension: 2 });
    for (const [integrator, bound] of [
      [rungeKutta4, 1e-5],
      [velocityVerlet, 1e-3],
    ] as const) {
      const { positions, times } = rollout(system, start, {
        records: 3,
        dt: 0.1,
        stride: 2,
        integrator,
      });
      times.forEach((t, k) => {
        expect(Math.abs((positions[2 * k] as number) - Math.sin(FIELD * t) / FIELD)).toBeLessThan(
          bound,
        );
        expect(
          Math.abs((positions[2 * k + 1] as number) - (Math.cos(FIELD * t) - 1) / FIELD),
        ).toBeLessThan(bound);
      });
    }
    expect(aliveTensors()).toBe(before);
  });

  it("gradients of the acceleration loss and of the rollout loss agree with differences to 1e-3", async () => {
    const network = await lagrangianNetwork({
      coordinates: 2,
      backend,
      hidden: [5],
      periodic: true,
    });
    const random = createRandom(2);
    const start = network.internals.motion.parameters.read();
    for (const loss of [
      new LagrangianAccelerationLoss(network, randomPoints(doublePendulum, 8, 1, 5)),
      new LagrangianRolloutLoss(network, orbit(3, 2), 2),
    ]) {
      const gradient = new Float64Array(loss.size);
      loss.evaluate(start, gradient);
      const u = start.map(() => random.normal());
      const exact = gradient.reduce((s, g, i) => s + g * (u[i] as number), 0);
      const at = (s: number): number =>
        loss.evaluate(start.map((x, i) => x + s * (u[i] as number)));
      const h = 0.01;
      const numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      expect(Math.abs(exact / numeric - 1)).toBeLessThan(1e-3);
    }
  });
});

describe("lagrangianNetwork", () => {
  it("learns a double pendulum from 150 accelerations: unseen ones within 10 % (r.m.s.), its energy kept to 1e-3, no tensor leaked", async () => {
    const network = await lagrangianNetwork({
      coordinates: 2,
      backend: "wasm",
      hidden: [16, 16],
      periodic: true,
    });
    const before = aliveTensors();
    const { trainLoss, history } = await trainTfjsLagrangian(
      randomPoints(doublePendulum, 150, 1, 7),
      network,
      { epochs: 100, until: 0 },
    );
    expect(aliveTensors()).toBe(before);
    expect(trainLoss).toBeLessThan(1e-2 * (history[0]?.loss as number));
    const unseen = randomPoints(doublePendulum, 200, 0.9, 8);
    const errors = difference(
      network.accelerations(unseen.positions, unseen.velocities),
      unseen.accelerations,
    );
    expect(Math.sqrt(meanSquare(errors) / meanSquare(unseen.accelerations))).toBeLessThan(0.1);
    const run = rollout(
      network.system(),
      createState({ positions: [0.5, -0.3], velocities: [0, 0] }, { dimension: 2 }),
      { records: 11, dt: 0.1, stride: 1, integrator: rungeKutta4 },
    );
    const energies = network.energies(run.positions, run.velocities as Float64Array);
    expect(Math.max(...energies) - Math.min(...energies)).toBeLessThan(1e-3);
  });

  it("learns a charge in a magnetic field from 60 accelerations: unseen ones within 5 % (r.m.s.)", async () => {
    const network = await lagrangianNetwork({ coordinates: 2, backend: "wasm", hidden: [12] });
    await trainTfjsLagrangian(randomPoints(magnetic, 60, 1, 5), network, { epochs: 100, until: 0 });
    const unseen = randomPoints(magnetic, 200, 0.9, 6);
    const errors = difference(
      network.accelerations(unseen.positions, unseen.velocities),
      unseen.accelerations,
    );
    expect(Math.sqrt(meanSquare(errors) / meanSquare(unseen.accelerations))).toBeLessThan(0.05);
  });
});

describe("a Lagrangian with a term of one's own", () => {
  it("from two rollouts of 5 records: the strength of the magnetic field to 1e-3", async () => {
    const ready = await tfjsBackend("wasm");
    // v . A q with an unknown matrix: its antisymmetric part is the field, its symmetric part moves nothing.
    const matrix = ready.run(() => tf.variable(tf.tensor2d([0.1, 0.2, -0.1, 0.3], [2, 2])));
    const lagrangian = await tfjsLagrangian(
      (q, v) =>
        tf.add(
          tf.mul(0.5, tf.sum(tf.square(v), 1)),
          tf.sum(tf.mul(tf.matMul(q, matrix as unknown as tf.Tensor2D), v), 1),
        ),
      { coordinates: 2, backend: "wasm", variables: [matrix] },
    );
    const { trainLoss } = await trainTfjsLagrangian(orbit(5, 2), lagrangian, {
      epochs: 20,
      until: 1e-10,
      substeps: 2,
    });
    expect(trainLoss).toBeLessThan(1e-8);
    const [, a, b] = ready.run(() => matrix.dataSync());
    expect(Math.abs((a as number) - (b as number) - FIELD)).toBeLessThan(1e-3);
    matrix.dispose();
  });
});

describe("bad input", () => {
  it.each<[string, TfjsLagrangianEnergy, string, RegExp]>([
    ["one number", (_, v) => tf.sum(tf.square(v)), "bad-function", /shape \[5\], got shape \[\]/],
    ["a column", (_, v) => tf.sum(tf.square(v), 1, true), "bad-function", /got shape \[5, 1\]/],
    ["NaN", (q) => tf.sum(tf.log(q), 1), "not-finite", /got NaN at row/],
    [
      "exp in the kinetic energy",
      (_, v) => tf.sum(tf.exp(v), 1),
      "bad-gradient",
      /d2L\/dv dv.*because of Exp/,
    ],
  ])("%s", async (_, lagrangian, code, message) => {
    const error = await tfjsLagrangian(lagrangian, { coordinates: 2 }).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.code).toBe(code);
    expect(String(error)).toMatch(message);
  });

  it("a Lagrangian that a velocity is missing from, coordinates that fill no particles, data of another system", async () => {
    const flat = await tfjsLagrangian((_, v) => tf.sum(tf.mul(tf.square(v), [1, 0]), 1), {
      coordinates: 2,
    });
    expect(() => flat.accelerations(Float64Array.of(1, 2), Float64Array.of(1, 2))).toThrow(
      /does not determine the accelerations/,
    );
    const free = await tfjsLagrangian((_, v) => tf.sum(tf.square(v), 1), { coordinates: 5 });
    expect(() => free.system()).toThrow(/do not fill the particles/);
    const network = await lagrangianNetwork({ coordinates: 4, hidden: [3] });
    await expect(trainTfjsLagrangian(orbit(3), network)).rejects.toThrow(
      /4 coordinates, got 1 particles/,
    );
  });
});
