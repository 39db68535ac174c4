import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { expect, it } from "vitest";
import { train } from "../src/index.ts";

const { pair, masses, dimension, trainStart: start } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });
const set = generateTrajectories({ system, start, trajectories: 2 });
const box = Float64Array.of(9, 0, 0, 0, 9, 0, 0, 0, 9);

it("a set of a periodic box is refused, one whose box does not repeat is not", async () => {
  const periodic = { ...set, box, periodic: Uint8Array.of(1, 0, 0) };
  await expect(train(periodic)).rejects.toMatchObject({ code: "periodic-box", got: "1, 0, 0" });
  const walls = { ...set, box, periodic: Uint8Array.of(0, 0, 0) };
  expect((await train(walls, { model: "spline" })).reachedTarget).toBe(true);
});
