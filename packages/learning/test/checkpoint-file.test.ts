import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../models/src/files/safetensors.ts";
import { encodeSealed } from "../../models/src/files/sealed.ts";
import { adam } from "../src/optimizers/adam.ts";
import type { Objective } from "../src/optimizers/optimizer.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/parts.ts";
import { beginDescent, type DescentStep, descend } from "../src/runs/descend.ts";

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

describe("a file that is no checkpoint", () => {
  /** A sealed file with these metadata in the place of a checkpoint's own; `undefined` takes one away. */
  const file = (
    changes: Readonly<Record<string, string | undefined>>,
    more: Readonly<Record<string, Float64Array>> = {},
  ): Uint8Array => {
    const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(checkpoint));
    const all = new Map(tensors);
    for (const [name, data] of Object.entries(more)) all.set(name, { shape: [data.length], data });
    const said = new Map([...metadata].filter(([key]) => key !== "sha256"));
    for (const [key, text] of Object.entries(changes))
      if (text === undefined) said.delete(key);
      else said.set(key, text);
    return encodeSealed(all, said, "sha256");
  };

  it("the file that the rows below spoil is one, and says so", () => {
    expect(file({})).toEqual(bytes);
    const { metadata, tensors } = decodeSafetensors(bytes);
    expect([...metadata.keys()]).toEqual(["format", "version", "config", "state", "sha256"]);
    expect([metadata.get("format"), metadata.get("version")]).toEqual(["mclnn-checkpoint", "1"]);
    expect([...tensors.keys()]).toContain("state.values.weights");
    const numbered = { config: { numbers }, state: null };
    const named = decodeSafetensors(encodeCheckpoint(numbered)).tensors.keys();
    expect([...named]).toEqual(["config.numbers"]);
  });

  const not = (argument: string, expected: string, got: string) => ({
    ...{ code: "not-a-checkpoint", argument, expected, got },
    message: expect.stringContaining("c is not a checkpoint"),
  });
  const written = "what encodeCheckpoint writes";
  it.each<[string, Uint8Array, object]>([
    ["no format", file({ format: undefined }), not("format", "mclnn-checkpoint", "nothing")],
    ["a model", file({ format: "mclnn-model" }), not("format", "mclnn-checkpoint", "mclnn-model")],
    [
      "no version",
      file({ version: undefined }),
      { code: "wrong-version", argument: "version", expected: "1", got: "nothing" },
    ],
    ["a later version", file({ version: "2" }), { code: "wrong-version", got: "2" }],
    ["no configuration", file({ config: undefined }), not("config", written, "else")],
    ["a configuration that is no JSON", file({ config: "{" }), not("config", written, "else")],
    ["a configuration of no kind", file({ config: "[1]" }), not("config", written, "else")],
    ["null for a configuration", file({ config: "null" }), not("config", "an object", "else")],
    ["a text for a configuration", file({ config: '"x"' }), not("config", "an object", "else")],
    [
      "a list for a configuration",
      file({ config: '["list"]' }),
      not("config", "an object", "else"),
    ],
    ["no state", file({ state: undefined }), not("state", written, "else")],
    [
      "a state that lacks a tensor",
      file({ state: '["tensor","x"]' }),
      not("state", written, "else"),
    ],
    [
      "tensors that nothing asks for",
      file({}, { extra: numbers, more: numbers }),
      not("tensors", "those of the state", "extra, more"),
    ],
    [
      "a state of another kind",
      encodeCheckpoint({ config: {}, state: { ...checkpoint.state, stage: 1 } as never }),
      { code: "wrong-state", argument: "state.stage", expected: "a string", got: "a number" },
    ],
  ])("%s", (_, changed, error) => {
    expect(() => read(changed)).toThrow(expect.objectContaining(error));
  });

  it("is called `checkpoint` where it has no name", () => {
    expect(() => decodeCheckpoint(new Uint8Array(3))).toThrow(/^checkpoint is not a safetensors/);
    expect(() => decodeCheckpoint(file({ format: "x" }))).toThrow(
      /^checkpoint is not a checkpoint/,
    );
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
