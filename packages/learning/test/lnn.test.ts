import { createRandom } from "@mclnn/datasets";
import { isMclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { createLnnModel } from "../../models/src/laws/lnn.ts";
import type { TrainingRecord } from "../../models/src/laws/model.ts";
import { PositionNetwork } from "../../models/src/networks/position-network.ts";
import { recordAccelerations } from "../src/baseline/record-accelerations.ts";
import { LnnRolloutLoss } from "../src/baseline/rollout-loss.ts";
import { positionScaling, scalePoints, widenWeights } from "../src/baseline/scaling.ts";
import { trainBaseline, trainLnnOnTrajectories } from "../src/baseline/train-lnn.ts";
import { springRecords } from "./spring-records.ts";

const record: TrainingRecord = {
  seed: 1,
  trainLoss: 0.5,
  validationLoss: null,
  iterations: 3,
  reachedTarget: false,
  optimizer: "test",
  dt: 0.01,
  stride: 10,
};

function randomModel(seed: number, particles: number, dimension: 2 | 3) {
  const random = createRandom(seed);
  const hidden = [5, 4];
  const components = particles * dimension;
  const { size } = new PositionNetwork(components, hidden);
  const normal = (n: number): Float64Array =>
    Float64Array.from({ length: n }, () => random.normal());
  return createLnnModel({
    particles,
    dimension,
    masses: Float64Array.from({ length: particles }, () => 0.5 + random.uniform()),
    hidden,
    weights: normal(size),
    centre: normal(components),
    inputScale: 0.8,
    energyScale: 1.7,
    record,
  });
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (isMclnnError(error)) return `${error.code} ${error.argument ?? ""}`.trim();
    throw error;
  }
  return "none";
}

describe("LNN law", () => {
  it("has forces that are minus the slope of its energy, added to what is there", () => {
    for (const [particles, dimension] of [
      [3, 3],
      [4, 2],
    ] as const) {
      const model = randomModel(particles, particles, dimension);
      const { masses, potential } = model;
      const bodies = { masses, dimension };
      const random = createRandom(9);
      const q = Float64Array.from({ length: particles * dimension }, () => random.normal());
      const forces = new Float64Array(q.length).fill(10);
      potential.addForces(bodies, q, forces);
      for (let k = 0; k < q.length; k++) {
        const at = q[k] as number;
        const energy = (shift: number): number => {
          q[k] = at + shift;
          return potential.energy(bodies, q);
        };
        const slope = (8 * (energy(1e-3) - energy(-1e-3)) - (energy(2e-3) - energy(-2e-3))) / 12e-3;
        q[k] = at;
        expect(forces[k]).toBeCloseTo(10 - slope, 7);
      }
    }
  });

  it("states that it conserves the energy alone, and refuses other systems by a typed error", async () => {
    const { potential } = randomModel(1, 3, 3);
    expect(potential.conserves).toEqual({
      energy: true,
      linearMomentum: false,
      angularMomentum: false,
    });
    expect(potential.reads).toBe("positions");
    const out = new Float64Array(12);
    const four = { masses: new Float64Array(4).fill(1), dimension: 3 } as const;
    const flat = { masses: new Float64Array(3).fill(1), dimension: 2 } as const;
    expect(await codeOf(() => potential.addForces(four, out, out))).toBe("wrong-system bodies");
    expect(await codeOf(() => potential.energy(flat, out))).toBe("wrong-system bodies");
  });

  it("keeps its own copy of the numbers and refuses those it cannot use", async () => {
    const good = randomModel(1, 3, 3);
    const { kind: _, potential: __, parameterCount, ...parts } = good;
    expect(parameterCount).toBe(9 * 5 + 5 + 5 * 4 + 4 + 4);
    const weights = good.weights.slice();
    const copy = createLnnModel({ ...parts, weights });
    weights.fill(0);
    expect(copy.weights).toEqual(good.weights);
    const rows = [
      [{ weights: new Float64Array(3) }, "bad-shape weights"],
      [{ weights: good.weights.map(() => Number.NaN) }, "not-finite weights"],
      [{ centre: new Float64Array(8) }, "bad-shape centre"],
      [{ masses: Float64Array.of(1, 1, 0) }, "bad-mass masses"],
      [{ inputScale: 0 }, "bad-scale inputScale"],
      [{ energyScale: Number.POSITIVE_INFINITY }, "bad-scale energyScale"],
      [{ particles: 0 }, "bad-shape particles"],
      [{ dimension: 4 as 3 }, "bad-shape dimension"],
      [{ hidden: [] }, "bad-hidden-widths hidden"],
    ] as const;
    for (const [change, code] of rows)
      expect(await codeOf(() => createLnnModel({ ...parts, ...change }))).toBe(code);
  });
});

