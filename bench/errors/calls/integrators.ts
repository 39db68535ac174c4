import * as integrators from "@mclnn/integrators";
import * as exact from "@mclnn/integrators/exact-momentum";
import type { EntryCalls } from "../call.ts";
import { spring, start } from "../samples.ts";

const { velocityVerlet, rungeKutta4 } = integrators;

/** All entries of the package. */
export const integratorCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/integrators",
    module: integrators,
    calls: {
      baoab: () => [{ friction: 1, temperature: 1, random: { normal: () => 0 } }],
      createRun: () => [spring, start, { dt: 0.01, integrator: { ...rungeKutta4 } }],
      dormandPrince: () => [
        {
          absoluteTolerance: 1e-9,
          relativeTolerance: 1e-9,
          firstStep: 0.01,
          largestStep: 1,
          maximumSteps: 1000,
        },
      ],
      eulerMaruyama: () => [{ diffusion: 1, temperature: 1, random: { normal: () => 0 } }],
      integratorByName: () => ["pefrl"],
      palindrome: () => [[0.25], 0.5],
      rollout: () => [
        spring,
        start,
        { records: 3, dt: 0.01, stride: 2, integrator: { ...rungeKutta4 } },
      ],
      rolloutIterator: () => [
        spring,
        start,
        { records: 3, dt: 0.01, stride: 2, integrator: { ...rungeKutta4 } },
      ],
      splitting: () => [
        { name: "own", order: 2, reversible: true, first: "kick", kicks: [0.5, 0.5], drifts: [1] },
      ],
    },
  },
  {
    entry: "@mclnn/integrators/exact-momentum",
    module: exact,
    calls: {
      exactMomentum: () => [{ ...velocityVerlet }, { grid: 2 ** -40 }],
      gridMomentum: () => [spring, start, { grid: 2 ** -40 }],
    },
  },
];
