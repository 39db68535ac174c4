export { type BuiltInPotential, builtInPotential, builtInPotentials } from "./built-in.ts";
export {
  checkPairPotential,
  type PairPotentialCheck,
  type PairPotentialKink,
} from "./check.ts";
export { scaled, shifted, smoothCutoff, sumOfPairs } from "./composition.ts";
export { withCutoff } from "./cutoff.ts";
export { parseFormula } from "./formula.ts";
export { tabulated } from "./tabulated.ts";
