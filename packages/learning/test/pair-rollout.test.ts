import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { type Cells, createCells } from "../../models/src/splines/cells.ts";
import {
  createRolloutScratch,
  rolloutSum,
  rolloutSums,
  rollPairs,
} from "../src/engine/pair-rollout.ts";
import { givenStarts } from "../src/rollout/starts.ts";
import { useKernels } from "../src/wasm/work.ts";
import { countedReads, randomCurve, randomProblem } from "./random-problem.ts";

describe("a rollout of pairs", () => {
  const own = randomCurve(5, { particles: 3, dimension: 3, trajectories: 2, missing: 0.3 });
  const { data, schedule, cells, curve } = own;

  it("keeps the states and look-ups of every kick where it is asked to, and nothing else", () => {
    const scratch = createRolloutScratch(data, schedule, { keepStates: true });
    const starts = givenStarts(data);
    rollPairs(data, schedule, cells, curve, starts, 1, scratch, { keep: false });
    const states = scratch.kickStates as Float64Array;
    expect([...scratch.lookups, ...states, ...scratch.lookupCell].every((x) => x === 0)).toBe(true);
    const sum = rollPairs(data, schedule, cells, curve, starts, 1, scratch, { keep: true });
    const n = data.components;
    // The start, and velocities that change by kick x acceleration between kicks.
    expect([...states.subarray(0, n)]).toEqual([...starts.positions.subarray(n)]);
    expect([...states.subarray(n, 2 * n)]).toEqual([...starts.velocities.subarray(n)]);
    for (let j = 0; j < schedule.kicks; j++)
      for (let p = 0; p < data.pairs; p++) {
        const q = states.subarray(2 * j * n, (2 * j + 1) * n);
        const [i, m] = [data.pairI[p] as number, data.pairJ[p] as number];
        const d = [0, 1, 2].map((c) => (q[i + c] as number) - (q[m + c] as number));
        const r = Math.hypot(...d);
        const [x, y, z, transverse, radial, t] = scratch.lookups.subarray(
          6 * (j * data.pairs + p),
          6 * (j * data.pairs + p + 1),
        ) as unknown as number[];
        const k = scratch.lookupCell[j * data.pairs + p] as number;
        const [c0, c1, c2, c3] = curve.subarray(4 * k, 4 * k + 4) as unknown as [
          ...[number, number, number, number],
        ];
        const s = t as number;
        expect((cells.left[k] as number) + s / (cells.inverseWidths[k] as number)).toBeCloseTo(
          r,
          13,
        );
        expect([x, y, z]).toEqual(d.map((x) => expect.closeTo(x / r, 14)));
        expect(transverse).toBeCloseTo((c0 + s * c1 + s * s * c2 + s ** 3 * c3) / r, 12);
        expect(radial).toBeCloseTo(
          (c1 + 2 * s * c2 + 3 * s * s * c3) * (cells.inverseWidths[k] as number),
          9,
        );
      }
    const squares = scratch.residuals.reduce((s, x) => s + x * x, 0);
    expect(Math.abs(squares / sum - 1)).toBeLessThan(1e-14);
    expect(createRolloutScratch(data, schedule).kickStates).toBe(null);
  });

  it("looks at 5 edges of cells for a pair at most", () => {
    const looked = countedReads(cells);
    const scratch = createRolloutScratch(data, schedule);
    const given = givenStarts(data);
    const roll = (positions: Float64Array): void => {
      rollPairs(
        ...([data, schedule, looked.cells, curve, { ...given, positions }, 1, scratch] as const),
        { keep: false },
      );
    };
    // Within the cells, and beyond either end of them.
    for (const scale of [1, 0.1, 10]) roll(given.positions.map((x) => scale * x));
    expect(looked.reads()).toBeLessThanOrEqual(5 * 3 * schedule.kicks * data.pairs);
    expect(looked.reads()).toBeGreaterThan(0);
  });

  it("is along a path where there is one: forces by its separations, at whatever distance the rollout itself is", () => {
    const n = data.components;
    const still = Float64Array.from({ length: schedule.events * n }, (_, k) => {
      return data.positions[k % n] as number;
    });
    const scratch = createRolloutScratch(data, schedule, { keepStates: true });
    const starts = givenStarts(data);
    rollPairs(data, schedule, cells, curve, starts, 0, scratch, { keep: true, path: still });
    const perKick = 6 * data.pairs;
    const first = [...scratch.lookups.subarray(0, perKick)];
    for (let j = 0; j < schedule.kicks; j++) {
      expect([...scratch.lookups.subarray(j * perKick, (j + 1) * perKick)]).toEqual(first);
      const positions = (scratch.kickStates as Float64Array).subarray(2 * j * n, (2 * j + 1) * n);
      expect([...positions]).toEqual([...still.subarray(0, n)]);
    }
    // Where forces do not change, positions are quadratic in time.
    const last = (schedule.kicks - 1) * 2 * n;
    const [start, end] = [0, last].map((o) =>
      (scratch.kickStates as Float64Array).slice(o + n, o + 2 * n),
    ) as [Float64Array, Float64Array];
    const kicked = schedule.kick.subarray(0, -2).reduce((sum, w) => sum + w, 0);
    const second = (scratch.kickStates as Float64Array).slice(3 * n, 4 * n);
    end.forEach((v, c) => {
      const a = ((second[c] as number) - (start[c] as number)) / (schedule.kick[0] as number);
      expect(v).toBeCloseTo((start[c] as number) + kicked * a, 10);
    });
  });

  it("compares records that were seen, the start and its velocity only where they are unknown", () => {
    const { positions, velocities } = givenStarts(data);
    const away = (array: Float64Array) => array.map((x) => x + 0.01);
    const starts = {
      positions: away(positions),
      velocities: away(velocities),
      velocityWeight: null,
    };
    const scratch = createRolloutScratch(data, schedule);
    const seen = (record: number, c: number): number =>
      (data.weights as Float64Array)[record * data.particles + Math.floor(c / 3)] as number;
    const given = rollPairs(data, schedule, cells, curve, starts, 0, scratch, { keep: false });
    const rows = scratch.residuals.slice();
    const n = data.components;
    expect([...rows.subarray(0, n), ...rows.subarray(-n)].every((x) => x === 0)).toBe(true);
    for (let record = 1; record < data.records; record++)
      for (let c = 0; c < n; c++) expect(rows[record * n + c] === 0).toBe(seen(record, c) === 0);
    const free = rollPairs(
      ...([data, schedule, cells, curve, { ...starts, velocityWeight: 0.5 }, 0, scratch] as const),
      { keep: false },
    );
    const start = Array.from({ length: n }, (_, c) => 0.01 * seen(0, c));
    const found = [...scratch.residuals.subarray(0, n), ...scratch.residuals.subarray(-n)];
    expect(found).toEqual([...start, ...Array(n).fill(0.005)].map((x) => expect.closeTo(x, 14)));
    expect(free - given).toBeCloseTo(
      found.reduce((sum, x) => sum + x * x, 0),
      13,
    );
    expect(rolloutSum(data, schedule, cells, curve, starts)).toBeGreaterThan(given);
  });

  it.each([true, false])(
    "sums of some trajectories are their own, and nothing of them is kept, kernels: %s",
    (kernels) => {
      const own = randomCurve(6, { particles: 3, dimension: 2, trajectories: 9, missing: 0.2 });
      const moved = (array: Float64Array) => array.map((x) => x + 0.1 * own.random.normal());
      const given = givenStarts(own.data);
      const starts = {
        ...{ positions: moved(given.positions), velocities: moved(given.velocities) },
        velocityWeight: 0.3,
      };
      const scratch = createRolloutScratch(own.data, own.schedule);
      const problem = [own.data, own.schedule, own.cells, own.curve, starts] as const;
      useKernels(kernels);
      try {
        const sums = new Float64Array(5).fill(-1);
        rolloutSums(...problem, { first: 3, end: 7 }, sums);
        const expected = [3, 4, 5, 6].map((t) =>
          rollPairs(...problem, t, scratch, { keep: false }),
        );
        expect([...sums]).toEqual([...expected, -1]);
        expect(scratch.lookups.every((x) => x === 0)).toBe(true);
      } finally {
        useKernels(true);
      }
    },
  );
});

