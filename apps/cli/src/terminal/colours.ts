import type pc from "picocolors";

/** Paint for texts; plain where colours are not wanted. */
export type Colours = ReturnType<typeof pc.createColors>;
