import { expect } from "vitest";
import { useKernels, type WorkCount, work } from "../../src/wasm/work.ts";

/** Random inputs of each kernel: 2e4, and more where MCLNN_KERNEL_INPUTS asks for them. */
export const INPUTS: number = Number(process.env.MCLNN_KERNEL_INPUTS ?? 2e4);

/** Numbers that are easily got wrong. */
export const SPECIAL: readonly number[] = [
  0,
  -0,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  1e-310,
  -3e-308,
  1e300,
  -1e300,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Places where two results are not the same number; NaN is the same as NaN, and no tolerance is made. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = Math.abs(a.length - b.length);
  for (let k = 0; k < Math.min(a.length, b.length); k++)
    if (a[k] !== b[k] && !(Number.isNaN(a[k]) && Number.isNaN(b[k]))) count++;
  return count;
}

/** Result and work of the same call by kernels and by plain TypeScript, after checking that each did what it says. */
export function byBoth<R>(call: () => R): { kernel: R; reference: R; work: WorkCount } {
  const before = { ...work };
  useKernels(true);
  const kernel = call();
  const between = { ...work };
  useKernels(false);
  try {
    const reference = call();
    const made = difference(between, before);
    expect(made.kernelCalls).toBeGreaterThan(0);
    // The same rollouts, sensitivities, ...: all but the calls of kernels.
    expect(difference(work, between)).toEqual({ ...made, kernelCalls: 0 });
    return { kernel, reference, work: made };
  } finally {
    useKernels(true);
  }
}

function difference(after: WorkCount, before: WorkCount): WorkCount {
  return Object.fromEntries(
    Object.entries(after).map(([key, n]) => [key, n - before[key as keyof WorkCount]]),
  ) as unknown as WorkCount;
}