describe("scaling of points", () => {
  it("leaves out what never moves, where a network of all inputs has gradient exactly 0", () => {
    const { points } = springRecords({ trajectories: 2 });
    const scaling = positionScaling(points, new Float64Array(9).fill(1));
    expect([...scaling.active]).toEqual([0, 1, 3, 4, 6, 7]);
    const narrow = new PositionNetwork(6, [4, 3]);
    const wide = new PositionNetwork(9, [4, 3]);
    const random = createRandom(2);
    const weights = Float64Array.from({ length: narrow.size }, () => random.normal());
    const widened = widenWeights(weights, 4, scaling);
    expect(widened.length).toBe(wide.size);
    const scaled = scalePoints(points, scaling);
    const x = points.positions
      .subarray(0, 9)
      .map((q, k) => (q - (scaling.centre[k] as number)) / scaling.inputScale);
    narrow.evaluate(weights, scaled.inputs);
    wide.evaluate(widened, x);
    expect(wide.energy).toBe(narrow.energy);
    scaling.active.forEach((k, c) => {
      expect(wide.gradient[k]).toBe(narrow.gradient[c]);
    });
    const lambda = wide.gradient.map((g, k) => g - (points.accelerations[k] as number));
    const gradient = new Float64Array(wide.size);
    wide.differentiate(widened, lambda);
    wide.accumulateGradient(gradient);
    for (let j = 0; j < 4; j++)
      for (const k of [2, 5, 8]) expect(Math.abs(gradient[9 * j + k] as number)).toBe(0);
  });
});

describe("accelerations from records", () => {
  for (const [velocities, bound] of [
    [true, 4e-3],
    [false, 2e-2],
  ] as const)
    it(`are within ${bound} of the true ones ${velocities ? "with" : "without"} velocities`, () => {
      const { set, points } = springRecords();
      const { velocities: given, ...rest } = set;
      const { accelerations } = recordAccelerations(
        velocities ? { ...rest, velocities: given } : rest,
      );
      let worst = 0;
      accelerations.forEach((a, k) => {
        worst = Math.max(worst, Math.abs(a - (points.accelerations[k] as number)));
        if (k % 3 === 2) expect(a).toBe(0);
      });
      expect(worst).toBeLessThan(bound);
      expect(worst).toBeGreaterThan(0);
    });
});

describe("rollout loss of an LNN", () => {
  for (const [dimension, masses] of [
    [2, [1, 2, 0.7]],
    [3, [1, 1, 1]],
  ] as const) {
    const { set } = springRecords({ dimension, masses, trajectories: 3, records: 4, stride: 5 });
    const n = 3 * dimension;
    const random = createRandom(4);
    const network = new PositionNetwork(n, [5, 4]);
    const weights = Float64Array.from({ length: network.size }, () => random.normal());
    const frame = {
      centre: Float64Array.from({ length: n }, () => 0.1 * random.normal()),
      inputScale: 0.8,
      energyScale: 0.9,
    };
    const loss = new LnnRolloutLoss(network, set, { ...frame, dt: 0.01, stride: 5 });

    it(`in ${dimension}-d is that of plain velocity Verlet with the law's forces, to 1e-12`, () => {
      const model = createLnnModel({
        particles: 3,
        dimension,
        masses: set.masses,
        hidden: [5, 4],
        weights,
        ...frame,
        record,
      });
      let sum = 0;
      for (let t = 0; t < 3; t++) {
        const start = t * 4 * n;
        const q = set.positions.slice(start, start + n);
        const v = set.velocities.slice(start, start + n);
        const half = (): void => {
          const f = new Float64Array(n);
          model.potential.addForces(set, q, f);
          for (let k = 0; k < n; k++)
            v[k] =
              (v[k] as number) +
              (0.005 * (f[k] as number)) / (set.masses[Math.floor(k / dimension)] as number);
        };
        for (let step = 1; step <= 15; step++) {
          half();
          for (let k = 0; k < n; k++) q[k] = (q[k] as number) + 0.01 * (v[k] as number);
          half();
          if (step % 5 === 0)
            for (let k = 0; k < n; k++)
              sum +=
                ((q[k] as number) - (set.positions[start + (step / 5) * n + k] as number)) ** 2;
        }
      }
      const expected = sum / (3 * 3 * n);
      expect(Math.abs(loss.evaluate(weights) / expected - 1)).toBeLessThan(1e-12);
    });

    it(`in ${dimension}-d has a gradient within 1e-7 of central differences`, () => {
      const gradient = new Float64Array(network.size);
      expect(loss.evaluate(weights, gradient)).toBe(loss.evaluate(weights));
      const scale = gradient.reduce((m, g) => Math.max(m, Math.abs(g)), 0);
      for (let i = 0; i < network.size; i++) {
        const at = weights[i] as number;
        const shifted = (s: number): number => {
          weights[i] = at + s;
          return loss.evaluate(weights);
        };
        const d = (8 * (shifted(2e-3) - shifted(-2e-3)) - (shifted(4e-3) - shifted(-4e-3))) / 24e-3;
        weights[i] = at;
        expect(Math.abs(d - (gradient[i] as number))).toBeLessThan(1e-7 * scale);
      }
    });
  }
});

