// What exact data never need, as one part: it loads when trajectories that are not exact come, or that no pair law explains.
export { causeOf } from "../findings/causes/causes.ts";
export { judge } from "../findings/findings.ts";
export { inSegments, inWindows, limitsOf, stretchesOf } from "../findings/limits.ts";
export { movingFrame } from "../findings/moving-frame.ts";
export { lookAt } from "../findings/records/records.ts";
export { resolvedWindows } from "../records/resolved-windows.ts";
export { plainTerms } from "../selection/along-the-path.ts";
export { understandPastEncounters } from "../understand/past-encounters.ts";
export { settleTerms } from "./settle-terms.ts";
export { trainByDifferences } from "./train-by-differences.ts";
export { trainMeasured } from "./train-measured.ts";
export { understandWithBonds } from "./understand-bonds.ts";
export { understandWithCharges } from "./understand-charges.ts";
export { understandWithMasses } from "./understand-masses.ts";
