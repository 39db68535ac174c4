import { describe, expect, it } from "vitest";
import { curveGradient, gradientChunks } from "../src/engine/adjoint.ts";
import { rolloutLoss, rolloutSum } from "../src/engine/pair-rollout.ts";
import { tasks } from "../src/node/tasks.ts";
import { someTrajectories } from "../src/records/select.ts";
import { chunksOf, sumInChunks } from "../src/rollout/chunks.ts";
import { givenStarts, type Starts } from "../src/rollout/starts.ts";
import type { Threads } from "../src/threads/threads.ts";
import { useKernels } from "../src/wasm/work.ts";
import { directional, dot, randomCurve } from "./random-problem.ts";

/** Sums over trajectories in an order that a reader can follow: four together, or as many fours as it takes for no more than 64 lots. */
function lots(used: number): [first: number, end: number][] {
  let size = 4;
  while (size * 64 < used) size += 4;
  const out: [number, number][] = [];
  for (let first = 0; first < used; first += size) out.push([first, Math.min(first + size, used)]);
  return out;
}

describe("chunks", () => {
  it.each([0, 1, 3, 4, 5, 8, 255, 256, 257, 512, 513, 1000, 100_000])(
    "of %i trajectories: one after another, whole fours but for the last, at most 64",
    (used) => {
      const chunks = chunksOf(used);
      expect(chunks.map(({ first, end }) => [first, end])).toEqual(lots(used));
      expect(chunks.length).toBeLessThanOrEqual(64);
    },
  );

  it("numbers are added chunk by chunk", () => {
    // Added in any other order these come to something else.
    const large = Float64Array.of(1e16, 1, 1, 1, 1, 1, 1, -1e16, 3);
    const inFours = 1e16 + 1 + 1 + 1 + (1 + 1 + 1 - 1e16) + 3;
    expect(sumInChunks(large)).toBe(inFours);
    expect(sumInChunks(large)).not.toBe(large.reduce((sum, x) => sum + x, 0));
    expect(sumInChunks(new Float64Array(0))).toBe(0);
  });
});

/** Threads without threads: what is sent is cloned, as between real ones, and the last part is done first. */
function threadsOf(count: number) {
  const asked: { task: string; shared: Readonly<Record<string, object>>; parts: number }[] = [];
  const threads: Threads = {
    count,
    divide<R>({ task, shared, args, parts }: Parameters<Threads["divide"]>[0]): R[] {
      asked.push({ task, shared, parts });
      const sent = Object.entries(shared).map(([name, value]) => [
        name,
        structuredClone("threads" in value ? { ...value, threads: null } : value),
      ]);
      const stop = { aborted: false };
      const own = tasks[task]?.(Object.fromEntries(sent), structuredClone(args), stop);
      const results = new Array<R>(parts);
      for (let part = parts - 1; part >= 0; part--) results[part] = structuredClone(own?.(part));
      return results;
    },
    spread: () => Promise.reject(new Error("nothing here is spread")),
  };
  return { threads, asked };
}

/** Enough force evaluations to be divided, in few trajectories. */
const LARGE = {
  particles: 6,
  dimension: 3,
  trajectories: 133,
  stride: 40,
  dt: 0.002,
  laws: 2,
  missing: 0.1,
} as const;

/** Losses, gradient, and the gradients of all chunks, with start states that are given and that are not. */
function everything(
  own: ReturnType<typeof randomCurve>,
  threads: Threads | null,
  kernels = true,
): unknown[] {
  const { schedule, cells, curve } = own;
  const data = { ...own.data, threads };
  useKernels(kernels);
  try {
    const gradient = new Float64Array(curve.length).fill(7);
    const loss = curveGradient(data, schedule, cells, curve, gradient);
    const chunks = [null, 0.3].map((velocityWeight) => {
      const starts: Starts = { ...givenStarts(data), velocityWeight };
      return gradientChunks({ data, schedule, cells, starts }, curve, 0.5);
    });
    return [rolloutLoss(data, schedule, cells, curve), loss, gradient, chunks];
  } finally {
    useKernels(true);
  }
}

describe("a gradient divided among threads", () => {
  it("has the same bits for 2 and for 3 of them", () => {
    const own = randomCurve(1, LARGE);
    const alone = everything(own, null);
    for (const count of [2, 3]) {
      const { threads, asked } = threadsOf(count);
      expect(everything(own, threads)).toEqual(alone);
      const done = asked.map(({ task }) => task);
      expect(done).toEqual(["gradients", "gradients", "gradients", "rollouts"]);
      for (const { parts } of asked) expect(parts).toBeGreaterThan(count);
    }
  });

  it("for the loss alone, too", () => {
    const { data, schedule, cells, curve } = randomCurve(1, LARGE);
    const { threads, asked } = threadsOf(2);
    const alone = rolloutLoss(data, schedule, cells, curve);
    expect(rolloutLoss({ ...data, threads }, schedule, cells, curve)).toBe(alone);
    expect(asked.map(({ task }) => task)).toEqual(["rollouts"]);
  });

  it("is left to one where there is little work", () => {
    const own = randomCurve(1, { ...LARGE, trajectories: 10 });
    const { threads, asked } = threadsOf(4);
    expect(everything(own, threads)).toEqual(everything(own, null));
    expect(asked).toEqual([]);
  });
});

