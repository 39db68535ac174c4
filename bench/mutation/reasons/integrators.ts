import type { Reason } from "../reasons.ts";

const SOURCE = "packages/integrators/src";
const BEYOND = "what is written beyond the end of a typed array is lost";
const LOADS =
  "the package does not load with it, so that no test begins; Stryker counts those that fail";

/** The facts of a method, whose text begins like this. */
function factsOf(method: string, facts: string): Reason {
  return { file: `${SOURCE}/${method}.ts`, why: LOADS, changes: [[facts, "{}"]] };
}

/** A method that says that it begins with a drift. */
function drifting(method: string): Reason {
  return {
    file: `${SOURCE}/${method}.ts`,
    why: "what does not begin with a kick begins with a drift",
    changes: [['"drift"', '""']],
  };
}

/** Of `packages/integrators`. */
export const integrators: readonly Reason[] = [];
