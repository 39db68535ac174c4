// What exact data never need, as one part: it loads when trajectories that are not exact come, or that no pair law explains.
export { judge } from "../diagnostics/findings.ts";
export { inSegments, limitsOf, stretchesOf } from "../diagnostics/limits.ts";
export { setupWithMasses } from "./fitted-masses.ts";
export { findDynamics } from "./function-first/dynamics-search.ts";
export { meanMotion } from "./function-first/stretches.ts";
export { trainMeasured } from "./train-measured.ts";
