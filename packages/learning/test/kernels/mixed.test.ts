import { blanesMoan4, forestRuth, velocityVerlet } from "@mclnn/integrators";
import { createTerms, type TermSpec } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../../models/src/splines/b-spline.ts";
import { type Addend, SensitivityPass } from "../../src/engine/sensitivity.ts";
import { tasks } from "../../src/node/tasks.ts";
import { lagrangePath } from "../../src/records/path.ts";
import { createSchedule } from "../../src/records/schedule.ts";
import { sortedSeparations, type TrainingData } from "../../src/records/training-data.ts";
import { givenStarts } from "../../src/rollout/starts.ts";
import { buildBasis } from "../../src/splines/knots.ts";
import { massTerm } from "../../src/terms/masses.ts";
import type { Threads } from "../../src/threads/threads.ts";
import { randomProblem } from "../random-problem.ts";
import { byBoth, differences } from "./bits.ts";

type Options = Parameters<typeof randomProblem>[1];

/** A force along z that only what moves along z feels: it must not be taken to stay in a plane that others leave. */
const swirl: Addend = {
  size: 1,
  reads: "positions-velocities-and-time",
  accelerate({ positions, velocities, time }, c, out) {
    const share = c[0] * (1 + time * time);
    for (let i = 0; i < out.length; i += 3) {
      out[i] += share * velocities[i + 1] * positions[i];
      out[i + 1] -= share * velocities[i] * velocities[i];
    }
  },
  linearise({ positions, velocities, time }, c, into) {
    const by = 1 + time * time;
    for (let i = 0; i < positions.length; i += 3) {
      into.source(i, 0, by * velocities[i + 1] * positions[i]);
      into.source(i + 1, 0, -by * velocities[i] * velocities[i]);
      into.stiffness(i, i, c[0] * by * velocities[i + 1]);
      into.damping(i, i + 1, c[0] * by * positions[i]);
      into.damping(i + 1, i, -2 * c[0] * by * velocities[i]);
    }
  },
};

const SPECS: readonly TermSpec[] = [
  { name: "field" },
  { name: "trap" },
  { name: "drag" },
  { name: "quadratic-drag" },
  { name: "magnetic", per: "force" },
];

/** Bodies respond to forces as these say. */
const KINETIC: readonly TermSpec[] = [
  { name: "drag" },
  { name: "kinetic-speed", knots: [0, 0.6, 2] },
  { name: "kinetic-place", per: "force", knots: [0, 1, 2] },
];

/** All affine: the engine has them itself. */
const AFFINE: readonly TermSpec[] = SPECS.filter(({ name }) => name !== "quadratic-drag");

function problem(seed: number, options: Options, specs = SPECS, others: readonly Addend[] = []) {
  const { data, schedule, random } = randomProblem(seed, options);
  const basis = buildBasis(sortedSeparations(data), { cells: 12 });
  const coefficients = Float64Array.from({ length: basis.size }, random.normal);
  const terms: readonly Addend[] = [...createTerms(specs, data), ...others];
  const size = terms.reduce((sum, term) => sum + term.size, 0);
  const values = Float64Array.from({ length: size }, () => 0.3 * random.normal());
  return { data, schedule, random, basis, coefficients, terms, values };
}

/** Names, options and which engines share the work: 2D and 3D, missing observations, every order of splitting. */
const CASES: readonly (readonly [string, Options])[] = [
  ["2D", { particles: 3, dimension: 2, trajectories: 2 }],
  ["3D, missing observations", { particles: 3, dimension: 3, trajectories: 6, missing: 0.2 }],
  [
    "2D, Blanes-Moan, missing",
    { particles: 3, dimension: 2, trajectories: 2, stages: blanesMoan4.stages, missing: 0.1 },
  ],
  ["3D, Blanes-Moan", { particles: 4, dimension: 3, trajectories: 5, stages: blanesMoan4.stages }],
  ["3D, Forest-Ruth, two laws", { particles: 3, dimension: 3, laws: 2, stages: forestRuth.stages }],
];

