export type { ExitCode } from "./exit-code.ts";
export { main } from "./main.ts";
export type { Io, OutputStream } from "./terminal/io.ts";