describe.each([
  ["kernels", true],
  ["plain TypeScript", false],
] as const)("a gradient, by %s", (_, kernels) => {
  it.each([0, 0.3])(
    "in start states away from what was seen matches central differences to 1e-7, %f of the observations missing",
    (missing) => {
      const { random, schedule, cells, curve, ...own } = randomCurve(8, {
        ...{ particles: 3, dimension: 3, trajectories: 9, missing },
      });
      // The first of the three bodies was seen half as sharply as the others.
      const weights = own.data.weights?.map((w, k) => (k % 3 === 0 ? 0.5 * w : w)) ?? null;
      const data = { ...own.data, weights };
      const moved = (array: Float64Array) => array.map((x) => x + 0.05 * random.normal());
      const given = givenStarts(data);
      const starts: Starts = {
        ...{ positions: moved(given.positions), velocities: moved(given.velocities) },
        velocityWeight: 0.3,
      };
      useKernels(kernels);
      try {
        const chunks = gradientChunks({ data, schedule, cells, starts }, curve, 2);
        // Trajectory by trajectory, positions and then velocities.
        const gradient = Float64Array.from(chunks.flatMap(({ starts: own }) => [...(own ?? [])]));
        const n = data.components;
        const sum = (x: Float64Array): number =>
          rolloutSum(data, schedule, cells, curve, {
            ...starts,
            positions: starts.positions.map((q, k) => q + (x[Math.floor(k / n) * n + k] as number)),
            velocities: starts.velocities.map(
              (v, k) => v + (x[Math.floor(k / n) * n + k + n] as number),
            ),
          });
        const zero = new Float64Array(gradient.length);
        expect(chunks.reduce((s, each) => s + each.sum, 0)).toBeCloseTo(sum(zero), 12);
        for (let t = 0; t < data.trajectories; t++) {
          const own = zero.map((_, k) => (Math.floor(k / (2 * n)) === t ? random.normal() : 0));
          const numerical = directional(sum, zero, own, 1e-4);
          const scale = Math.sqrt(dot(gradient, gradient) * dot(own, own));
          expect(Math.abs(dot(gradient, own) - numerical)).toBeLessThan(1e-7 * scale);
        }
      } finally {
        useKernels(true);
      }
    },
  );

  it("is the sum of those of its chunks, each its own, the same as with start states to be found", () => {
    const own = randomCurve(1, { ...LARGE, trajectories: 9, stride: 5 });
    const [, loss, gradient, chunks] = everything(own, null, kernels) as [
      number,
      number,
      Float64Array,
      ReturnType<typeof gradientChunks>[],
    ];
    const [given, free] = chunks as [(typeof chunks)[0], (typeof chunks)[0]];
    const { residuals, components } = own.data;
    expect(given.map(({ starts }) => starts)).toEqual([null, null, null]);
    expect(free.map(({ starts }) => starts?.length)).toEqual(
      [4, 4, 1].map((count) => count * 2 * components),
    );
    expect(given.reduce((sum, each) => sum + each.sum, 0) / residuals).toBeCloseTo(loss, 13);
    const size = Math.max(...gradient.map(Math.abs));
    for (const [k, g] of gradient.entries()) {
      const [a, b] = [given, free].map((each) =>
        each.reduce((sum, chunk) => sum + (chunk.gradient[k] as number), 0),
      ) as [number, number];
      // Chunks were asked for with a residual's weight of 1/2, where the loss has 2 / residuals.
      expect(Math.abs((4 * a) / residuals - g)).toBeLessThan(1e-13 * size);
      expect(b).toBe(a);
    }
  });
});

it("start states that are given are the same object each time, so that threads are sent them once", () => {
  const { data, schedule, cells, curve } = randomCurve(2, LARGE);
  const { threads, asked } = threadsOf(2);
  const divided = { ...data, threads };
  const gradient = new Float64Array(curve.length);
  for (let k = 0; k < 2; k++) curveGradient(divided, schedule, cells, curve, gradient);
  expect(asked[0]?.shared.starts).toEqual(givenStarts(data));
  expect(asked[1]?.shared.starts).toBe(asked[0]?.shared.starts);
});

describe("the gradient in the curve", () => {
  it.each([1, 9, 300])(
    "of %i trajectories is the mean of their own, and their loss the mean of theirs, to 1e-12",
    (trajectories) => {
      const { data, schedule, cells, curve } = randomCurve(3, {
        particles: 3,
        dimension: 3,
        trajectories,
        missing: 0.2,
      });
      const gradient = new Float64Array(curve.length);
      const loss = curveGradient(data, schedule, cells, curve, gradient);
      const expected = new Float64Array(curve.length);
      let sum = 0;
      for (let t = 0; t < trajectories; t++) {
        const one = someTrajectories(data, [t]);
        const own = new Float64Array(curve.length);
        sum += one.residuals * curveGradient(one, schedule, cells, curve, own);
        for (const [k, g] of own.entries())
          expected[k] = (expected[k] as number) + (g * one.residuals) / data.residuals;
      }
      expect(Math.abs(sum / data.residuals / loss - 1)).toBeLessThan(1e-12);
      const size = Math.max(...expected.map(Math.abs));
      for (const [k, g] of gradient.entries())
        expect(Math.abs(g - (expected[k] as number))).toBeLessThan(1e-12 * size);
    },
  );
});