describe("tangents of mixed laws are those of the rollouts", () => {
  const KINDS = [
    ["of all kinds", SPECS, [swirl]],
    ["affine", AFFINE, []],
    ["drag", [{ name: "drag" }], []],
    ["kinetic", KINETIC, []],
  ] as const;
  const rows = CASES.flatMap(([name, options]) =>
    KINDS.flatMap(([which, specs, others]) =>
      [true, false].flatMap((free) =>
        [true, false]
          // What some terms alone share with all kinds is tried with these.
          .filter((placed) => others.length > 0 || (free && placed))
          .map((placed) => [name, which, free, placed, options, specs, others] as const),
      ),
    ),
  );
  it.each(rows)(
    "%s, terms %s, free starts: %s, they act: %s: to 1e-7 of central differences",
    (_name, _which, free, placed, options, specs, others) => {
      const { data, schedule, basis, coefficients, terms, values } = problem(
        1,
        options,
        specs,
        others,
      );
      const c = placed ? values : new Float64Array(values.length);
      const starts = { ...givenStarts(data), velocityWeight: free ? 0.7 : null };
      const pass = new SensitivityPass(data, schedule, basis, { terms, freeStarts: free });
      const jacobian = pass.jacobianOf(splineCurve(basis, coefficients), 1, starts, c);
      const rowsOf = (data.records + 1) * data.components;
      const width = jacobian.length / rowsOf;
      const half = data.particles * data.dimension;
      expect(width).toBe(basis.size + values.length + (free ? 2 * half : 0));
      /** Residuals where the k-th unknown has changed by x. */
      const at = (k: number, x: number): Float64Array => {
        const [law, own] = [coefficients.slice(), c.slice()];
        const positions = starts.positions.slice();
        const velocities = starts.velocities.slice();
        const unknown = k - basis.size - own.length;
        if (k < basis.size) law[k] += x;
        else if (unknown < 0) own[k - basis.size] += x;
        else {
          const i = unknown % half;
          const o = data.components + 3 * Math.floor(i / data.dimension) + (i % data.dimension);
          (unknown < half ? positions : velocities)[o] += x;
        }
        const moved = { ...starts, positions, velocities };
        return pass.residualsOf(splineCurve(basis, law), 1, moved, own);
      };
      const first = free ? 0 : data.components;
      const end = free ? rowsOf : rowsOf - data.components;
      let worst = 0;
      let largest = 0;
      const h = 1e-4;
      for (let k = 0; k < width; k++) {
        const [p, q, p2, q2] = [h, -h, 2 * h, -2 * h].map((x) => at(k, x));
        for (let row = first; row < end; row++) {
          const expected = (8 * (p[row] - q[row]) - (p2[row] - q2[row])) / (12 * h);
          worst = Math.max(worst, Math.abs(jacobian[row * width + k] - expected));
          largest = Math.max(largest, Math.abs(expected));
        }
      }
      expect(largest).toBeGreaterThan(1e-3);
      expect(worst).toBeLessThan(1e-7 * largest);
    },
  );

  it.each([
    ["velocity Verlet", velocityVerlet.stages, 2],
    ["Blanes-Moan", blanesMoan4.stages, 4],
  ] as const)("with drag, %s keeps its order", (_name, stages, order) => {
    const { data, basis, terms } = problem(3, { particles: 3, dimension: 3, records: 2 }, [
      { name: "drag" },
      { name: "magnetic" },
      { name: "trap" },
    ]);
    // A smooth law, so that the knots of a spline do not show: springs of one strength come from the trap alone.
    const curve = splineCurve(basis, new Float64Array(basis.size));
    const values = Float64Array.of(0.7, 0.4, -0.3, 1, 2, 0.1, 0, 0.2);
    const own = { ...data, times: Float64Array.of(0, 2) };
    const end = (substeps: number, by = stages): Float64Array => {
      const schedule = createSchedule(own.times, by, substeps);
      const pass = new SensitivityPass(own, schedule, basis, { terms });
      return pass.residualsOf(curve, 0, givenStarts(own), values);
    };
    const exact = end(256, blanesMoan4.stages);
    const errors = [8, 16, 32].map((substeps) =>
      Math.max(...end(substeps).map((x, k) => Math.abs(x - exact[k]))),
    );
    for (const k of [0, 1])
      expect(Math.abs(Math.log2(errors[k] / errors[k + 1]) - order)).toBeLessThan(0.06);
  });
});

