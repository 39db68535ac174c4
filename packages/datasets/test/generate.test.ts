import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { rollout } from "@mclnn/integrators";
import {
  accelerations,
  createState,
  createSystem,
  hamiltonian,
  isMclnnError,
  linearMomentum,
  type ParticleSystem,
  pairwise,
  separations,
  stateAt,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  accelerationPoints,
  addPositionNoise,
  createRandom,
  dropVelocities,
  type Experiment,
  encodeTrajectorySet,
  experimentByName,
  experiments,
  generateTrajectories,
  movedStart,
  oneStepTrajectories,
  perturbedStart,
  randomRotation,
  selectTrajectories,
  splitTrajectories,
  suggestTimeStep,
  tiltedStart,
  tiltedStartMove,
  trajectoryOf,
} from "../src/index.ts";

const systemOf = ({ pair, masses, dimension }: Experiment): ParticleSystem =>
  createSystem({ masses, dimension, potential: pairwise(pair) });

/** The reference file has -0 where the literals have 0. */
const unsigned = (x: number): number => (x === 0 ? 0 : x);

/** Hamiltonian, SHA-256 of the 100 x 20 data set (positions and velocities). */
const FACTS = {
  "linear-spring": {
    h: 1.040069984403496,
    hash: "de12be416ebb69f0854c2efc4fd1b72b54b11962d3f7b942a7fbc2cf33521c98",
  },
  "quartic-spring": {
    h: 0.9189751556413879,
    hash: "a19390f35070d2db38e7b272c439f67fc4c693848107b2e0bfdbab6c2fc9e078",
  },
  gravity: {
    h: -0.9833333333333334,
    hash: "8cdc30ba64da33847ef95f0e8f74c92ba429bcc9bc0f0c777b3ddbcb6411aee6",
  },
};

/** Every start of the reading notes, from their reference file. */
const STARTS: Record<string, { masses: number[]; positions: number[][]; velocities: number[][] }> =
  JSON.parse(readFileSync(new URL("fixtures/reference-starts.json", import.meta.url), "utf8"));

describe.each(experiments.map((e) => [e.name, e] as const))("%s", (name, experiment) => {
  const system = systemOf(experiment);
  const { trainStart: start } = experiment;

  it("has the masses and starts of the reading notes, to the last bit", () => {
    const { masses, trainStart, testStart, larger } = experiment;
    for (const [key, bodies, state] of [
      ["train", masses, trainStart],
      ["test", masses, testStart],
      [String(larger.masses.length), larger.masses, larger.start],
    ] as const) {
      const reference = STARTS[`${name}/${key}`];
      expect([...bodies]).toEqual(reference?.masses);
      expect([...state.positions].map(unsigned)).toEqual(reference?.positions.flat().map(unsigned));
      expect([...state.velocities].map(unsigned)).toEqual(
        reference?.velocities.flat().map(unsigned),
      );
    }
  });

  it("starts with the paper's energy and no momentum", () => {
    expect(hamiltonian(system, start)).toBeCloseTo(FACTS[name].h, 14);
    for (const p of linearMomentum(system, start.velocities))
      expect(Math.abs(p)).toBeLessThan(1e-12);
    const larger = createSystem({
      masses: experiment.larger.masses,
      dimension: 3,
      potential: pairwise(experiment.pair),
    });
    for (const p of linearMomentum(larger, experiment.larger.start.velocities))
      expect(Math.abs(p)).toBeLessThan(1e-12);
  });

  it("gives the same 100 x 20 data set, bit for bit, on any machine", () => {
    const { positions, velocities } = generateTrajectories({ system, start });
    const hash = createHash("sha256")
      .update(positions)
      .update(velocities as Float64Array);
    expect(hash.digest("hex")).toBe(FACTS[name].hash);
  });

  it("cuts one run into segments: segment t starts at record 20 t, validation follows training", () => {
    const run = rollout(system, start, { records: 140 });
    const set = generateTrajectories({ system, start, trajectories: 5 });
    const rest = generateTrajectories({ system, start, trajectories: 2, skip: 5 });
    const whole = stateAt(run, 40);
    expect(trajectoryOf(set, 2).positions.slice(0, whole.positions.length)).toEqual(
      whole.positions,
    );
    expect(trajectoryOf(set, 2).velocities?.slice(0, whole.positions.length)).toEqual(
      whole.velocities,
    );
    expect(rest.positions).toEqual(run.positions.slice(100 * whole.positions.length));
    expect(set.times[19]).toBeCloseTo(1.9, 12);
  });
});

