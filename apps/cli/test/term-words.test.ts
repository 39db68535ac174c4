import type { TermResult, TrainResult } from "@mclnn/learning";
import { expect, it } from "vitest";
import { notSeenWords, otherNames } from "../src/commands/train/terms.ts";

type Constant = TermResult["constants"][number];
const constant = (name: string, value: Constant["value"], sd: Constant["sd"]): Constant => ({
  name,
  value,
  sd,
});
const result = (...terms: readonly [string, readonly Constant[]][]): TrainResult =>
  ({
    terms: terms.map(([name, constants]) => ({ name, status: "found", gain: 100, constants })),
  }) as unknown as TrainResult;

it("a field and drag are a wind, with its error bars", () => {
  const drag = constant("gamma", 0.2, 0.001);
  const field = constant("g", [0.12, 0.06], [0.0006, 0.0006]);
  expect(otherNames(result(["drag", [drag]], ["field", [field]]))).toEqual([
    "The field and the drag are the same as drag in a wind of (0.600(4), 0.300(3)).",
  ]);
  expect(otherNames(result(["drag", [drag]]))).toEqual([]);
});

it("a force across the velocity and a trap that pushes are a frame that turns, where they go together", () => {
  const across = constant("B", 0.6, 0.001);
  const centre = constant("centre", [0, 0], [0.002, 0.002]);
  const frame = (k: number) =>
    otherNames(result(["magnetic", [across]], ["trap", [constant("k", k, 0.0004), centre]]));
  expect(frame(-0.0903)).toEqual([
    "The magnetic force and the trap, k = -(B / 2)^2, are those of a frame that turns at 0.3000(5) about (0.000(2), 0.000(2)).",
  ]);
  expect(frame(-0.2)).toEqual([]);
});

it("says of which limits the law does nearly the same", () => {
  const notSeen = [
    { name: "field", limit: 0.001, share: 0.5 },
    { name: "trap", limit: 3.2, share: 1e-6 },
  ];
  expect(notSeenWords({ notSeen } as unknown as TrainResult)).toBe(
    "Nothing else is seen, and would be above: field 1.0e-3, trap 3.2 (the law does nearly the same).",
  );
});
