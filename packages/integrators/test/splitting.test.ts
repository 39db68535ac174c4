import { createState, createSystem, type State } from "@mclnn/physics";
import { harmonicTrap } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import {
  integratorByName,
  palindrome,
  type Splitting,
  type SplittingStage,
  splitting,
} from "../src/index.ts";

const method = (more: Pick<Splitting, "first" | "kicks" | "drifts">): Splitting => ({
  ...{ name: "own", order: 2, reversible: true },
  ...more,
});

describe("coefficients that read the same in both directions", () => {
  it.each<[readonly number[], number | undefined, readonly number[]]>([
    [[], undefined, []],
    [[1, 2], undefined, [1, 2, 2, 1]],
    [[1, 2], 3, [1, 2, 3, 2, 1]],
    [[], 3, [3]],
    [[1], 0, [1, 0, 1]],
  ])("half %j with the middle %j: %j", (half, middle, whole) => {
    expect(palindrome(half, middle)).toEqual(whole);
  });
});

describe("stages of a method: kicks and drifts by turns", () => {
  it.each<
    [string, "kick" | "drift", readonly number[], readonly number[], readonly SplittingStage[]]
  >([
    [
      "as many of both",
      "kick",
      [1],
      [2],
      [
        ["kick", 1],
        ["drift", 2],
      ],
    ],
    [
      "as many, a drift first",
      "drift",
      [1],
      [2],
      [
        ["drift", 2],
        ["kick", 1],
      ],
    ],
    [
      "one kick more",
      "kick",
      [1, 3],
      [2],
      [
        ["kick", 1],
        ["drift", 2],
        ["kick", 3],
      ],
    ],
    [
      "one drift more",
      "drift",
      [2],
      [1, 3],
      [
        ["drift", 1],
        ["kick", 2],
        ["drift", 3],
      ],
    ],
  ])("%s", (_, first, kicks, drifts, stages) => {
    const made = splitting(method({ first, kicks, drifts }));
    expect(made).toMatchObject({
      ...{ name: "own", order: 2, reversible: true, symplectic: true },
      adaptive: false,
    });
    expect(made.stages).toEqual(stages);
    expect(made.forceEvaluations).toBe(1);
  });
});

describe("are, bit for bit, what their first lines say", () => {
  /** x" = -x, so that a kick is v -= b dt q. */
  const system = () => createSystem({ masses: [1], dimension: 2, potential: harmonicTrap() });
  const start = (): State =>
    createState({ positions: [0.7, -0.3], velocities: [0.2, 1.1] }, { dimension: 2 });
  const dt = 0.1;

  it.each<[string, readonly SplittingStage[]]>([
    [
      "symplectic-euler",
      [
        ["kick", 1],
        ["drift", 1],
      ],
    ],
    [
      "velocity-verlet",
      [
        ["kick", 0.5],
        ["drift", 1],
        ["kick", 0.5],
      ],
    ],
    [
      "position-verlet",
      [
        ["drift", 0.5],
        ["kick", 1],
        ["drift", 0.5],
      ],
    ],
  ])("%s, over 100 steps", (name, stages) => {
    const state = start();
    const step = integratorByName(name).start(system(), state);
    const { positions: q, velocities: v } = start();
    for (let k = 0; k < 100; k++) {
      step(dt);
      for (const [kind, weight] of stages)
        for (const c of [0, 1])
          if (kind === "kick") v[c] = (v[c] as number) + weight * dt * -(q[c] as number);
          else q[c] = (q[c] as number) + weight * dt * (v[c] as number);
    }
    expect(state.positions).toEqual(q);
    expect(state.velocities).toEqual(v);
  });
});
