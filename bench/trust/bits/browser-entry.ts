// What a page runs: everything by kernels, and by plain TypeScript.
import { run } from "./program.ts";

declare const report: (value: unknown) => void;

report([await run({ kernels: true }), await run({ kernels: false })]);
