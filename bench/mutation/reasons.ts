import { adjoint } from "./reasons/adjoint.ts";
import { files } from "./reasons/files.ts";
import { integrators } from "./reasons/integrators.ts";
import { metrics } from "./reasons/metrics.ts";
import { physics } from "./reasons/physics.ts";
import { portable } from "./reasons/portable.ts";
import { program } from "./reasons/program.ts";
import type { Survivor } from "./results.ts";

/** Changes of one source that no test can notice, or need not, with why. */
export interface Reason {
  readonly file: string;
  readonly why: string;
  /** As the results have them: what was there, and what stood there instead. */
  readonly changes: readonly (readonly [original: string, replacement: string])[];
}

/** All reasons. */
export const reasons: readonly Reason[] = [
  ...physics,
  ...portable,
  ...integrators,
  ...metrics,
  ...adjoint,
  ...files,
  ...program,
];

/** Why a change was not noticed; `undefined` where nobody has said. */
export function reasonFor({ file, original, replacement }: Survivor): string | undefined {
  return reasons.find(
    (reason) =>
      reason.file === file &&
      reason.changes.some(([from, to]) => from === original && to === replacement),
  )?.why;
}
