import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { beginDescent, type DescentStep, descend } from "../src/training/descend.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/training/index.ts";
import { adam } from "../src/training/optimizers/adam.ts";
import type { Objective } from "../src/training/optimizers/optimizer.ts";

const numbers = Float64Array.from({ length: 16 }, (_, k) => Math.sqrt(k) - 1);
const checkpoint: Checkpoint = {
  config: { data: { path: "data.npz", sha256: "00ff" }, options: { hidden: [10, 10], seed: 100 } },
  state: {
    iteration: 7,
    stage: "adam",
    values: {
      weights: numbers,
      best: { loss: Number.POSITIVE_INFINITY, weights: new Float64Array(0) },
      beta: -0,
      steps: [numbers, numbers.map((x) => 1 / (x + 3))],
      smallest: 5e-324,
      ending: "",
      good: null,
      over: false,
      nothing: [],
      tagged: ["tensor", "x"],
    },
    log: { iterations: Float64Array.of(1, 2), losses: Float64Array.of(0.5, 0.25) },
    clock: { seconds: 0.1, log: Float64Array.of(0.05, 0.1) },
  },
};
const bytes = encodeCheckpoint(checkpoint);
const read = (changed: Uint8Array): Checkpoint => decodeCheckpoint(changed, { source: "c" });

describe("a checkpoint", () => {
  it("comes back to the last bit, special numbers too", () => {
    const back = read(bytes);
    expect(back).toEqual(checkpoint);
    expect(encodeCheckpoint(back)).toEqual(bytes);
    const first = { config: {}, state: null };
    expect(read(encodeCheckpoint(first))).toEqual(first);
  });

  // Every bit: 8 x 2 to 4 kB.
  it("with any bit flipped is refused", () => {
    let accepted = 0;
    const copy = bytes.slice();
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const at = bit >> 3;
      copy[at] = (bytes[at] as number) ^ (1 << (bit & 7));
      try {
        read(copy);
        accepted++;
      } catch (error) {
        if (!isMclnnError(error)) throw error;
      }
      copy[at] = bytes[at] as number;
    }
    expect(accepted).toBe(0);
  });

  it("cut short or made longer by any number of bytes is refused", () => {
    const refused = (changed: Uint8Array) => expect(() => read(changed)).toThrow("c ");
    for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length));
    for (const more of [1, 8, 64]) refused(new Uint8Array([...bytes, ...new Uint8Array(more)]));
  });

  it("of NaN is not written", () => {
    for (const values of [Number.NaN, Float64Array.of(1, Number.NaN), [{ a: Number.NaN }]])
      expect(() =>
        encodeCheckpoint({ config: {}, state: { ...checkpoint.state, values } as never }),
      ).toThrow("expected a number, got NaN");
  });
});

describe("a loss or gradient that is not finite", () => {
  /** (x - 3)^2, broken on some of its calls. */
  const broken = (isBroken: (call: number, x: number) => "loss" | "gradient" | null): Objective => {
    let call = 0;
    return {
      size: 1,
      evaluate([x = 0], gradient) {
        const what = isBroken(++call, x);
        if (gradient !== undefined) gradient[0] = what === "gradient" ? Number.NaN : 2 * (x - 3);
        return what === "loss" ? Number.POSITIVE_INFINITY : (x - 3) ** 2;
      },
      locate: ([x]) => `trajectory 0 at ${(x as number) > 0 ? "the right" : "the left"}`,
    };
  };
  const rate = 0.5;
  const run = (objective: Objective) => {
    const method = adam({ learningRate: rate });
    const state = beginDescent(method, Float64Array.of(0));
    const options = { phase: "Adam", epochs: 40, until: 0, checkEvery: 1 };
    const steps = descend(method, objective, state, options);
    const seen: DescentStep[] = [];
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return { state, seen, ending: step.value };
      seen.push({ ...step.value });
    }
  };

  it.each(["loss", "gradient"] as const)("(%s) sends training back, with smaller steps", (what) => {
    const { state, seen, ending } = run(broken((call) => (call === 6 ? what : null)));
    expect(ending).toBe("epochs");
    expect(seen).toHaveLength(40);
    expect(state.retreats).toEqual([
      {
        iteration: 6,
        reason: `a ${what === "loss" ? "loss of Infinity" : "gradient of NaN for parameter 0"}, trajectory 0 at the right`,
        to: 5,
        softer: `learning rate ${rate / 4}`,
      },
    ]);
    expect(state.memory.learningRate).toBe(rate / 4);
    expect(state.best.loss).toBeLessThan(seen[4]?.loss as number);
    expect(Number.isFinite(state.weights[0])).toBe(true);
  });

  it("gives up after 5 retreats, with the best weights kept", () => {
    const { state, seen, ending } = run(broken((_, x) => (x > 1 ? "loss" : null)));
    expect(ending).toBe("diverged");
    expect(state.retreats).toHaveLength(5);
    expect(state.memory.learningRate).toBe(rate / 4 ** 5);
    expect(state.best.loss).toBe(Math.min(...seen.map(({ loss }) => loss)));
  });

  it("at the start is an error that says where", () => {
    expect(() => run(broken(() => "loss"))).toThrow(
      /cannot begin .*got a loss of Infinity, trajectory 0 at the left/,
    );
  });
});