describe("generateTrajectories", () => {
  const experiment = experimentByName("gravity");
  const system = systemOf(experiment);
  const { trainStart: start } = experiment;

  it("random scheme: every start its own, no total momentum, the same for the same seed", () => {
    const make = (seed: number) =>
      generateTrajectories({ system, start, trajectories: 6, records: 3, scheme: "random", seed });
    const set = make(7);
    expect(make(7)).toEqual(set);
    expect(make(8).positions).not.toEqual(set.positions);
    const starts = Array.from({ length: 6 }, (_, t) => stateAt(trajectoryOf(set, t), 0));
    expect(new Set(starts.map(({ positions }) => positions[0])).size).toBe(6);
    for (const { velocities } of starts)
      for (const p of linearMomentum(system, velocities)) expect(Math.abs(p)).toBeLessThan(1e-13);
  });

  it("random scheme: never closer than 0.3 times the smallest separation given, whatever the dimension", () => {
    for (const dimension of [2, 3] as const) {
      const positions = [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1.2, 0],
        [-1, -1, 0],
      ].map((x) => x.slice(0, dimension));
      const flat = createSystem({
        masses: [1, 2, 3, 4],
        dimension,
        potential: pairwise(experimentByName("linear-spring").pair),
      });
      const state = createState(
        { positions, velocities: positions.map((x) => x.map(() => 0.1)) },
        { dimension },
      );
      const drawn = generateTrajectories({
        system: flat,
        start: state,
        trajectories: 200,
        records: 1,
        scheme: "random",
      });
      for (let t = 0; t < 200; t++) {
        const { positions: q, velocities: v } = stateAt(trajectoryOf(drawn, t), 0);
        expect(Math.min(...separations(q, { particles: 4, dimension }))).toBeGreaterThanOrEqual(
          0.3,
        );
        for (const p of linearMomentum(flat, v)) expect(Math.abs(p)).toBeLessThan(1e-13);
      }
    }
  });

  it("random scheme: no start where the particles given are all at one point", () => {
    const start = { time: 0, positions: new Float64Array(12), velocities: new Float64Array(12) };
    expect(() => generateTrajectories({ system, start, scheme: "random" })).toThrow(
      /no random start keeps the particles apart/,
    );
  });

  it("random scheme: skipping drops the first draws", () => {
    const all = generateTrajectories({
      system,
      start,
      trajectories: 4,
      records: 2,
      scheme: "random",
    });
    const last = generateTrajectories({
      system,
      start,
      trajectories: 1,
      records: 2,
      scheme: "random",
      skip: 3,
    });
    expect(last.positions).toEqual(trajectoryOf(all, 3).positions);
  });

  it("noise moves every component on its own, by the size asked for, and leaves velocities alone", () => {
    const clean = generateTrajectories({ system, start });
    const noisy = generateTrajectories({ system, start, noise: 1e-3, seed: 3 });
    const differences = noisy.positions.map((x, k) => x - (clean.positions[k] as number));
    const variance = differences.reduce((s, x) => s + x * x, 0) / differences.length;
    expect(Math.sqrt(variance)).toBeGreaterThan(0.98e-3);
    expect(Math.sqrt(variance)).toBeLessThan(1.02e-3);
    // Neighbouring components, and the same component of the next particle, are not correlated.
    for (const lag of [1, 3, 12]) {
      let c = 0;
      for (let k = lag; k < differences.length; k++)
        c += (differences[k] as number) * (differences[k - lag] as number);
      expect(Math.abs(c / differences.length / variance)).toBeLessThan(0.03);
    }
    expect(noisy.velocities).toEqual(clean.velocities);
    expect(noisy.provenance).toMatchObject({ noise: 1e-3, noiseSeed: 3 });
    expect(addPositionNoise(clean, { sigma: 1e-3, seed: 3 }).positions).toEqual(noisy.positions);
  });

  it.each([
    ["trajectories", { trajectories: 0 }],
    ["records", { records: 1.5 }],
    ["skip", { skip: -1 }],
    ["seed", { seed: 0.5 }],
    ["noise", { noise: -1 }],
    ["noise", { noise: Number.NaN }],
    ["dt", { dt: -0.01 }],
    ["stride", { stride: 0 }],
    ["scheme", { scheme: "other" as "random" }],
  ])("refuses a bad %s", (argument, options) => {
    const error = (() => {
      try {
        return generateTrajectories({ system, start, ...options });
      } catch (e) {
        return e;
      }
    })();
    expect(isMclnnError(error) && [error.kind, error.argument]).toEqual(["input", argument]);
  });
});

