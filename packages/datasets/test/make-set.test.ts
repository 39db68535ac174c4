import { createRun, rollout } from "@mclnn/integrators";
import { createSystem, gravity, pairwise, type State, type Trajectory } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  createRecorder,
  decodeTrajectorySet,
  encodeTrajectorySet,
  generateTrajectories,
  selectTrajectories,
  shortenTrajectories,
  type TrajectorySet,
  trajectoryOf,
  trajectorySet,
} from "../src/index.ts";

const system = createSystem({
  masses: [1, 2],
  charges: [1, -1],
  species: [0, 1],
  dimension: 2,
  potential: pairwise(gravity()),
});
const start = (speed: number): State => ({
  time: 0,
  positions: Float64Array.of(-1, 0, 1, 0.5),
  velocities: Float64Array.of(0, -speed, 0, speed / 2),
});
const run = (records: number, from = 0): Trajectory =>
  rollout(system, { ...start(0.5), time: from }, { records, dt: 0.02, stride: 5 });
const generated = generateTrajectories({ system, start: start(0.6), trajectories: 3, records: 6 });

/** Those of one set by their records, as a program that reads JSON has them. */
function nested(set: TrajectorySet, key: "positions" | "velocities"): number[][][][] {
  const { trajectories, records, particles, dimension } = set;
  const flat = set[key] as Float64Array;
  const rows = (n: number, make: (k: number) => unknown) =>
    Array.from({ length: n }, (_, k) => make(k));
  return rows(trajectories, (t) =>
    rows(records, (k) =>
      rows(particles, (i) => {
        const o = ((t * records + k) * particles + i) * dimension;
        return Array.from(flat.subarray(o, o + dimension));
      }),
    ),
  ) as number[][][][];
}

