import { splineCurve } from "@mclnn/models/parts";
import { isMclnnError } from "@mclnn/physics";
import { expect, it } from "vitest";
import { SensitivityPass } from "../src/engine/sensitivity.ts";
import { sortedSeparations } from "../src/records/training-data.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { randomProblem } from "./random-problem.ts";

const codeOf = (call: () => unknown): string | null => {
  try {
    call();
    return null;
  } catch (error) {
    return isMclnnError(error) ? error.code : String(error);
  }
};

const { data, schedule } = randomProblem(3, { particles: 3, dimension: 2 });
const basis = buildBasis(sortedSeparations(data), { cells: 8 });
const curve = splineCurve(basis, new Float64Array(basis.size).fill(0.1));
const candidate = { size: 1, linearise: () => {} };

it("a candidate that only rides along cannot act: no-acceleration", () => {
  const pass = new SensitivityPass(data, schedule, basis, { terms: [candidate] });
  expect(codeOf(() => pass.loss(curve, undefined, Float64Array.of(1)))).toBe("no-acceleration");
  expect(codeOf(() => pass.loss(curve))).toBe(null);
});

it("a term that reads pairs cannot accelerate where these are not kept: missing-pairs", () => {
  const reading = {
    ...candidate,
    accelerate: ({ pairs }: { pairs?: object }) => {
      void pairs;
    },
  };
  const pass = new SensitivityPass(data, schedule, basis, { terms: [reading] });
  expect(codeOf(() => pass.loss(curve, undefined, Float64Array.of(1)))).toBe("missing-pairs");
});

it("values that do not fit the terms: bad-shape", () => {
  const pass = new SensitivityPass(data, schedule, basis, { terms: [candidate] });
  expect(codeOf(() => pass.loss(curve, undefined, Float64Array.of(1, 2)))).toBe("bad-shape");
});
