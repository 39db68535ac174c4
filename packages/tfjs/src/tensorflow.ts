import { MclnnError } from "@mclnn/physics";
import type * as Tensorflow from "@tensorflow/tfjs";

/**
 * A peer package, or the line that installs it.
 *
 * @throws MclnnError `missing-package` where it is not installed
 */
export async function peer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code, message = "" } = cause as { code?: unknown; message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(name)) throw cause;
    throw new MclnnError(`${name} is not installed`, {
      code: "missing-package",
      argument: name,
      expected: `${name}, which these models are computed with, beside @mclnn/tfjs`,
      got: "no such package",
      mend: `npm install ${name}`,
      cause,
    });
  }
}

/** TensorFlow.js. Loading this module chooses no backend. */
export const tf: typeof Tensorflow = await peer(
  "@tensorflow/tfjs",
  () => import("@tensorflow/tfjs"),
);