describe("kernels and plain TypeScript give the same bits of mixed laws", () => {
  const rows = CASES.flatMap(([name, options]) =>
    [
      [SPECS, "all"],
      [SPECS.slice(0, 2), "of positions"],
      [SPECS.slice(2, 3), "drag"],
      [AFFINE, "affine"],
    ].map(([specs, which]) => [name, which, specs as readonly TermSpec[], options] as const),
  );
  it.each(rows)("%s, terms: %s", (_name, _which, specs, options) => {
    const { data, schedule, basis, coefficients, terms, values } = problem(2, options, specs);
    const curve = splineCurve(basis, coefficients);
    const coarse = createSchedule(data.times, velocityVerlet.stages, 1);
    for (const velocityWeight of [null, 0.5])
      for (const [tangentStep, every, followed, tangents] of [
        [1, 1, false, schedule],
        [5, 2, false, schedule],
        [1, 1, true, schedule],
        [1, 1, false, coarse],
      ] as const)
        for (const placed of [values, undefined]) {
          const { kernel, reference, work } = byBoth(() => {
            const pass = new SensitivityPass(data, schedule, basis, {
              freeStarts: true,
              tangents,
              terms,
            });
            const starts = { ...givenStarts(data), velocityWeight };
            const equations = pass.normalEquations(curve, {
              starts,
              tangentStep,
              every,
              values: placed,
              ...(followed ? { along: lagrangePath(data.times, tangents, 2) } : {}),
            });
            return [
              ...[equations.sum, pass.loss(curve, starts, placed)],
              ...[...equations.gradient, ...equations.metric],
              ...equations.eliminations.flatMap(({ factor, cross, right, active }) => [
                ...[...factor, ...cross, ...right, ...active],
              ]),
            ];
          });
          expect(differences(kernel, reference)).toBe(0);
          expect(kernel.some((x) => x !== 0)).toBe(true);
          expect(work.sensitivities).toBe(Math.ceil(data.trajectories / every));
        }
  });

  it("of terms that go by pairs, and of more entries than a tape has room for at first", () => {
    const options: Options = { particles: 9, dimension: 3, trajectories: 5 };
    const { data, schedule, basis, coefficients, terms } = problem(5, options, SPECS);
    const many: Addend = {
      size: 2,
      accelerate: () => undefined,
      linearise({ velocities }, c, into) {
        for (let k = 0; k < 40; k++)
          for (let i = 0; i < velocities.length; i++) {
            into.source(i, k % 2, 0.01 * k * velocities[i]);
            into.stiffness(i, (i + k) % velocities.length, 1e-3 * c[0] * k);
          }
      },
    };
    const all = [massTerm(data), ...terms, many];
    const size = all.reduce((sum, term) => sum + term.size, 0);
    const values = new Float64Array(size);
    values.fill(0.4, size - 2);
    const { kernel, reference } = byBoth(() => {
      const pass = new SensitivityPass(data, schedule, basis, { terms: all });
      const { gradient, metric } = pass.normalEquations(splineCurve(basis, coefficients), {
        values,
      });
      return [...gradient, ...metric];
    });
    expect(differences(kernel, reference)).toBe(0);
  });

  it("of a planar start that a field leads out of its plane, and of drag that does not", () => {
    const flat = problem(7, { particles: 3, dimension: 2, trajectories: 3 });
    // The same records as a part of space.
    const data = { ...flat.data, dimension: 3 as const };
    for (const specs of [[{ name: "field" }], [{ name: "drag" }]]) {
      const terms = createTerms(specs, data);
      const curve = splineCurve(flat.basis, flat.coefficients);
      const { kernel, reference } = byBoth(() => {
        const pass = new SensitivityPass(data, flat.schedule, flat.basis, { terms });
        const { gradient, metric } = pass.normalEquations(curve);
        return [...gradient, ...metric, ...pass.jacobianOf(curve, 0)];
      });
      expect(differences(kernel, reference)).toBe(0);
      const { size } = flat.basis;
      const all = size + (terms[0]?.size ?? 0);
      // Along z a field has a column of its own.
      expect(reference[all + all * all - 1] > 0).toBe(true);
    }
  });
});

describe("threads are sent the specs of terms and make the same terms", () => {
  it("gives the same bits for 1, 2 and 3 of them; what has no spec stays on its thread", () => {
    const { data, schedule, basis, coefficients, values } = problem(8, {
      particles: 3,
      dimension: 3,
      trajectories: 140,
      records: 6,
      stride: 100,
    });
    const curve = splineCurve(basis, coefficients);
    const asked: string[] = [];
    /** Does the parts in turn, from what a structured clone leaves. */
    const threads = (count: number): Threads => ({
      count,
      divide: ({ task, shared, args, parts }) => {
        asked.push(task);
        const { data: all, ...others } = shared as { data: TrainingData };
        const sent = structuredClone({ ...others, data: { ...all, threads: null } });
        const part = tasks[task]?.(sent, structuredClone(args), { aborted: false });
        return Array.from({ length: parts }, (_, k) => part?.(k));
      },
      spread: () => Promise.reject(new Error("no part is long")),
    });
    const bits = (count: number, others: readonly Addend[] = []): Float64Array => {
      const own = { ...data, threads: count === 1 ? null : threads(count) };
      const terms = [...createTerms(SPECS, own), ...others];
      const all = new Float64Array(values.length + others.length);
      all.set(values);
      const pass = new SensitivityPass(own, schedule, basis, { terms });
      const { sum, gradient, metric } = pass.normalEquations(curve, { values: all });
      return Float64Array.of(sum, pass.loss(curve, undefined, all), ...gradient, ...metric);
    };
    const alone = bits(1);
    expect(asked).toEqual([]);
    for (const count of [2, 3]) expect(differences(bits(count), alone)).toBe(0);
    expect(asked).toEqual(["normal equations", "rollouts", "normal equations", "rollouts"]);
    bits(2, [swirl]);
    expect(asked).toHaveLength(4);
  });
});
