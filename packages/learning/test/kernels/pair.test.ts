import { createRandom } from "@mclnn/datasets";
import { forestRuth, velocityVerlet } from "@mclnn/integrators";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../../models/src/splines/b-spline.ts";
import { curveGradient } from "../../src/engine/adjoint.ts";
import { rolloutLoss, rolloutSums } from "../../src/engine/pair-rollout.ts";
import { SensitivityPass } from "../../src/engine/sensitivity.ts";
import { lagrangePath } from "../../src/records/path.ts";
import { createSchedule } from "../../src/records/schedule.ts";
import { sortedSeparations, type TrainingData } from "../../src/records/training-data.ts";
import { chunksOf } from "../../src/rollout/chunks.ts";
import { givenStarts } from "../../src/rollout/starts.ts";
import { buildBasis } from "../../src/splines/knots.ts";
import { randomProblem } from "../random-problem.ts";
import { byBoth, differences, INPUTS, SPECIAL } from "./bits.ts";

type Options = Parameters<typeof randomProblem>[1];

const CASES: readonly Options[] = [
  { particles: 2, dimension: 2, trajectories: 1 },
  { particles: 2, dimension: 3, trajectories: 2 },
  { particles: 3, dimension: 2, trajectories: 3, laws: 2 },
  { particles: 4, dimension: 3, trajectories: 7, stages: forestRuth.stages },
  { particles: 3, dimension: 3, trajectories: 8, missing: 0.2 },
  { particles: 6, dimension: 3, trajectories: 9, laws: 3, missing: 0.1 },
  { particles: 3, dimension: 2, trajectories: 1000, records: 3, missing: 0.1 },
  { particles: 7, dimension: 3, trajectories: 2, missing: 0.1 },
  // Enough columns that matrices and tangents are taken block by block.
  { particles: 17, dimension: 3, trajectories: 2, records: 12 },
];

function problem(seed: number, options: Options, scale = 1) {
  const { data, schedule, random } = randomProblem(seed, options);
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const coefficients = Float64Array.from({ length: basis.size }, () => scale * random.normal());
  return { data, schedule, random, basis, curve: splineCurve(basis, coefficients) };
}

/** Everything that a pass gives, as one row of numbers. */
function everything(
  { data, schedule, basis, curve }: ReturnType<typeof problem>,
  {
    velocityWeight,
    tangentStep,
    every,
    followed,
    tangents = schedule,
  }: {
    velocityWeight: number | null;
    tangentStep: number;
    every: number;
    followed: boolean;
    tangents?: typeof schedule;
  },
): number[] {
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, tangents });
  const starts = { ...givenStarts(data), velocityWeight };
  const along = lagrangePath(data.times, tangents, 2);
  const { metric, gradient, sum, loss, eliminations } = pass.normalEquations(curve, {
    starts,
    tangentStep,
    every,
    ...(followed ? { along } : {}),
  });
  return [
    ...[sum, loss, pass.loss(curve, starts), ...gradient, ...metric],
    ...eliminations.flatMap(({ trajectory, unknowns, factor, cross, right, active }) => [
      ...[trajectory, unknowns, ...factor, ...cross, ...right, ...active],
    ]),
  ];
}

