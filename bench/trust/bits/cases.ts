import type { BitsCase } from "./bits-case.ts";
import { dataCases } from "./data-cases.ts";
import { kernelCases } from "./kernel-cases.ts";
import { numberCases } from "./number-cases.ts";
import { rolloutCases } from "./rollout-cases.ts";
import { trainingCases } from "./training-cases.ts";

/** Everything of which a hash is committed. */
export const bitsCases: readonly BitsCase[] = [
  ...numberCases,
  ...kernelCases,
  ...rolloutCases,
  ...dataCases,
  ...trainingCases,
];