describe("subsets", () => {
  const experiment = experimentByName("linear-spring");
  const set = generateTrajectories({
    system: systemOf(experiment),
    start: experiment.trainStart,
    trajectories: 6,
  });

  it("split and select in order, without sharing memory", () => {
    const { train, validation, test } = splitTrajectories(set, {
      train: 3,
      validation: 2,
      test: 1,
    });
    expect([train.trajectories, validation.trajectories, test.trajectories]).toEqual([3, 2, 1]);
    expect(selectTrajectories(set, [3, 4]).positions).toEqual(validation.positions);
    expect(trajectoryOf(set, 5).positions).toEqual(test.positions);
    train.positions[0] = 99;
    expect(set.positions[0]).not.toBe(99);
    expect(dropVelocities(set).velocities).toBeUndefined();
    expect(selectTrajectories(set, { from: 3, to: 5 })).toEqual(validation);
    expect(selectTrajectories(set, { from: 5 })).toEqual(test);
    expect(selectTrajectories(set, {}).positions).toEqual(set.positions);
  });

  it("refuse what is not there", () => {
    expect(() => selectTrajectories(set, [6])).toThrow(/from 0 to 5, got 6/);
    for (const range of [{ to: 7 }, { from: -1 }, { from: 3, to: 2 }, { from: 0.5 }])
      expect(() => selectTrajectories(set, range)).toThrow(/0 <= from <= to <= 6/);
    expect(() => splitTrajectories(set, { train: 5, test: 2 })).toThrow(/add up to at most 6/);
  });
});

it("one-step trajectories: a velocity Verlet step of the true system from rest, for every point", () => {
  const e = experimentByName("gravity");
  const system = systemOf(e);
  const points = accelerationPoints(system, { start: e.trainStart, points: 3 });
  const set = oneStepTrajectories(points, { dt: 0.02 });
  expect([set.trajectories, set.records, [...set.times]]).toEqual([3, 2, [0, 0.02]]);
  for (let p = 0; p < 3; p++) {
    const positions = points.positions.slice(12 * p, 12 * (p + 1));
    const start = { time: 0, positions, velocities: new Float64Array(12) };
    const run = rollout(system, start, { dt: 0.02, stride: 1, records: 2 });
    const own = set.positions.slice(24 * p, 24 * (p + 1));
    run.positions.forEach((x, k) => {
      expect(own[k]).toBeCloseTo(x, 15);
    });
  }
  expect(() => oneStepTrajectories(points, { dt: 0 })).toThrow(
    /dt cannot be used: expected a finite number above 0/,
  );
});

