import { createRandom } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type * as TF from "@tensorflow/tfjs";
import { gradient, type ScalarFunction } from "./derivatives.ts";
import { MENDED } from "./higher-order-gradients.ts";
import { tf } from "./tensorflow.ts";

/** One derivative that tfjs is asked for, with what it is the derivative of. */
export interface Derivative {
  /** In words: "the second derivative d2V/dr2". */
  readonly what: string;
  /** How many derivatives have been taken with it. */
  readonly order: 1 | 2 | 3;
  /** Places or directions it is looked at in; one may disagree, since a kink may lie between the points of its difference. */
  readonly directions: number;
  /** The scalar at a shift s along direction k, by one derivative less. */
  readonly at: (s: number, k: number) => number;
  /** Derivative of that scalar in s at 0, by tfjs. */
  readonly exact: (k: number) => number;
}

/** Step of the differences: a compromise between truncation and float32 roundoff. */
const STEP = 0.02;
/** A missing path or a wrong one is off by more; the difference itself by less. */
const RELATIVE = 0.03;
const FLOAT32 = 1.2e-7;

/**
 * Throws unless tfjs's derivatives agree with finite differences.
 *
 * @param argument - whose function it is
 * @param evaluate - runs the function forward once, so that the operations in it can be tried one by one where something is wrong
 * @throws MclnnError `bad-gradient`, naming the operation
 */
export function checkDerivatives(
  argument: string,
  derivatives: readonly Derivative[],
  evaluate: () => TF.Tensor,
): void {
  for (const derivative of derivatives) {
    let exact = 0;
    let difference = 0;
    let worst = 0;
    let bad = 0;
    let thrown: unknown;
    for (let k = 0; k < derivative.directions && thrown === undefined; k++) {
      try {
        const found = compare(
          () => derivative.exact(k),
          (s) => derivative.at(s, k),
        );
        if (found.agrees) continue;
        bad++;
        const gap = Math.abs(found.exact - found.difference);
        if (!(gap <= worst)) {
          worst = gap;
          ({ exact, difference } = found);
        }
      } catch (error) {
        thrown = error;
      }
    }
    if (thrown === undefined && bad <= 1) continue;
    const guilty = guiltyOperations(evaluate, derivative.order);
    const mendable = guilty.filter(
      (kernel) => MENDED.includes(kernel) || INDIRECT.includes(kernel),
    );
    throw new MclnnError(
      `tfjs gets ${derivative.what} of the function wrong${guilty.length === 0 ? "" : `, because of ${guilty.join(", ")}`}`,
      {
        code: "bad-gradient",
        argument,
        expected:
          thrown === undefined
            ? `${difference.toPrecision(4)} (finite differences)`
            : "a derivative that tfjs can compute",
        got:
          thrown === undefined
            ? `${exact.toPrecision(4)} (tfjs)`
            : firstSentence(thrown instanceof Error ? thrown.message : String(thrown)),
        mend:
          mendable.length > 0 || guilty.length === 0
            ? "Call installHigherOrderGradients() of @mclnn/tfjs before, or build the function of add, mul, div, square, sqrt, matMul (squareplus)."
            : "Build the function of add, mul, div, square, sqrt, matMul (squareplus).",
        ...(thrown === undefined ? {} : { cause: thrown }),
      },
    );
  }
}

function compare(
  exactly: () => number,
  at: (s: number) => number,
): { exact: number; difference: number; agrees: boolean } {
  const exact = exactly();
  const values = [at(STEP), at(-STEP), at(2 * STEP), at(-2 * STEP)] as const;
  const difference = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * STEP);
  const roundoff = (10 * FLOAT32 * Math.max(...values.map(Math.abs))) / STEP;
  const gap = Math.abs(exact - difference);
  return {
    exact,
    difference,
    agrees: gap <= RELATIVE * Math.max(Math.abs(exact), Math.abs(difference)) + roundoff,
  };
}

/** An operation as it was run: kernel, inputs, attributes. */
interface Ran {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, TF.Tensor>>;
  readonly attributes: unknown;
}

