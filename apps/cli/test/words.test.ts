import type { TrainResult } from "@mclnn/learning";
import { expect, it } from "vitest";
import { leavesNoise, networkMisses } from "../src/commands/train/words.ts";

const result = (given: Partial<TrainResult>): TrainResult =>
  ({ model: { parameterCount: 141 }, findings: [], noise: null, ...given }) as TrainResult;

it.each([
  // [networkError, lawError, noise, trainLoss, whether the network is said to miss, whether nothing but noise is left]
  [1e-6, 1e-6, null, 1e-16, false, false],
  [0.12, 0.12, null, 1e-9, true, false],
  [0.12, null, null, 1e-9, true, false],
  [0.02, 0.2, 0.1, 0.0099, false, true],
  [0.4, 0.65, 0.1, 0.08, true, false],
  [null, 0.2, 0.1, 0.0099, false, true],
  [null, 0.2, 0.1, 0.08, false, false],
] as const)(
  "network %s off, law %s, noise %s, loss %s: said to miss %s, nothing but noise %s",
  (networkError, lawError, noise, trainLoss, misses, nothing) => {
    const told = result({ networkError, lawError, noise, trainLoss });
    const words = networkMisses(told);
    expect(words !== null).toBe(misses);
    if (words !== null) expect(words).toMatch(/--model spline writes that law/);
    expect(words === null && leavesNoise(told)).toBe(nothing);
  },
);
