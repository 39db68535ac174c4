import { accelerationPoints } from "@mclnn/datasets";
import { createState, createSystem, linearSpring, pairwise } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import {
  separableLagrangian,
  type TfjsLagrangianEnergy,
  tfjsLagrangian,
  trainTfjsLagrangian,
} from "../src/index.ts";
import { aliveTensors } from "./backends.ts";
import { doublePendulum, randomPoints } from "./mechanics.ts";

const system = createSystem({
  masses: [1, 2.5, 1],
  dimension: 2,
  potential: pairwise(linearSpring({})),
});
const start = createState(
  {
    positions: [
      [0, 0],
      [1.3, 0.1],
      [0.4, 1.2],
    ],
    velocities: [
      [0.3, -0.2],
      [0.1, 0.4],
      [-0.5, 0.2],
    ],
  },
  { dimension: 2 },
);

it("two-species springs: ratio of masses to 1e-3, T quadratic to 1e-3, V' over mass to 1e-2; the scale itself stays open", async () => {
  const before = aliveTensors();
  const learned = await separableLagrangian({
    species: [0, 1, 0],
    dimension: 2,
    backend: "wasm",
    kineticHidden: [4],
    pairHidden: [8],
    seed: 2,
  });
  const { trainLoss } = await trainTfjsLagrangian(
    accelerationPoints(system, { start, points: 30, stride: 40 }),
    learned.lagrangian,
    { epochs: 150, until: 1e-9 },
  );
  expect(trainLoss).toBeLessThan(1e-7);
  const mass = learned.mass(0);
  expect(Math.abs(learned.mass(1) / mass / 2.5 - 1)).toBeLessThan(1e-3);
  expect(Math.abs(learned.mass(0, 0.1) / mass - 1)).toBeLessThan(1e-3);
  expect(Math.abs(learned.mass(0, 0.5) / mass - 1)).toBeLessThan(1e-3);
  for (const r of [1.1, 1.3, 1.5])
    expect(Math.abs(learned.pair.slope(r) / mass - (r - 1))).toBeLessThan(1e-2);
  // Data do not know the scale: mass 1 came out as something else, with V on the same scale.
  expect(Math.abs(mass - 1)).toBeGreaterThan(0.01);
  learned.dispose();
  expect(aliveTensors()).toBe(before);
});

it("a Lagrangian and three times that Lagrangian move alike to 1e-5: no data fix the scale", async () => {
  const triple: TfjsLagrangianEnergy = (q, v) => tf.mul(3, doublePendulum.lagrangian(q, v));
  const [once, thrice] = await Promise.all(
    [doublePendulum.lagrangian, triple].map((l) => tfjsLagrangian(l, { coordinates: 2 })),
  );
  const { positions, velocities } = randomPoints(doublePendulum, 20, 1, 4);
  const other = thrice?.accelerations(positions, velocities) as Float64Array;
  const own = once?.accelerations(positions, velocities) as Float64Array;
  const gaps = own.map((a, k) => Math.abs(a - (other[k] as number)));
  expect(Math.max(...gaps)).toBeLessThan(1e-5);
});
