import {
  createState,
  createSystem,
  type ParticleSystem,
  type Potential,
  type State,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { type DormandPrinceOptions, dormandPrince, dormandPrince54 } from "../src/index.ts";

type Vector = readonly number[];

/** The tableau once more: nodes of a stage, its row; weights of order 5, and of order 4. */
const ROWS: readonly Vector[] = [
  [],
  [0.2],
  [0.075, 0.225],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
];
const FIFTH = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0];
const FOURTH = [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40];

const plus = (y: Vector, h: number, weights: Vector, rates: readonly Vector[]): number[] =>
  y.map((x, k) => x + h * weights.reduce((sum, w, j) => sum + w * (rates[j]?.[k] ?? 0), 0));

interface OwnStep {
  readonly length: number;
  readonly taken: boolean;
}

/** Steps of its own, tried and taken, of dy/dt = f(y) from y on until `end` is passed. */
function plainly(
  f: (y: Vector) => Vector,
  y: Vector,
  end: number,
  { relativeTolerance: r = 1e-10, absoluteTolerance: a = 1e-12, ...rest }: DormandPrinceOptions,
): { steps: OwnStep[]; y: Vector; time: number } {
  const most = rest.largestStep ?? Number.POSITIVE_INFINITY;
  const steps: OwnStep[] = [];
  let h = Math.min(most, rest.firstStep as number);
  let time = 0;
  for (let rejected = false; time < end; ) {
    const rates: Vector[] = [];
    for (const row of ROWS) rates.push(f(plus(y, h, row, rates)));
    const next = plus(y, h, FIFTH, rates);
    rates.push(f(next));
    const other = plus(y, h, FOURTH, rates);
    const shares = next.map(
      (x, k) =>
        (x - (other[k] as number)) / (a + r * Math.max(Math.abs(x), Math.abs(y[k] as number))),
    );
    const error = Math.sqrt(shares.reduce((sum, s) => sum + s * s, 0) / shares.length);
    const change = Math.min(5, Math.max(0.2, 0.9 * error ** -0.2));
    steps.push({ length: h, taken: error <= 1 });
    if (error <= 1) {
      time += h;
      y = next;
      h = Math.min(most, h * (rejected ? Math.min(1, change) : change));
      rejected = false;
    } else {
      h *= change;
      rejected = true;
    }
  }
  return { steps, y, time };
}

/** One particle in the plane, and where its force was asked for. */
function asked(force: (x: number, y: number) => readonly [number, number], mass = 1) {
  const places: Vector[] = [];
  const potential: Potential = {
    name: "own",
    reads: "positions",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    energy: () => 0,
    addForces(_, positions, out) {
      places.push([...positions]);
      force(positions[0] as number, positions[1] as number).forEach((x, k) => {
        out[k] = (out[k] as number) + x;
      });
    },
  };
  const system: ParticleSystem = createSystem({ masses: [mass], dimension: 2, potential });
  return { system, places };
}
const start = (): State =>
  createState({ positions: [1, 0.3], velocities: [-0.2, 0.7], time: 4 }, { dimension: 2 });

/** Two fixed centres, so that steps have to change. */
const centres = (x: number, y: number): [number, number] => {
  const [a, b] = [Math.hypot(x - 0.1, y) ** 3, Math.hypot(x + 0.8, y - 0.3) ** 3];
  return [(0.1 - x) / a - (x + 0.8) / b, -y / a - (y - 0.3) / b];
};
const rateOf = ([x = 0, y = 0, u = 0, v = 0]: Vector): Vector => [u, v, ...centres(x, y)];

