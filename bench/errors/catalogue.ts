import type { Provocation } from "./provocation.ts";
import { cli } from "./provocations/cli.ts";
import { middle } from "./provocations/middle.ts";
import { models } from "./provocations/models.ts";
import { physics } from "./provocations/physics.ts";

/** Ways to the errors of all packages. */
export const provocations: readonly Provocation[] = [...physics, ...middle, ...models, ...cli];

/** Codes that no wrong input of one call gives, and what tries them instead or why nothing does. */
export const elsewhere: Readonly<Record<string, string>> = {
  "backend-failed": "a broken TensorFlow.js; packages/tfjs/test/tfjs-node.test.ts",
  "bad-metric":
    "sensitivities that overflow after a fit that was finite; packages/learning/test/failures.test.ts",
  "checkpoints-exist": "apps/cli/test/checkpoint.test.ts",
  "degenerate-basis":
    "knots that training chose, and that differ by construction; packages/learning/test/failures.test.ts",
  epochs: "told beside a result, not thrown, wherever there is something to keep",
  "file-system":
    "a refusal of the operating system that nothing foresaw; apps/cli/test/failure.test.ts",
  interrupted: "a signal; bench/trust/promises/signals.ts",
  "missing-package": "a package that is installed here; packages/tfjs/test/tensorflow.test.ts",
  "outside-folder": "hostile names; bench/trust/promises/paths.ts",
  "potential-timeout": "a thread of its own; apps/cli/test/own-potential.test.ts",
  "study-failed": "a study of reproduce that fails; apps/cli/test/reproduce.test.ts",
  "thread-lost": "a thread that is killed; packages/learning/test/threads.test.ts",
  unexpected: "a fault of ours; apps/cli/test/process.test.ts",
  "worker-crashed": "a thread that ends by itself; apps/cli/test/job-pool.test.ts",
  "wrong-data": "apps/cli/test/checkpoint.test.ts",
};
