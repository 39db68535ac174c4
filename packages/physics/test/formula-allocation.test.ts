import { expect, it } from "vitest";
import { parseFormula } from "../src/potentials/index.ts";
import { allocatedBytes } from "./allocated-bytes.ts";

const CALLS = 5000;
const TOLERATED = 4096;

// Those before fill the engine's records of what is called from where, so that those after see the worst of it.
it.each([
  "0.5*(r-1)^4",
  "1/r^12-2/r^6",
  "exp(-r/0.7)/r",
  "4*eps*((s/r)^12-(s/r)^6); eps=1; s=1",
  "sqrt(r^2+1) + log(r) * sin(2*r)",
  "cos(r)*tanh(r) - atan(r) + sinh(r)/cosh(r) + tan(r/3) + abs(r-2)",
  "r^r",
])("evaluating %s allocates nothing: less than 1 byte an evaluation", (text) => {
  const { slope } = parseFormula(text);
  const out = new Float64Array(1);
  const run = (): void => {
    let sum = 0;
    for (let k = 0; k < CALLS; k++) sum += slope(1 + 0.01 * (k & 63));
    out[0] = sum;
  };
  expect(allocatedBytes(run, TOLERATED)).toBeLessThan(TOLERATED);
});
