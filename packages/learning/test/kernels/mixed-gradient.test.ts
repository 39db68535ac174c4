import { blanesMoan4 } from "@mclnn/integrators";
import { createTerms, type TermSpec } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../../models/src/splines/b-spline.ts";
import { gradientChunks } from "../../src/engine/adjoint.ts";
import { type Addend, SensitivityPass } from "../../src/engine/sensitivity.ts";
import { tasks } from "../../src/node/tasks.ts";
import { sortedSeparations, type TrainingData } from "../../src/records/training-data.ts";
import { givenStarts } from "../../src/rollout/starts.ts";
import { buildBasis } from "../../src/splines/knots.ts";
import { massTerm } from "../../src/terms/masses.ts";
import type { Threads } from "../../src/threads/threads.ts";
import { randomProblem } from "../random-problem.ts";
import { byBoth, differences } from "./bits.ts";

const spec = (name: string): TermSpec => ({ name });
const MIXES: readonly (readonly [string, readonly TermSpec[]])[] = [
  ["drag", [spec("drag")]],
  ["affine ones", [spec("field"), spec("trap"), spec("drag"), { name: "magnetic", per: "force" }]],
  ["quadratic drag", [spec("quadratic-drag")]],
  [
    "kinetic ones",
    [
      spec("drag"),
      { name: "kinetic-speed", knots: [0, 2] },
      { name: "kinetic-place", per: "force", knots: [0, 3] },
    ],
  ],
  ["all", [spec("field"), spec("trap"), spec("drag"), spec("quadratic-drag"), spec("magnetic")]],
];
type Options = Parameters<typeof randomProblem>[1];
const CASES: readonly (readonly [string, Options])[] = [
  ["2D", { particles: 3, dimension: 2, trajectories: 5, missing: 0.1 }],
  ["3D, Blanes-Moan", { particles: 3, dimension: 3, trajectories: 3, stages: blanesMoan4.stages }],
];

function problem(options: Options, specs: readonly TermSpec[], others: readonly Addend[] = []) {
  const { data: own, schedule, random } = randomProblem(3, options);
  // A field acts in the records beside what is learned.
  const held = [
    {
      spec: { name: "trap", centre: [0.1, 0.2, 0.3].slice(0, own.dimension) },
      coefficients: [0.4],
    },
  ];
  const data: TrainingData = { ...own, held };
  const basis = buildBasis(sortedSeparations(data), { cells: 10 });
  const coefficients = Float64Array.from({ length: basis.size }, random.normal);
  const terms: readonly Addend[] = [...createTerms(specs, data), ...others];
  const size = terms.reduce((sum, term) => sum + term.size, 0);
  const values = Float64Array.from({ length: size }, () => 0.3 * random.normal());
  const given = givenStarts(data);
  const starts = {
    positions: given.positions.map((x) => x + 0.05 * random.normal()),
    velocities: given.velocities.map((x) => x + 0.05 * random.normal()),
    velocityWeight: 0.7,
  };
  if (data.dimension === 2)
    for (const array of [starts.positions, starts.velocities])
      for (let k = 2; k < array.length; k += 3) array[k] = 0;
  return { data, schedule, basis, curve: splineCurve(basis, coefficients), terms, values, starts };
}

const ROWS = MIXES.flatMap(([mix, specs]) =>
  CASES.flatMap(([name, options]) =>
    [true, false].map((act) => [mix, name, act, specs, options] as const),
  ),
);

describe("gradients of mixed laws", () => {
  it.each(ROWS)(
    "%s, %s, acting: %s: those of the tangents, to 1e-11, and the same bits by both engines",
    (_mix, _name, act, specs, options) => {
      const { data, schedule, basis, curve, terms, values, starts } = problem(options, specs);
      const own = act ? values : undefined;
      const pass = new SensitivityPass(data, schedule, basis, { terms, freeStarts: true });
      const there = { starts, ...(own && { values: own }) };
      const exact = pass.normalEquations(curve, there);
      const { kernel, reference } = byBoth(() => {
        const { sum, gradient, eliminations } = pass.chordEquations(exact, curve, starts, own);
        return [sum, ...gradient, ...eliminations.flatMap(({ right }) => [...right])];
      });
      expect(differences(kernel, reference)).toBe(0);
      const expected = [
        exact.sum,
        ...exact.gradient,
        ...exact.eliminations.flatMap(({ right }) => [...right]),
      ];
      const scale = Math.max(...exact.gradient.map(Math.abs));
      expect(Math.min(...exact.gradient.slice(basis.size).map(Math.abs))).toBeGreaterThan(0);
      expected.forEach((x, k) => {
        expect(Math.abs((kernel[k] as number) - x)).toBeLessThan(
          1e-11 * Math.max(scale, Math.abs(x)),
        );
      });
    },
  );

  it("of terms that go by the pair law, where they are absent", () => {
    const options: Options = { particles: 3, dimension: 3, trajectories: 3 };
    const base = problem(options, []);
    const { data, schedule, basis, curve, starts } = base;
    const terms = [massTerm(data)];
    const pass = new SensitivityPass(data, schedule, basis, { terms, freeStarts: true });
    const exact = pass.normalEquations(curve, { starts });
    const { gradient } = pass.chordEquations(exact, curve, starts);
    const scale = Math.max(...exact.gradient.map(Math.abs));
    gradient.forEach((x, k) => {
      expect(Math.abs(x - (exact.gradient[k] as number))).toBeLessThan(1e-11 * scale);
    });
  });

  it("has the same bits for 2 threads, which make the terms themselves", () => {
    const options: Options = {
      particles: 3,
      dimension: 2,
      trajectories: 600,
      records: 6,
      stride: 30,
    };
    const { data, schedule, basis, curve, terms, values, starts } = problem(options, [
      spec("drag"),
    ]);
    const asked: string[] = [];
    const threads: Threads = {
      count: 2,
      divide: ({ task, shared, args, parts }) => {
        asked.push(task);
        const { data: all, ...others } = shared as { data: TrainingData };
        const sent = structuredClone({ ...others, data: { ...all, threads: null } });
        const part = tasks[task]?.(sent, structuredClone(args), { aborted: false });
        return Array.from({ length: parts }, (_, k) => part?.(k));
      },
      spread: () => Promise.reject(new Error("no part is long")),
    };
    const { cells } = basis;
    const of = (own: TrainingData) =>
      gradientChunks({ data: own, schedule, cells, starts, beside: { terms, values } }, curve, 1);
    expect(of({ ...data, threads })).toEqual(of(data));
    expect(asked).toEqual(["gradients"]);
  });
});