describe("steps of its own, tried and taken, are those of a plain implementation, to 1e-6", () => {
  it.each<[string, DormandPrinceOptions]>([
    ["a first step that is right", { firstStep: 0.05, relativeTolerance: 1e-6 }],
    ["a first step too long", { firstStep: 2, relativeTolerance: 1e-6 }],
    ["a first step too short", { firstStep: 1e-4, relativeTolerance: 1e-6 }],
    [
      "absolute errors only",
      { firstStep: 0.05, relativeTolerance: 1e-14, absoluteTolerance: 1e-6 },
    ],
    ["a longest step", { firstStep: 1, relativeTolerance: 1e-3, largestStep: 0.02 }],
  ])("%s", (_, options) => {
    const { system, places } = asked(centres);
    const state = start();
    const step = dormandPrince(options).start(system, state);
    const y = [...state.positions, ...state.velocities];
    const end = 1.5;
    const expected = plainly(rateOf, y, end, options);
    expect(expected.steps.length).toBeGreaterThan(5);
    step(end);
    expect(state.time).toBe(4 + end);
    expect(places).toHaveLength(1 + 6 * expected.steps.length);
    // Where a step begins, and its first stage, a fifth of it further on.
    let [from, at] = [places[0] as Vector, y];
    expected.steps.forEach(({ length, taken }, k) => {
      const first = places[1 + 6 * k] as Vector;
      const measured = (5 * ((first[1] as number) - (from[1] as number))) / (at[3] as number);
      expect(Math.abs(measured / length - 1)).toBeLessThan(1e-6);
      if (!taken) return;
      from = places[6 + 6 * k] as Vector;
      at = [
        ...plainly(rateOf, at, length / 2, {
          ...options,
          firstStep: length,
          largestStep: length,
          relativeTolerance: 1,
          absoluteTolerance: 1e9,
        }).y,
      ];
      from.forEach((x, c) => {
        expect(Math.abs(x - (at[c] as number))).toBeLessThan(1e-6);
      });
    });
    // The state between the last two, to the order of dense output: followed from there to the end.
    const rest = plainly(rateOf, [...state.positions, ...state.velocities], expected.time - end, {
      firstStep: expected.time - end,
      relativeTolerance: 1,
      absoluteTolerance: 1e9,
    });
    rest.y.forEach((x, k) => {
      expect(Math.abs(x - (expected.y[k] as number))).toBeLessThan(1e-4);
    });
  });
});

describe("in free flight, where there is no error", () => {
  const flight = (options: DormandPrinceOptions, ...times: number[]) => {
    const { system, places } = asked(() => [0, 0]);
    const state = start();
    const step = dormandPrince(options).start(system, state);
    for (const time of times) step(time);
    const xs = places.map(([x]) => x as number);
    // Every sixth place but the first is the end of a step.
    const lengths = xs.flatMap((x, k) =>
      k > 0 && k % 6 === 0 ? [(x - (xs[k - 6] as number)) / -0.2] : [],
    );
    return { state, lengths };
  };
  it.each<[string, DormandPrinceOptions, number[], number[]]>([
    ["every step is five times as long", { firstStep: 0.01 }, [1], [0.01, 0.05, 0.25, 1.25]],
    [
      "but for the longest",
      { firstStep: 0.01, largestStep: 0.4 },
      [1],
      [0.01, 0.05, 0.25, 0.4, 0.4],
    ],
    ["no first step is longer", { firstStep: 3, largestStep: 0.6 }, [1], [0.6, 0.6]],
    ["a step that reaches beyond serves the next", { firstStep: 1 }, [0.2, 0.3, 0.4], [1]],
    ["nor is one needed that ends where the last one did", { firstStep: 1 }, [0.5, 0.5], [1]],
    ["back in time", { firstStep: 0.5 }, [-0.4, -0.05], [-0.5]],
    ["nothing in no time", { firstStep: 0.5 }, [0, 0], []],
  ])("%s", (_, options, times, expected) => {
    const { state, lengths } = flight(options, ...times);
    const total = times.reduce((sum, time) => sum + time, 0);
    expect(state.time).toBeCloseTo(4 + total, 14);
    expect(state.positions[0]).toBeCloseTo(1 - 0.2 * total, 13);
    expect(state.positions[1]).toBeCloseTo(0.3 + 0.7 * total, 13);
    expect([...state.velocities]).toEqual([-0.2, 0.7]);
    expect(lengths).toHaveLength(expected.length);
    expected.forEach((length, k) => {
      expect(lengths[k]).toBeCloseTo(length, 12);
    });
  });

  it("to and fro: from where it turns round, with its first step again", () => {
    const { system, places } = asked(() => [0, 0]);
    const state = start();
    const step = dormandPrince({ firstStep: 0.5 }).start(system, state);
    step(0.6);
    step(-0.4);
    expect(state.time).toBeCloseTo(4.2, 14);
    expect(state.positions[0]).toBeCloseTo(1 - 0.2 * 0.2, 13);
    // The start, steps of 0.5 and 2.5, the start again, a step of -0.5.
    expect(places).toHaveLength(1 + 12 + 1 + 6);
    [0, 0.5, 3, 0.6, 0.6 - 0.5 / 5, 0.6 - 0.5].forEach((time, k) => {
      const place = places[[0, 6, 12, 13, 14, 19][k] as number] as Vector;
      expect(place[0]).toBeCloseTo(1 - 0.2 * time, 12);
    });
  });
});

