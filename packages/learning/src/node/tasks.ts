import { gradientsTask } from "../engine/adjoint.ts";
import { rolloutsTask } from "../engine/pair-rollout.ts";
import { equationsTask } from "../engine/sensitivity.ts";
import { seedsTask } from "../train/seeds-task.ts";

/** What makes a function of the parts out of what a thread was sent. */
// biome-ignore lint/suspicious/noExplicitAny: each task names what it was sent; between threads there are no types
type Task = (shared: any, args: any, stop: { readonly aborted: boolean }) => (part: number) => any;

/** Tasks that threads can do, by the names that `divide` and `spread` are given. */
export const tasks: Readonly<Record<string, Task>> = {
  rollouts: rolloutsTask,
  gradients: gradientsTask,
  "normal equations": equationsTask,
  "training of seeds": seedsTask,
};