describe("training the baseline on accelerations", () => {
  const { points } = springRecords({ trajectories: 100 });
  const { points: validation } = springRecords({ trajectories: 20, skip: 1000 });

  it("auto brings three springs below 1e-3 in 90 iterations, the same bits twice, and lets the event loop turn", async () => {
    let turns = 0;
    const ticking = setInterval(() => {
      turns++;
    }, 1);
    const phases = new Set<string>();
    const options = { epochs: 90, validation };
    const first = await trainBaseline(points, {
      ...options,
      onProgress: ({ phase, iterations }) => {
        phases.add(phase);
        expect(iterations).toBe(90);
      },
    });
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(phases.size).toBeGreaterThan(0);
    expect(first.trainLoss).toBeLessThan(1e-3);
    expect(first.validationLoss).toBeLessThan(1e-3);
    expect(first.iterations).toBe(90);
    expect([first.stopped, first.reachedTarget]).toEqual(["epochs", false]);
    const { model } = first;
    expect(model.parameterCount).toBe(220);
    expect(model.record.trainLoss).toBe(first.trainLoss);

    // The losses are those of the law that comes out.
    const lossOf = ({ positions, accelerations, points: count }: typeof points): number => {
      let sum = 0;
      for (let n = 0; n < count; n++) {
        const f = new Float64Array(9);
        model.potential.addForces(
          { masses: model.masses, dimension: 3 },
          positions.subarray(9 * n, 9 * n + 9),
          f,
        );
        f.forEach((force, k) => {
          sum += (force - (accelerations[9 * n + k] as number)) ** 2;
        });
      }
      return sum / (9 * count);
    };
    expect(lossOf(points) / first.trainLoss).toBeCloseTo(1, 9);
    expect(lossOf(validation) / (first.validationLoss as number)).toBeCloseTo(1, 9);

    const second = await trainBaseline(points, options);
    expect(second.model.weights).toEqual(model.weights);
    expect(second.trainLoss).toBe(first.trainLoss);
    const other = await trainBaseline(points, { ...options, epochs: 5, seed: 101 });
    expect(other.model.weights).not.toEqual(model.weights);
  });

  it("reaches a target and stops there", async () => {
    const result = await trainBaseline(points, { until: 0.02, hidden: [6] });
    expect([result.stopped, result.reachedTarget]).toEqual(["target", true]);
    expect(result.trainLoss).toBeLessThanOrEqual(0.02);
    expect(result.validationLoss).toBeNull();
    expect(result.milestones.at(-1)?.loss).toBe(0.02);
  });

  it("learns forces of unequal masses and three hidden layers", async () => {
    const masses = [1, 3, 0.5];
    const heavy = springRecords({ masses, dimension: 2, trajectories: 60 }).points;
    const result = await trainBaseline(heavy, {
      hidden: [8, 6, 4],
      epochs: 60,
    });
    expect(result.trainLoss).toBeLessThan(1e-2);
    expect(result.model.masses).toEqual(Float64Array.from(masses));
  });

  for (const [optimizer, epochs, below] of [
    ["adam", 150, 0.7],
    ["lbfgs", 60, 0.05],
  ] as const)
    it(`${optimizer} lowers the loss to ${below} of that at its start in ${epochs} epochs`, async () => {
      const few = springRecords({ trajectories: 20 }).points;
      const losses: number[] = [];
      const result = await trainBaseline(few, {
        optimizer,
        epochs,
        learningRate: 0.01,
        onProgress: ({ loss }) => losses.push(loss),
      });
      expect(losses.length).toBe(epochs);
      expect(result.trainLoss).toBeLessThan(below * (losses[0] as number));
      expect(result.model.record.optimizer).toBe(optimizer);
    });

  for (const optimizer of ["auto", "adam", "lbfgs"] as const)
    it(`${optimizer} ends by its patience of 30 iterations long before 20,000, with the bits of as many epochs`, async () => {
      const few = springRecords({ trajectories: 5 }).points;
      const options = { optimizer, hidden: [2], validation, learningRate: 0.1 };
      const patient = await trainBaseline(few, { ...options, epochs: 20_000, patience: 30 });
      expect(patient.stopped).toBe("converged");
      expect(patient.iterations).toBeGreaterThan(30);
      expect(patient.iterations).toBeLessThan(5000);
      const bounded = await trainBaseline(few, { ...options, epochs: patient.iterations });
      expect(bounded.stopped).not.toBe("target");
      expect(bounded.model.weights).toEqual(patient.model.weights);
    });

  it("stops when told, with the best model so far", async () => {
    const signal = { aborted: false };
    const result = await trainBaseline(points, {
      signal,
      onProgress: ({ iteration }) => {
        signal.aborted = iteration >= 4;
      },
    });
    expect([result.stopped, result.iterations]).toEqual(["aborted", 4]);
    expect(Number.isFinite(result.trainLoss)).toBe(true);
    const short = await trainBaseline(points, { timeLimit: 0.05 });
    expect(short.stopped).toBe("time-limit");
    expect(short.trainSeconds).toBeLessThan(2);
  });

  it("refuses what it cannot learn from", async () => {
    const one = { ...points, points: 0 };
    const flat = springRecords({ dimension: 2, trajectories: 1 }).points;
    const nan = { ...points, accelerations: points.accelerations.map(() => Number.NaN) };
    const same = {
      ...points,
      positions: points.positions.map((_, k) => k % 9),
      accelerations: points.accelerations.map(() => 0),
    };
    const rows = [
      [one, {}, "too-few-points points"],
      [nan, {}, "not-finite points.accelerations"],
      [{ ...points, positions: new Float64Array(4) }, {}, "bad-shape points.positions"],
      [same, {}, "too-few-points points"],
      [{ ...points, masses: Float64Array.of(1, 1) }, {}, "bad-shape points.masses"],
      [{ ...points, masses: Float64Array.of(1, 1, -1) }, {}, "bad-mass points.masses"],
      [points, { validation: { ...validation, particles: 2 } }, "bad-shape validation.masses"],
      [points, { validation: flat }, "bad-shape validation"],
      [points, { hidden: [0] }, "bad-hidden-widths hidden"],
      [points, { seed: 0.5 }, "bad-option seed"],
      [points, { epochs: 0 }, "bad-option epochs"],
      [points, { patience: 1.5 }, "bad-option patience"],
      [points, { timeLimit: -1 }, "bad-option timeLimit"],
      [points, { learningRate: 0 }, "bad-option learningRate"],
      [points, { until: Number.NaN }, "bad-option until"],
      [points, { optimizer: "sgd" as "adam" }, "bad-option optimizer"],
    ] as const;
    for (const [data, options, code] of rows)
      expect(await codeOf(() => trainBaseline(data, options))).toBe(code);
  });
});

