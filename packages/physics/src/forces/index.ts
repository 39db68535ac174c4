export { type Bond, bonded, checkedBonds } from "./bonded.ts";
export type { BodyCoupling } from "./coupling.ts";
export { harmonicTrap } from "./harmonic-trap.ts";
export { linearDrag } from "./linear-drag.ts";
export { magneticField } from "./magnetic-field.ts";
export { quadraticDrag } from "./quadratic-drag.ts";
export { uniformField } from "./uniform-field.ts";