describe("starts", () => {
  it.each(experiments.map((e) => [e.name, e] as const))(
    "%s: tilted start keeps separations, relative speeds and energy of relative motion",
    (_, e) => {
      const system = systemOf(e);
      const tilted = tiltedStart(system, e.testStart);
      const pairs = { particles: e.masses.length, dimension: 3 as const };
      const before = separations(e.testStart.positions, pairs);
      separations(tilted.positions, pairs).forEach((r, k) => {
        expect(r).toBeCloseTo(before[k] as number, 13);
      });
      const speeds = separations(e.testStart.velocities, pairs);
      separations(tilted.velocities, pairs).forEach((r, k) => {
        expect(r).toBeCloseTo(speeds[k] as number, 13);
      });
      // Out of the plane z = 0, or out of wherever it was.
      expect(
        Math.max(...tilted.positions.filter((__, k) => k % 3 === 2).map(Math.abs)),
      ).toBeGreaterThan(0.1);
    },
  );

  it("moved start: each of tilt, shift and boost alone, against the formula", () => {
    const e = experimentByName("gravity");
    const system = systemOf(e);
    const { positions: q, velocities: v } = e.testStart;
    expect(movedStart(system, e.testStart, {})).toEqual(e.testStart);
    expect(movedStart(system, e.testStart, { shift: [1, 2, 3] }).positions).toEqual(
      q.map((x, k) => x + 1 + (k % 3)),
    );
    const boosted = movedStart(system, e.testStart, { boost: [0, 1, 0] });
    expect(boosted.positions).toEqual(q);
    expect(boosted.velocities).toEqual(v.map((x, k) => (k % 3 === 1 ? x + 1 : x)));
    const { positions } = movedStart(system, e.testStart, { tilt: 0.5 });
    for (let i = 0; i < q.length; i += 3) {
      const [x, y, z] = [q[i], q[i + 1], q[i + 2]] as number[];
      expect(positions[i]).toBe(x);
      expect(positions[i + 1]).toBeCloseTo(
        Math.cos(0.5) * (y as number) - Math.sin(0.5) * (z as number),
        14,
      );
    }
    expect(movedStart(system, e.testStart, tiltedStartMove)).toEqual(
      tiltedStart(system, e.testStart),
    );
    for (const move of [{ tilt: Number.NaN }, { shift: [1] }, { boost: [1, 2, Infinity] }])
      expect(() => movedStart(system, e.testStart, move)).toThrow(/cannot be used/);
  });

  it.each([2, 3] as const)(
    "random rotation in %i dimensions: orthogonal, right-handed, spread",
    (d) => {
      const random = createRandom(7);
      let trace = 0;
      for (let draw = 0; draw < 200; draw++) {
        const m = randomRotation(d, random);
        const at = (r: number, c: number): number => m[r * d + c] as number;
        for (let r = 0; r < d; r++)
          for (let c = 0; c < d; c++) {
            let dot = 0;
            for (let k = 0; k < d; k++) dot += at(r, k) * at(c, k);
            expect(dot).toBeCloseTo(r === c ? 1 : 0, 14);
          }
        const minor = at(0, 0) * at(1, 1) - at(0, 1) * at(1, 0);
        if (d === 2) expect(minor).toBeCloseTo(1, 14);
        // Of a rotation the cross product of two rows is the third.
        else expect(at(2, 2)).toBeCloseTo(minor, 14);
        trace += minor / 200;
      }
      if (d === 3) expect(Math.abs(trace)).toBeLessThan(0.15);
    },
  );

  it("hard start of six springs: where training never was", () => {
    for (const name of ["linear-spring", "quartic-spring"]) {
      const { harder, larger } = experimentByName(name);
      const pairs = { particles: 6, dimension: 3 as const };
      if (harder === undefined) throw new Error("no harder start");
      expect(Math.max(...separations(harder.start.positions, pairs))).toBeGreaterThan(1.82);
      expect(Math.max(...separations(larger.start.positions, pairs))).toBeLessThan(1.3);
    }
    expect(experimentByName("gravity").harder).toBeUndefined();
  });

  it("perturbed start: near, unseen, momentum and centre kept, seeded", () => {
    const e = experimentByName("quartic-spring");
    const system = systemOf(e);
    const a = perturbedStart(system, e.trainStart, 1);
    expect(perturbedStart(system, e.trainStart, 1)).toEqual(a);
    expect(perturbedStart(system, e.trainStart, 2)).not.toEqual(a);
    const moved = a.positions.map((x, k) => Math.abs(x - (e.trainStart.positions[k] as number)));
    expect(Math.max(...moved)).toBeGreaterThan(1e-3);
    expect(Math.max(...moved)).toBeLessThan(0.1);
    for (const p of linearMomentum(system, a.velocities)) expect(Math.abs(p)).toBeLessThan(1e-12);
  });

  it("suggested time step: a 60th of the fastest thing or less, whatever the units", () => {
    const e = experimentByName("linear-spring");
    const system = systemOf(e);
    const { dt, reason } = suggestTimeStep(system, e.trainStart);
    expect(dt).toBe(0.01);
    expect(reason).toMatch(/60 steps/);
    const slow = {
      ...e.trainStart,
      velocities: e.trainStart.velocities.map((v) => v / 1000),
    };
    const soft = createSystem({
      masses: e.masses.map((m) => m * 1e6),
      dimension: 3,
      potential: pairwise(e.pair),
    });
    expect(suggestTimeStep(soft, slow).dt).toBe(10);
  });
});

