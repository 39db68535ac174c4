import { isMclnnError } from "@mclnn/physics";

/**
 * What is to blame for a run that could not go on: a rollout calls every failure on its way `diverged`, also a potential of the user's own
 * that gave no number.
 */
export function blame(error: unknown): unknown {
  for (let cause = error; isMclnnError(cause); cause = cause.cause)
    if (cause.code === "bad-potential") return cause;
  return error;
}
