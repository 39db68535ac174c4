import type { Reason } from "../reasons.ts";

const source = (name: string): string => `packages/physics/src/portable/${name}.ts`;
const BOUND = "at the bound itself both formulas give the same number";
const NO_ZERO = "0 does not get there";

/** Of `packages/physics/src/portable`. */
export const portable: readonly Reason[] = [
  {
    file: source("binary"),
    why: "what is written beyond the end of a typed array is lost",
    changes: [["k < 2098", "k <= 2098"]],
  },
  {
    file: source("binary"),
    why: "2^-1074 is asked for only beside another so small that their product is 0",
    changes: [["k >= 0", "k > 0"]],
  },
  {
    file: source("binary"),
    why: "the smallest normal number has the same exponent by either road",
    changes: [["x < 2.2250738585072014e-308", "x <= 2.2250738585072014e-308"]],
  },
  { file: source("hyperbolic"), why: NO_ZERO, changes: [["x < 0", "x <= 0"]] },
  {
    file: source("hyperbolic"),
    why: BOUND,
    changes: [["Math.abs(x) > LARGE", "Math.abs(x) >= LARGE"]],
  },
  { file: source("power"), why: "1 / 1 is 1", changes: [["n < 0", "n <= 0"]] },
  { file: source("power"), why: NO_ZERO, changes: [["base < 0", "base <= 0"]] },
  {
    file: source("power"),
    why: "both roads lead beyond the range there",
    changes: [
      ["exponent < 710", "exponent <= 710"],
      ["exponent < -746", "exponent <= -746"],
    ],
  },
  {
    file: source("power"),
    why: "neither 1 nor the power 0 gets there",
    changes: [
      ["size > 1", "size >= 1"],
      ["n > 0", "n >= 0"],
    ],
  },
  {
    file: source("trigonometric"),
    why: BOUND,
    changes: [
      ["size >= 2.4375", "size > 2.4375"],
      ["size >= 1.1875", "size > 1.1875"],
      ["size >= 0.6875", "size > 0.6875"],
      ["size >= 0.4375", "size > 0.4375"],
    ],
  },
  {
    file: source("trigonometric"),
    why: "which of the two zeros is given for 0 is not promised",
    changes: [["x < 0", "x <= 0"]],
  },
];