describe("a set of runs", () => {
  it("holds what the runs hold, of equal length without a mask, and is written and read as any other", () => {
    const runs = [run(5), run(5)];
    const set = trajectorySet(runs);
    expect(set).toMatchObject({ trajectories: 2, records: 5, particles: 2, dimension: 2 });
    expect(set.observed).toBeUndefined();
    expect(set.masses).toEqual(system.masses);
    expect([set.charges, set.species]).toEqual([system.charges, system.species]);
    expect(set.positions).toEqual(Float64Array.from(runs.flatMap((r) => [...r.positions])));
    expect(set.provenance).toEqual(runs[0]?.provenance);
    expect(decodeTrajectorySet(encodeTrajectorySet(set))).toEqual(set);
    set.positions.fill(0);
    set.masses.fill(0);
    expect([runs[0]?.positions[0], system.masses[0]]).toEqual([-1, 1]);
  });

  it("takes trajectoryOf back, gaps and unequal ends included", () => {
    for (const set of [generated, shortenTrajectories(generated, { shortest: 2, seed: 3 })]) {
      const runs = Array.from({ length: 3 }, (_, t) => trajectoryOf(set, t));
      expect(trajectorySet(runs)).toEqual(set);
    }
  });

  it("of unequal length does not observe what is not there", () => {
    const set = trajectorySet([run(2), run(4)]);
    expect(Array.from(set.observed ?? [])).toEqual([1, 1, 1, 1, 0, 0, 0, 0, ...Array(8).fill(1)]);
    expect(set.positions.subarray(8, 16)).toEqual(new Float64Array(8).fill(Number.NaN));
    expect(set.times).toEqual(run(4).times);
  });

  it("counts from 0 where runs begin at different times, and keeps provenance that all share", () => {
    const later = { ...run(3, 7), provenance: { dt: 0.02, seed: 2 } };
    const set = trajectorySet([{ ...run(3), provenance: { dt: 0.02, seed: 1 } }, later]);
    expect(set.provenance).toEqual({ dt: 0.02 });
    expect(set.times[0]).toBe(0);
    expect(trajectorySet([later]).times[0]).toBe(7);
  });

  const { masses: _, ...massless } = run(3);
  const { velocities: __, ...still } = run(3);
  it.each<[string, readonly Trajectory[], string, RegExp]>([
    ["no runs", [], "bad-argument", /one or more runs, got none/],
    ["no masses", [massless], "bad-argument", /given\[0\]\.masses.*\{ \.\.\.run, masses \}/],
    [
      "other masses",
      [run(3), { ...run(3), masses: Float64Array.of(1, 3) }],
      "bad-shape",
      /given\[1\]\.masses.*1,2, got 1,3/,
    ],
    ["velocities of one", [run(3), still], "missing-velocities", /1 of 2 with them/],
    [
      "times that stand still",
      [{ ...run(3), times: Float64Array.of(0, 1, 1) }],
      "uneven-times",
      /more than 1 at record 2, got 1/,
    ],
    [
      "other times",
      [run(3), { ...run(3), times: Float64Array.of(0, 0.2, 0.4) }],
      "uneven-times",
      /given\[1\]\.times.*0\.1 from the start to record 1.*got 0\.2/,
    ],
    [
      "NaN without a word",
      [{ ...run(3), positions: new Float64Array(12).fill(Number.NaN) }],
      "not-finite",
      /observed/,
    ],
  ])("refuses %s", (_name, runs, code, message) => {
    expect(() => trajectorySet(runs)).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe("a set of arrays", () => {
  const { times, masses, positions, velocities, dimension } = generated;

  it("is the same nested and flat", () => {
    const flat = trajectorySet({ positions, velocities, times, masses, dimension } as never);
    const lists = trajectorySet({
      positions: nested(generated, "positions"),
      velocities: nested(generated, "velocities"),
      times: Array.from(times),
      masses: [1, 2],
    });
    expect(lists).toEqual(flat);
    expect({ ...flat, provenance: generated.provenance }).toEqual(
      expect.objectContaining({ positions, velocities, times, masses }),
    );
  });

  it("takes trajectories of unequal length and what was not observed", () => {
    const [one, two] = nested(generated, "positions");
    const set = trajectorySet({ positions: [one?.slice(0, 2) ?? [], two ?? []], times, masses });
    const same = trajectorySet(
      [0, 1].map((t) => {
        const { velocities: _, ...rest } = trajectoryOf(selectTrajectories(generated, [t]), 0);
        return t === 1
          ? rest
          : { ...rest, times: rest.times.slice(0, 2), positions: rest.positions.slice(0, 8) };
      }),
    );
    expect({
      ...set,
      charges: system.charges,
      species: system.species,
      provenance: same.provenance,
    }).toEqual(same);
    const gap = trajectorySet({
      positions: [0, 0, 1, 0, Number.NaN, Number.NaN, 1, 1],
      observed: [1, 1, 0, 1],
      ...{ times: [0, 1], masses: [1, 1], dimension: 2 },
    });
    expect(Array.from(gap.observed ?? [])).toEqual([1, 1, 0, 1]);
  });

  const good = {
    positions: [0, 0, 1, 0, 0, 1, 1, 1],
    times: [0, 1],
    masses: [1, 1],
    dimension: 2 as const,
  };
  it.each<[string, object, string, RegExp]>([
    ["no positions", { positions: undefined }, "bad-argument", /given\.positions/],
    [
      "flat ones without a dimension",
      { dimension: undefined },
      "bad-dimension",
      /2 or 3, got undefined/,
    ],
    ["a number too many", { positions: Array(9).fill(0) }, "bad-shape", /8 numbers.*got 9/],
    [
      "a particle too few",
      {
        positions: [
          [
            [
              [0, 0],
              [1, 0],
            ],
            [[0, 1]],
          ],
        ],
      },
      "bad-shape",
      /given\.positions\[0\]\[1\].*2 numbers.*got 1/,
    ],
    [
      "no number",
      {
        positions: [
          [
            [
              [0, 0],
              [1, 0],
            ],
            [
              [0, 1],
              [1, null],
            ],
          ],
        ],
      },
      "not-finite",
      /NaN at trajectory 0, record 1, particle 1/,
    ],
    [
      "velocities of other length",
      { velocities: Array(16).fill(0) },
      "bad-shape",
      /given\.velocities/,
    ],
    ["a negative mass", { masses: [1, -1] }, "bad-mass", /-1 at index 1/],
  ])("refuses %s", (_name, spoilt, code, message) => {
    expect(() => trajectorySet({ ...good, ...spoilt } as never)).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe("a recorder", () => {
  it("keeps every n-th state, bit for bit what a rollout keeps, throw by throw", () => {
    const recorder = createRecorder(system, { every: 5 });
    for (const steps of [20, 10]) {
      recorder.nextTrajectory();
      const live = createRun(system, start(0.5), { dt: 0.02 });
      recorder.push(live.state);
      for (let k = 1; k <= steps; k++) {
        live.step();
        expect(recorder.push(live.state)).toBe(k % 5 === 0);
      }
      expect(recorder.records).toBe(steps / 5 + 1);
    }
    recorder.nextTrajectory();
    recorder.push(start(1));
    const expected = trajectorySet([run(5), run(3)]);
    expect(recorder.set()).toEqual({ ...expected, provenance: {} });
  });

  it("says how much is missing, and what is no state of the system", () => {
    const recorder = createRecorder(system);
    expect(() => recorder.set()).toThrowError(
      expect.objectContaining({ code: "too-few-records", missing: 2, addRecords: 2 }),
    );
    expect(() => recorder.push({ ...start(1), positions: new Float64Array(3) })).toThrow(
      /4 numbers/,
    );
    expect(() => createRecorder(system, { every: 0.5 })).toThrow(/every/);
  });
});
