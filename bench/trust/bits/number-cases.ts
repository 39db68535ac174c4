import { createRandom } from "@mclnn/datasets";
import {
  portableCos,
  portableExp,
  portableExponent,
  portableLog,
  portablePower,
  portableSin,
} from "@mclnn/physics/portable";
import { parseFormula } from "@mclnn/physics/potentials";
import type { BitsCase } from "./bits-case.ts";

const COUNT = 20_000;

/** Numbers of all magnitudes. */
function numbers(seed: number, largest: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: COUNT }, () => {
    const size = portableExp(portableLog(largest) * (2 * random.uniform() - 1));
    return random.uniform() < 0.5 ? size : -size;
  });
}

/** Elementary functions, and what a number is as text and as a power of two. */
export const numberCases: readonly BitsCase[] = [
  { name: "log", bits: () => numbers(1, 1e300).map((x) => portableLog(Math.abs(x))) },
  { name: "exp", bits: () => numbers(2, 700).map(portableExp) },
  { name: "sin", bits: () => numbers(3, 1e5).map(portableSin) },
  { name: "cos", bits: () => numbers(4, 1e5).map(portableCos) },
  { name: "power", bits: () => numbers(5, 30).map((x) => portablePower(Math.abs(x), x)) },
  { name: "exponent", bits: () => numbers(6, 1e300).map((x) => portableExponent(Math.abs(x))) },
  {
    name: "powers of two",
    bits: () => Float64Array.from({ length: 2098 }, (_, k) => 2 ** (k - 1074)),
  },
  {
    name: "numbers as text",
    bits: () =>
      new TextEncoder().encode(
        Array.from(
          numbers(7, 1e300),
          (x) => `${x} ${x.toPrecision(7)} ${Number(`${x}`) === x}`,
        ).join("\n"),
      ),
  },
  ...["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "sqrt"].map((name) => ({
    name: `formula ${name}(r)`,
    bits: () => {
      const { energy, slope, curvature } = parseFormula(`${name}(r)`);
      return Array.from(numbers(8, 1e3)).flatMap((x) => {
        const r = Math.abs(x);
        return [energy(r), slope(r), curvature?.(r) ?? 0];
      });
    },
  })),
];