describe("training the baseline on trajectories", () => {
  const { set } = springRecords({ trajectories: 20 });
  const validation = springRecords({ trajectories: 5, skip: 200 }).set;

  it("lowers the rollout loss below that of the fit to accelerations, the same bits twice", async () => {
    const losses: number[] = [];
    const options = { hidden: [6], epochs: 15 };
    const result = await trainLnnOnTrajectories(set, {
      ...options,
      onProgress: ({ phase, loss }) => {
        if (phase === "L-BFGS") losses.push(loss);
      },
    });
    expect(result.trainLoss).toBeLessThan(1e-4);
    expect(result.trainLoss).toBeLessThan(losses[0] as number);
    expect([result.dt, result.dtSource]).toEqual([0.01, "provenance"]);
    const { kind, record: kept } = result.model;
    expect([kind, kept.loss, kept.stride]).toEqual(["lnn", "rollout", 10]);
    const again = await trainLnnOnTrajectories(set, options);
    expect(again.model.weights).toEqual(result.model.weights);
  });

  it("chooses the weights by the validation trajectories", async () => {
    const result = await trainLnnOnTrajectories(set, {
      hidden: [4],
      optimizer: "lbfgs",
      epochs: 20,
      validation,
    });
    expect(result.validationLoss).toBeGreaterThan(0);
    expect(result.validationLoss).toBeLessThan(0.1);
  });

  it("refuses trajectories without velocities and validation of other particles", async () => {
    const { velocities: _, ...positionsOnly } = set;
    expect(await codeOf(() => trainLnnOnTrajectories(positionsOnly))).toBe(
      "missing-velocities data.velocities",
    );
    const other = springRecords({ dimension: 2, trajectories: 2 }).set;
    expect(await codeOf(() => trainLnnOnTrajectories(set, { validation: other }))).toBe(
      "bad-shape validation",
    );
  });
});
