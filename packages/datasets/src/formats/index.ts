export type {
  ByteSource,
  ColumnRole,
  Format,
  Found,
  Head,
  ReadHooks,
  Reading,
  ReadOptions,
  ReadTrajectories,
} from "./format.ts";
export { formats } from "./formats.ts";
export { readMassesByType } from "./lammps-data.ts";
export { positionNoise } from "./noise.ts";
export { readNumbers } from "./number-list.ts";
export { holdPositions } from "./numpy.ts";
export { recipeFor } from "./others.ts";
export { formatOf, readTrajectories } from "./read.ts";
export { bytesSource, joinedSource } from "./source.ts";
