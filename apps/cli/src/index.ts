export type { ExitCode } from "./process/exit-code.ts";
export { main } from "./program/main.ts";
export type { Io, OutputStream } from "./terminal/io.ts";
