import {
  createRandom,
  experimentByName,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import {
  createState,
  createSystem,
  definePairPotential,
  isMclnnError,
  pairwise,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { solarSystem } from "../../../examples/solar-system/ephemeris.ts";
import { inspectRecords, train } from "../src/index.ts";

const { masses, dimension, trainStart, pair } = experimentByName("linear-spring");
const particles = masses.length;
const size = particles * dimension;
const RECORDS = 40;
const NOISE = 1e-3;

/** Trajectories of springs, some records longer than they will be. */
const made: TrajectorySet & { velocities: Float64Array } = {
  velocities: new Float64Array(0),
  ...generateTrajectories({
    system: createSystem({ masses, dimension, potential: pairwise(pair) }),
    start: trainStart,
    ...{ trajectories: 10, records: RECORDS + 4, scheme: "random" },
  }),
  provenance: {},
};

/** The records that a camera keeps, by their numbers, with times as if they were even. */
function kept(
  set: TrajectorySet,
  numbers: (trajectory: number) => readonly number[],
): TrajectorySet {
  const rows = Array.from({ length: set.trajectories }, (_, t) => numbers(t));
  const records = rows[0]?.length ?? 0;
  const { velocities: _, ...rest } = set;
  return {
    ...rest,
    records,
    times: set.times.slice(0, records),
    positions: Float64Array.from(
      rows.flatMap((row, t) =>
        row.flatMap((k) => {
          const o = (t * set.records + k) * size;
          return Array.from(set.positions.subarray(o, o + size));
        }),
      ),
    ),
  };
}

function noisy(set: TrajectorySet, sigma = NOISE): TrajectorySet {
  const random = createRandom(5);
  return { ...set, positions: set.positions.map((x) => x + sigma * random.normal()) };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const clean = kept(made, () => upTo(RECORDS));
const measured = noisy(clean);
const withVelocities = (change: (v: Float64Array) => Float64Array): TrajectorySet => ({
  ...made,
  velocities: change(made.velocities),
});
/** Without record 12, and without 25 and 26. */
const dropped = noisy(
  kept(made, () => upTo(RECORDS + 3).filter((k) => k !== 12 && k !== 25 && k !== 26)),
);
const droppedInOne = noisy(
  kept(made, (t) => upTo(RECORDS + 1).filter((k) => (t === 2 ? k !== 30 : k !== RECORDS))),
);
const twice = { ...measured, positions: measured.positions.slice() };
for (const [t, k] of [
  [0, 7],
  [3, 20],
] as const) {
  const o = (t * RECORDS + k) * size;
  twice.positions.copyWithin(o, o - size, o);
}
function withSlips<S extends TrajectorySet>(set: S): S {
  const positions = set.positions.slice();
  for (const o of [500, 901, 1100])
    for (let c = 0; c < dimension; c++) positions[o * dimension + c] += 0.3;
  return { ...set, positions };
}
const slipped = withSlips(measured);
const places = createRandom(3);
const [jumpingFrom, jumpingBy] = [1.2, 0.5].map((scale) =>
  Array.from({ length: 4 }, () => [scale * places.normal(), scale * places.normal()]),
);
const jumping = generateTrajectories({
  system: createSystem({
    masses: [1, 1, 1, 1],
    dimension: 2,
    potential: pairwise(
      definePairPotential({
        name: "jump",
        energy: (r) => (r > 2 ? (r - 1) ** 2 - 1 : 0),
        slope: (r) => (r > 2 ? 2 * (r - 1) : 0),
      }),
    ),
  }),
  start: createState({ positions: jumpingFrom, velocities: jumpingBy }, { dimension: 2 }),
  ...{ trajectories: 6, records: 60, scheme: "random", seed: 3, dt: 0.01, stride: 5 },
});
const LENGTH = 1.4;
const boxed = {
  ...clean,
  positions: clean.positions.map(
    (x, k) => x + 0.5 * (Math.floor(k / size) % RECORDS) * (k % dimension === 0 ? 0.2 : 0),
  ),
};
const wrapped = {
  ...boxed,
  positions: boxed.positions.map((x) => x - LENGTH * Math.floor(x / LENGTH)),
};
const circling = {
  ...clean,
  positions: clean.positions.map((x) => Math.round(100 * x) / 100),
};
/** Each record at a time of its own, a twentieth of the spacing off. */
const offTheirTimes = (() => {
  const random = createRandom(8);
  const off = upTo(made.trajectories * made.records).map(() => 0.05 * random.normal());
  const spacing = made.times[1] as number;
  return noisy(
    kept(
      {
        ...made,
        positions: made.positions.map(
          (x, k) =>
            x + spacing * (off[Math.floor(k / size)] as number) * (made.velocities[k] as number),
        ),
      },
      () => upTo(RECORDS),
    ),
    1e-4,
  );
})();

describe("what records show by themselves", () => {
  it.each([
    ["nothing in clean ones", made, null],
    ["nothing in noisy ones", measured, null],
    ["velocities in another unit", withVelocities((v) => v.map((x) => 1000 * x)), /are 1000 times/],
    ["twice the velocities", withVelocities((v) => v.map((x) => 2 * x)), /are 2\.000 times/],
    ["AKMA units", withVelocities((v) => v.map((x) => x / 1.0227)), /are 0\.9778 times/],
    [
      "times in another unit",
      { ...made, times: made.times.map((t) => 1000 * t) },
      /are 1000 times/,
    ],
    [
      "velocities half a step behind",
      withVelocities((v) =>
        v.map((x, k) => {
          const at = made.positions[k] as number;
          const first = Math.floor(k / size) % made.records === 0;
          return first
            ? x
            : (at - (made.positions[k - size] as number)) / (made.times[1] as number);
        }),
      ),
      /another time than the positions, 0\.0\d+ before/,
    ],
    [
      "velocities of other particles",
      withVelocities((v) => {
        const other = v.slice();
        for (let o = 0; o < v.length; o += size) {
          other.set(v.subarray(o + dimension, o + size), o);
          other.set(v.subarray(o, o + dimension), o + size - dimension);
        }
        return other;
      }),
      /do not follow the positions/,
    ],
    ["rounding", circling, /multiples of 0\.0100: their noise is at least 0\.0029/],
    ["frames stored twice", twice, /record 7 of trajectory 0, record 20 of trajectory 3/],
    [
      "frames dropped",
      dropped,
      /one between records 11 and 12, 2 between records 23 and 24|2 between records 23 and 24, one between/,
    ],
    ["a frame dropped in one trajectory", droppedInOne, /one after record 29 of trajectory 2/],
    ["slips of the tracking", slipped, /^3 of 1200 positions/],
    ["slips beside velocities", withSlips(noisy(made)), /^3 of 1320 positions/],
    ["a law that jumps, beside velocities", jumping, null],
    ["a periodic box", wrapped, /jump from edge to edge.* by 1\.\d+ along axis 0/],
    ["a clock that is off", offTheirTimes, / (4|5)(\.\d)? % of the spacing/],
  ] as const)("%s", (_, set, said) => {
    const texts = inspectRecords(set).map(({ text }) => text);
    if (said === null) expect(texts).toEqual([]);
    else {
      expect(texts[0]).toMatch(said);
      expect(texts).toHaveLength(1);
    }
  });
});

describe("a law from records that are mended", { timeout: 60_000 }, () => {
  it.each([
    ["repeated-records", twice],
    ["missing-records", dropped],
    ["missing-records", droppedInOne],
    ["outliers", slipped],
    ["rounded", circling],
  ] as const)("%s: V' within 1 %, the noise within 10 %, nothing else said", async (kind, set) => {
    const { model, noise, findings } = await train(set, { model: "spline" });
    expect(findings.map((finding) => finding.kind)).toEqual([kind]);
    const expected = kind === "rounded" ? 0.01 / Math.sqrt(12) : NOISE;
    expect(Math.abs((noise ?? 0) / expected - 1)).toBeLessThan(0.1);
    for (const r of [0.8, 1.2, 1.5])
      expect(Math.abs(model.pair.slope(r) - pair.slope(r))).toBeLessThan(0.02);
  });

  it("one planet that records follow badly is no clock that is off", () => {
    const planets = solarSystem({ years: 20, trajectories: 40, records: 10 });
    expect(inspectRecords(planets).map(({ kind }) => kind)).not.toContain("clock-jitter");
  });

  it("a wrapped box is refused by its name", async () => {
    const error: unknown = await train(wrapped).catch((caught: unknown) => caught);
    expect(isMclnnError(error) && error.code).toBe("unusable-records");
    expect(String(error)).toMatch(/periodic box/);
  });
});