type RunKernel = (name: string, inputs: unknown, attributes?: unknown) => unknown;

/** Names the operations of a function whose own derivatives fail, each tried alone on the inputs it was run with. */
function guiltyOperations(evaluate: () => TF.Tensor, order: number): string[] {
  const engine = tf.engine() as unknown as { runKernel: RunKernel };
  const original = engine.runKernel;
  const ran = new Map<string, Ran>();
  let runs: Ran[] = [];
  try {
    // Only a wrapper sees inputs and attributes; it is gone before anything else runs.
    engine.runKernel = copying(original, ran);
    evaluate();
    runs = [...ran.values()];
  } finally {
    engine.runKernel = original;
  }
  const guilty = runs.filter((run) => !holds(run, order)).map(({ kernel }) => kernel);
  for (const { inputs } of runs) for (const x of Object.values(inputs)) x.dispose();
  return guilty;
}

/** runKernel that keeps a copy of what the first run of each kernel was given: the tensors themselves are gone when the function returns. */
function copying(original: RunKernel, ran: Map<string, Ran>): RunKernel {
  let inside = false;
  return function (this: unknown, kernel, inputs, attributes) {
    if (!inside && !ran.has(kernel)) {
      inside = true;
      try {
        const copies = Object.entries(inputs as Record<string, TF.Tensor>).map(
          ([key, x]) => [key, tf.keep(tf.tensor(x.dataSync(), x.shape, x.dtype))] as const,
        );
        ran.set(kernel, { kernel, inputs: Object.fromEntries(copies), attributes });
      } catch {
        // Inputs that are not tensors: an operation on lists, which is not tried alone.
      } finally {
        inside = false;
      }
    }
    return original.call(this, kernel, inputs, attributes);
  };
}

/** Whether an operation alone has the derivatives that differences find, up to an order. */
function holds({ kernel, inputs, attributes }: Ran, order: number): boolean {
  const random = createRandom(7);
  const vector = (x: TF.Tensor): TF.Tensor =>
    tf.tensor(
      Float32Array.from({ length: x.size }, () => 0.5 + random.uniform()),
      x.shape,
    );
  return Object.entries(inputs).every(([key, x0]) => {
    if (x0.dtype !== "float32") return true;
    return tf.tidy(() => {
      const apply: ScalarFunction = (x) => {
        const engine = tf.engine() as unknown as { runKernel: RunKernel };
        const out = engine.runKernel(kernel, { ...inputs, [key]: x }, attributes);
        const y = (Array.isArray(out) ? out[0] : out) as TF.Tensor;
        return tf.sum(tf.mul(tf.cast(y, "float32"), weightsOf(y)));
      };
      const directions = Array.from({ length: order }, () => vector(x0));
      let f = apply;
      for (let k = 1; k <= order; k++) {
        const lower = f;
        const u = directions[k - 1] as TF.Tensor;
        const higher: ScalarFunction = (x) => tf.sum(tf.mul(gradient(lower)(x), u));
        try {
          const { agrees } = compare(
            () => higher(x0).dataSync()[0] as number,
            (s) => lower(tf.add(x0, tf.mul(u, s))).dataSync()[0] as number,
          );
          if (!agrees) return false;
        } catch {
          return false;
        }
        f = higher;
      }
      return true;
    });
  });
}

/** Fixed weights of unlike size, so that no output cancels another. */
function weightsOf(y: TF.Tensor): TF.Tensor {
  return tf.tensor(
    Float32Array.from({ length: y.size }, (_, k) => 1 + 0.3 * (k % 3)),
    y.shape,
  );
}

/** Kernels whose gradients use comparisons. */
const INDIRECT = [
  "ClipByValue",
  "Expm1",
  "LeakyRelu",
  "Maximum",
  "Minimum",
  "Prelu",
  "Relu6",
  "Select",
  "Selu",
  "Softplus",
];

function firstSentence(text: string): string {
  return text.split(/[\n.](?:\s|$)/)[0] as string;
}
