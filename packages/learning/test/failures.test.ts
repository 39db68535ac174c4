import { isMclnnError, type MclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { basisFromKnots, planOf } from "../../models/src/splines/b-spline.ts";
import { collocation, valueMetric } from "../src/prior/metric.ts";
import { Arena } from "../src/wasm/arena.ts";

declare const WebAssembly: {
  readonly Memory: new (limits: {
    initial: number;
    maximum: number;
  }) => ConstructorParameters<typeof Arena>[0];
};

function refusal(work: () => unknown): MclnnError {
  try {
    work();
  } catch (error) {
    if (isMclnnError(error)) return error;
    throw error;
  }
  throw new Error("no error came");
}

describe("what only a failure of the work can show", () => {
  const basis = basisFromKnots([planOf([Float64Array.of(1, 1.5, 2)])]);
  const { size } = basis;
  const matrix = (diagonal: number): Float64Array =>
    Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? diagonal : 0));

  it("degenerate-basis: two knots at one place leave coefficients that no value tells apart", () => {
    const twice = { ...basis, clusters: basis.clusters.map((each) => ({ ...each, first: 0 })) };
    const same = { ...twice, size: size + 1 };
    const error = refusal(() => collocation(same));
    expect(error).toMatchObject({ code: "degenerate-basis", argument: "knots", kind: "failure" });
    expect(error.message).toContain(`${size + 1} coefficients`);
  });

  it.each([
    ["no numbers", Number.NaN],
    ["infinite", Number.POSITIVE_INFINITY],
    ["negative", -1],
    ["nothing", 0],
  ])("bad-metric: sensitivities that are %s", (_, diagonal) => {
    const at = collocation(basis);
    const error = refusal(() => valueMetric(at, matrix(diagonal), 10, 1e-9));
    expect(error).toMatchObject({ code: "bad-metric", argument: "data", kind: "failure" });
    expect(valueMetric(at, matrix(1), 10, 1e-9).root.every(Number.isFinite)).toBe(true);
  });

  it("out-of-memory: a WebAssembly memory of two pages is asked for three", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    const arena = new Arena(memory, 0);
    expect(arena.reserve(2 ** 16 + 1)).toBe(0);
    expect(memory.buffer.byteLength).toBe(2 ** 17);
    const error = refusal(() => arena.reserve(2 ** 17));
    expect(error).toMatchObject({ code: "out-of-memory", argument: "data", kind: "failure" });
    expect(error.message).toMatch(/Cut long trajectories/);
    // What was reserved is given up, so that smaller work goes on.
    expect(arena.reserve(8)).toBe(0);
  });
});