describe("pair kernels give the bits of plain TypeScript", () => {
  it.each(CASES)("rollouts and adjoint: case %#", (options) => {
    for (let seed = 0; seed < 3; seed++) {
      const { data, schedule, basis, curve } = problem(seed, options, seed === 2 ? 30 : 1);
      const { kernel, reference, work } = byBoth(() => {
        const gradient = new Float64Array(curve.length);
        return [
          rolloutLoss(data, schedule, basis.cells, curve),
          curveGradient(data, schedule, basis.cells, curve, gradient),
          ...gradient,
        ];
      });
      expect(differences(kernel, reference)).toBe(0);
      expect(work.rollouts).toBe(2 * data.trajectories);
      expect(work.adjoints).toBe(data.trajectories);
    }
  });

  it.each(CASES)("Gauss-Newton pass: case %#", (options) => {
    const own = problem(4, options);
    for (const velocityWeight of [null, 0.5])
      for (const tangentStep of [1, 5])
        for (const [every, followed] of [
          [1, false],
          [2, true],
        ] as const) {
          const { kernel, reference, work } = byBoth(() =>
            everything(own, { velocityWeight, tangentStep, every, followed }),
          );
          expect(differences(kernel, reference)).toBe(0);
          expect(work.sensitivities).toBe(Math.ceil(own.data.trajectories / every));
        }
  });

  it.each(CASES)("gradients about a pass of before: case %#", (options) => {
    const { data, schedule, basis, curve, random } = problem(6, options);
    const starts = { ...givenStarts(data), velocityWeight: 0.5 };
    const moved = { ...starts, positions: starts.positions.map((x) => x + 1e-3 * random.normal()) };
    const { kernel, reference, work } = byBoth(() => {
      const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
      const before = pass.normalEquations(curve, { starts });
      const { sum, gradient, eliminations } = pass.chordEquations(before, curve, moved);
      return [sum, ...gradient, ...eliminations.flatMap(({ right }) => [...right])];
    });
    expect(differences(kernel, reference)).toBe(0);
    expect(work.adjoints).toBe(data.trajectories);
  });

  it("tangents along a cheaper schedule than the rollouts that are compared", () => {
    const own = problem(5, { particles: 3, dimension: 3, trajectories: 5 });
    const tangents = createSchedule(own.data.times, velocityVerlet.stages, 1);
    const { kernel, reference } = byBoth(() =>
      everything(own, {
        velocityWeight: null,
        tangentStep: 1,
        every: 1,
        followed: false,
        tangents,
      }),
    );
    expect(differences(kernel, reference)).toBe(0);
  });

  it("of no trajectories: nothing, and no error", () => {
    const { data, schedule, basis, curve } = problem(0, { particles: 2, dimension: 2 });
    const out = new Float64Array(0);
    rolloutSums(data, schedule, basis.cells, curve, givenStarts(data), { first: 1, end: 1 }, out);
    expect(chunksOf(0)).toEqual([]);
  });

  it("with denormals, -0, infinities and NaN in the curve, positions, velocities and weights", () => {
    const random = createRandom(7);
    let compared = 0;
    for (let seed = 0; seed < 40; seed++) {
      const own = problem(seed, { particles: 3, dimension: 3, trajectories: 5, missing: 0.2 });
      const { data, basis } = own;
      const arrays = [
        own.curve,
        data.positions,
        data.startVelocities,
        data.weights as Float64Array,
      ];
      const array = arrays[seed % arrays.length] as Float64Array;
      for (let n = 0; n < 3; n++)
        array[Math.floor(random.uniform() * array.length)] = SPECIAL[
          Math.floor(random.uniform() * SPECIAL.length)
        ] as number;
      const { kernel, reference } = byBoth(() => {
        const gradient = new Float64Array(own.curve.length);
        const loss = curveGradient(data, own.schedule, basis.cells, own.curve, gradient);
        const row = everything(own, {
          velocityWeight: null,
          tangentStep: seed % 2 === 0 ? 1 : 5,
          every: 1,
          followed: false,
        });
        return [loss, ...gradient, ...row];
      });
      expect(differences(kernel, reference)).toBe(0);
      compared += kernel.length;
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  it(`at ${INPUTS} random separations, from 0 to far outside the cells`, () => {
    const random = createRandom(11);
    const pairs = 15;
    const trajectories = Math.ceil(INPUTS / pairs);
    const { data: few, basis, curve } = problem(3, { particles: 6, dimension: 3, laws: 3 });
    const components = 18;
    const data: TrainingData = {
      ...few,
      trajectories,
      records: 2,
      times: Float64Array.of(0, 0.01),
      positions: Float64Array.from(
        { length: trajectories * 2 * components },
        () => 3 * random.normal() ** 5,
      ),
      startVelocities: Float64Array.from({ length: trajectories * components }, random.normal),
      residualCounts: new Int32Array(trajectories).fill(components),
      startCounts: new Int32Array(trajectories).fill(components),
      residuals: trajectories * components,
    };
    const schedule = createSchedule(data.times, velocityVerlet.stages, 1);
    const { kernel, reference } = byBoth(() => {
      const sums = new Float64Array(trajectories);
      const all = { first: 0, end: trajectories };
      rolloutSums(data, schedule, basis.cells, curve, givenStarts(data), all, sums);
      const gradient = new Float64Array(curve.length);
      const loss = curveGradient(data, schedule, basis.cells, curve, gradient);
      const equations = everything(
        { data, schedule, basis, curve, random },
        { velocityWeight: null, tangentStep: 1, every: 1, followed: false },
      );
      return [...sums, loss, ...gradient, ...equations];
    });
    expect(differences(kernel, reference)).toBe(0);
  });
});
