// What exact data never need, as one part: it loads when trajectories that are not exact come, or that no pair law explains.
export { judge } from "../findings/findings.ts";
export { inSegments, limitsOf, stretchesOf } from "../findings/limits.ts";
export { lookAt } from "../findings/records/records.ts";
export { understand } from "../understand/understand.ts";
export { trainMeasured } from "./train-measured.ts";
export { understandWithMasses } from "./understand-masses.ts";