const { data: two, schedule: once } = randomProblem(1, {
  ...{ particles: 2, dimension: 2, trajectories: 1, records: 2, stride: 1 },
});
const room = createRolloutScratch(two, once);

/** What two particles look up that are so far from each other, as they start. */
function lookUp(cells: Cells, law: number, r: number): [cell: number, t: number] {
  const positions = Float64Array.of(r, 0, 0, 0, 0, 0);
  const starts = { ...givenStarts(two), positions };
  const own = { ...two, pairLaw: Int32Array.of(law) };
  const curve = new Float64Array(4 * cells.count);
  rollPairs(own, once, cells, curve, starts, 0, room, { keep: true });
  return [room.lookupCell[0] as number, room.lookups[5] as number];
}

describe("a pair of particles looks up", () => {
  it("the cell below where it is just below an edge, and the one above at the edge, wherever rounding puts its bin", () => {
    const random = createRandom(3);
    for (let k = 0; k < 100; k++) {
      const [from, width] = [random.uniform(), random.uniform()];
      const edges = Float64Array.from({ length: 9 }, (_, n) => from + n * width);
      const even = createCells([edges]);
      edges.subarray(1, -1).forEach((edge, n) => {
        expect(lookUp(even, 0, edge * (1 - 2 ** -53))[0]).toBe(n);
        expect(lookUp(even, 0, edge)).toEqual([n + 1, 0]);
      });
    }
  });

  it("the outermost cell of its own law where it is beyond both ends, however little", () => {
    const cells = createCells([Float64Array.of(1, 1.5, 2), Float64Array.of(0.5, 1, 4)]);
    for (const [law, first, last] of [
      [0, 0, 1],
      [1, 2, 3],
    ] as const)
      for (let bins = 0.5; bins < 6; bins++) {
        const beyond = bins / (cells.binsPerLength[law] as number);
        expect(lookUp(cells, law, (cells.end[law] as number) + beyond)[0]).toBe(last);
        expect(lookUp(cells, law, Math.max(0, (cells.left[first] as number) - beyond))[0]).toBe(
          first,
        );
      }
  });
});