describe("a first step that nobody gave", () => {
  const firstOf = (positions: number[], velocities: number[], force: [number, number]): number => {
    const { system, places } = asked(() => force, 2);
    const state = createState({ positions, velocities }, { dimension: 2 });
    const options = { relativeTolerance: 1e-6, absoluteTolerance: 1e-3 };
    dormandPrince(options).start(system, state)(1e-9);
    return (
      (5 * ((places[1]?.[0] as number) - (positions[0] as number))) / (velocities[0] as number)
    );
  };

  it("is a hundredth of the state's size over its rate of change, both by the tolerances", () => {
    const [q, v, a] = [
      [3, -1],
      [2, 0.5],
      [4, -2],
    ];
    const y = [...(q as number[]), ...(v as number[])];
    const rates = [...(v as number[]), ...(a as number[])];
    const norm = (of: number[]): number =>
      Math.hypot(...of.map((x, k) => x / (1e-3 + 1e-6 * Math.abs(y[k] as number))));
    const found = firstOf(q as number[], v as number[], [8, -4]);
    expect(Math.abs(found / ((0.01 * norm(y)) / norm(rates)) - 1)).toBeLessThan(1e-9);
  });

  it("is 1e-6 where nothing moves", () => {
    const { system, places } = asked(() => [0, 0]);
    const state = createState({ positions: [1, 2], velocities: [0, 0] }, { dimension: 2 });
    dormandPrince().start(system, state)(1e-6);
    // The start and one step.
    expect(places).toHaveLength(7);
  });

  it("is 1e-6 from the origin at rest", () => {
    const { system, places } = asked(() => [2e6, 0]);
    const state = createState({ positions: [0, 0], velocities: [0, 0] }, { dimension: 2 });
    dormandPrince({ absoluteTolerance: 1e9 }).start(system, state)(1e-9);
    // The third place is q + h^2 a (3/40 0 + 9/40 1/5), the force being constant.
    expect((places[2]?.[0] as number) / (2e6 * 1e-12 * 0.045)).toBeCloseTo(1, 9);
  });
});

it("a step that ends where its own does gives, in every bit, the state that the next begins with", () => {
  const { system, places } = asked((x, y) => [-x, -2 * y]);
  const state = start();
  // So long that what changes is often larger than what it changes, and rounds.
  const dt = 1;
  const step = dormandPrince({
    ...{ relativeTolerance: 1, absoluteTolerance: 1e9, firstStep: dt, largestStep: dt },
  }).start(system, state);
  for (let k = 1; k <= 200; k++) {
    step(dt);
    expect([...state.positions]).toEqual(places[6 * k]);
  }
  expect(places).toHaveLength(1 + 6 * 200);
});

it("says what it is, and its settings where they are not the defaults", () => {
  const { start: _, ...facts } = dormandPrince();
  const parameters = { relativeTolerance: 1e-10, absoluteTolerance: 1e-12, maximumSteps: 1e6 };
  expect(facts).toEqual({
    ...{ name: "dormand-prince-54", order: 5, symplectic: false, reversible: false },
    ...{ forceEvaluations: 6, adaptive: true, parameters },
  });
  expect(dormandPrince54).toMatchObject(facts);
  const { parameters: given } = dormandPrince({ relativeTolerance: 1e-14, firstStep: 2 });
  expect(given).toEqual({ ...parameters, relativeTolerance: 1e-14, firstStep: 2 });
});

describe("gives up", () => {
  it("after as many steps as are allowed for each step asked for, tried ones counted", () => {
    const { system, places } = asked(() => [0, 0]);
    const step = dormandPrince({ firstStep: 0.25, largestStep: 0.25, maximumSteps: 4 }).start(
      system,
      start(),
    );
    step(1);
    step(1);
    expect(places).toHaveLength(1 + 6 * 8);
    expect(() => step(1.25)).toThrow(
      expect.objectContaining({
        ...{ code: "too-many-steps", argument: "state", kind: "failure" },
        got: "time 7, with steps of 0.25",
      }),
    );
  });

  it("where forces are not finite, with steps ever shorter by a factor of five", () => {
    const { system, places } = asked((x) => [x < 1 ? Number.NaN : 0, 0]);
    const step = dormandPrince({ firstStep: 0.5 }).start(system, start());
    expect(() => step(1)).toThrow(
      expect.objectContaining({
        ...{ code: "step-too-small", argument: "state", kind: "failure" },
        expected: "steps above 1e-15",
        got: expect.stringMatching(/e-16 at time 4$/),
      }),
    );
    const first = (k: number): number => 1 - (places[1 + 6 * k]?.[0] as number);
    for (let k = 1; k < 10; k++) expect(first(k - 1) / first(k)).toBeCloseTo(5, 4);
    // 0.5 / 5^22 is the first below 1e-15.
    expect(places).toHaveLength(1 + 6 * 22);
  });
});