describe("accelerationPoints", () => {
  it("are the accelerations at the run's records", () => {
    const e = experimentByName("gravity");
    const system = systemOf(e);
    const points = accelerationPoints(system, { start: e.trainStart, points: 5, first: 3 });
    const run = rollout(system, e.trainStart, { records: 8 });
    expect(points.positions).toEqual(run.positions.slice(36));
    expect(points.velocities).toEqual(run.velocities?.slice(36));
    const a = accelerations(system, points.positions.slice(24, 36), new Float64Array(12));
    expect(points.accelerations.slice(24, 36)).toEqual(a);
    expect(() => accelerationPoints(system, { start: e.trainStart, points: 0 })).toThrow(
      /points cannot be used/,
    );
  });
});

describe("createRandom", () => {
  it("uniform and normal numbers have their moments; integers are even", () => {
    const random = createRandom(11);
    const n = 100_000;
    const normal = Array.from({ length: n }, () => random.normal());
    const moment = (p: number): number => normal.reduce((s, x) => s + x ** p, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.012);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
    const counts = new Array<number>(7).fill(0);
    for (let k = 0; k < n; k++) {
      const i = random.integer(7);
      counts[i] = (counts[i] as number) + 1;
    }
    for (const c of counts) expect(Math.abs(c / n - 1 / 7)).toBeLessThan(0.005);
    for (let k = 0; k < 1000; k++) {
      const u = random.uniform();
      expect(u >= 0 && u < 1).toBe(true);
    }
  });

  it("is the same everywhere: first numbers of seed 1", () => {
    const random = createRandom(1);
    expect([random.uniform(), random.normal(), random.normal(), random.integer(1000)]).toEqual([
      0.09752636206218201, -1.0666929681378265, -0.817497854019493, 522,
    ]);
  });

  it("seeds give streams that have nothing to do with each other", () => {
    // Over 4,000 seeds: moments of the k-th normal, and its correlation between a seed and the next, each within four standard errors.
    const seeds = 4000;
    const draws = Array.from({ length: seeds }, (_, seed) => {
      const random = createRandom(seed);
      return Array.from({ length: 6 }, () => random.normal());
    });
    for (let k = 0; k < 6; k++) {
      const mean = (f: (x: number, next: number) => number): number =>
        draws.reduce((s, d, i) => s + f(d[k] as number, draws[(i + 1) % seeds]?.[k] as number), 0) /
        seeds;
      expect(Math.abs(mean((x) => x))).toBeLessThan(4 / Math.sqrt(seeds));
      expect(Math.abs(mean((x) => x * x) - 1)).toBeLessThan(4 * Math.sqrt(2 / seeds));
      expect(Math.abs(mean((x, next) => x * next))).toBeLessThan(4 / Math.sqrt(seeds));
    }
    const firsts = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 33, -(2 ** 40)].map((seed) =>
      createRandom(seed).uniform(),
    );
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it.each([0.5, Number.NaN, 2 ** 53])("refuses the seed %d", (seed) => {
    expect(() => createRandom(seed)).toThrow(/seed cannot be used: expected a whole number/);
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1])("refuses whole numbers below %d", (n) => {
    expect(() => createRandom(1).integer(n)).toThrow(/from 1 to 2\^32/);
  });

  it("split streams differ from their source and from each other", () => {
    const random = createRandom(5);
    const streams = [random.split(), random.split(), random];
    const firsts = streams.map((s) => s.uniform());
    expect(new Set(firsts).size).toBe(3);
  });
});

describe("encodeTrajectorySet", () => {
  it("gives equal sets equal bytes", () => {
    const e = experimentByName("gravity");
    const set = generateTrajectories({ system: systemOf(e), start: e.trainStart, trajectories: 2 });
    expect(encodeTrajectorySet(set)).toEqual(encodeTrajectorySet(structuredClone(set)));
  });
});
