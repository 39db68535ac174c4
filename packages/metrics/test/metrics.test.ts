import {
  createState,
  createSystem,
  gravity,
  isMclnnError,
  linearSpring,
  type ParticleSystem,
  pairwise,
  potentialEnergy,
  quarticSpring,
  type State,
  sumOfForces,
  type Trajectory,
} from "@mclnn/physics";
import { harmonicTrap, linearDrag } from "@mclnn/physics/forces";
import { shifted } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import {
  alignEnergy,
  chaosFloor,
  conservation,
  errorSeries,
  geometricMeanRelativeError,
  lengths,
  motionSeries,
  observableSeries,
  positionErrors,
  slopeError,
  summarise,
  totalOffset,
  validTime,
} from "../src/index.ts";

/** Two bodies on a circle about their centre, in closed form: separation 1, G = 1, angular velocity sqrt(2). */
function circle(dimension: 2 | 3, times: readonly number[], phase = 0): Trajectory {
  const omega = Math.sqrt(2);
  const z = dimension === 3 ? [0] : [];
  const at = (f: (angle: number) => number[]): number[] =>
    times.flatMap((t) => f(omega * t + phase));
  return {
    particles: 2,
    dimension,
    times: Float64Array.from(times),
    positions: Float64Array.from(
      at((a) => [
        0.5 * Math.cos(a),
        0.5 * Math.sin(a),
        ...z,
        -0.5 * Math.cos(a),
        -0.5 * Math.sin(a),
        ...z,
      ]),
    ),
    velocities: Float64Array.from(
      at((a) => [
        -0.5 * omega * Math.sin(a),
        0.5 * omega * Math.cos(a),
        ...z,
        0.5 * omega * Math.sin(a),
        -0.5 * omega * Math.cos(a),
        ...z,
      ]),
    ),
  };
}

const TIMES = Array.from({ length: 50 }, (_, k) => 0.1 * k);
const binary = (dimension: 2 | 3): ParticleSystem =>
  createSystem({ masses: [1, 1], dimension, potential: pairwise(gravity()) });

describe.each([2, 3] as const)("a circular orbit in %i-D", (dimension) => {
  const system = binary(dimension);
  const orbit = circle(dimension, TIMES);

  it("has T = 1/2, V = -1, P = 0 and L = sqrt(2)/2 at every record", () => {
    const s = observableSeries(system, orbit);
    TIMES.forEach((_, k) => {
      expect(s.kineticEnergy[k]).toBeCloseTo(0.5, 14);
      expect(s.potentialEnergy[k]).toBeCloseTo(-1, 14);
      expect(s.lagrangian[k]).toBeCloseTo(1.5, 14);
      expect(s.hamiltonian[k]).toBeCloseTo(-0.5, 14);
    });
    expect(Math.max(...lengths(s.linearMomentum, dimension))).toBeLessThan(1e-15);
    const axes = dimension === 3 ? 3 : 1;
    for (const l of lengths(s.angularMomentum, axes)) expect(l).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it("of a force without an energy: motion alone, bit for bit, and an error for the rest", () => {
    const dragged = { ...system, potential: sumOfForces(system.potential, linearDrag()) };
    const { times, kineticEnergy, linearMomentum, angularMomentum } = observableSeries(
      system,
      orbit,
    );
    expect(motionSeries(dragged, orbit)).toEqual({
      ...{ times, kineticEnergy, linearMomentum, angularMomentum },
    });
    expect(() => observableSeries(dragged, orbit)).toThrow(
      expect.objectContaining({ code: "no-energy" }),
    );
  });

  it("a phase apart: the position error is the chord, everything else is equal", () => {
    const errors = errorSeries(system, circle(dimension, TIMES, 0.2), orbit);
    for (const e of errors.position) expect(e).toBeCloseTo(2 * 0.5 * Math.sin(0.1), 14);
    for (const key of ["lagrangian", "hamiltonian", "linearMomentum", "angularMomentum"] as const)
      expect(Math.max(...errors[key])).toBeLessThan(1e-14);
    expect(positionErrors(circle(dimension, TIMES, 0.2), orbit)).toEqual(errors.position);
  });

  it("a boost is an error of momentum of its own size", () => {
    const v = (orbit.velocities as Float64Array).map((x, k) => x + (k % dimension === 0 ? 0.1 : 0));
    const errors = errorSeries(system, { ...orbit, velocities: v }, orbit);
    for (const e of errors.linearMomentum) expect(e).toBeCloseTo(0.2, 14);
  });
});

describe("errorSeries", () => {
  const system = binary(2);

  it("compares what both runs have", () => {
    const short = circle(2, TIMES.slice(0, 7));
    expect(errorSeries(system, short, circle(2, TIMES)).position.length).toBe(7);
    expect(errorSeries(system, circle(2, TIMES), short).times.length).toBe(7);
  });

  it.each<[string, Trajectory, string]>([
    [
      "positions only",
      (({ velocities: _, ...rest }) => rest)(circle(2, TIMES)),
      "missing-velocities",
    ],
    ["other particles", { ...circle(2, TIMES), particles: 1 }, "bad-shape"],
    [
      "positions cut short",
      { ...circle(2, TIMES), positions: circle(2, TIMES).positions.slice(1) },
      "bad-shape",
    ],
    [
      "other times",
      circle(
        2,
        TIMES.map((t) => 2 * t),
      ),
      "different-times",
    ],
  ])("refuses %s", (_, run, code) => {
    let caught: unknown;
    try {
      errorSeries(system, run, circle(2, TIMES));
    } catch (error) {
      caught = error;
    }
    expect(isMclnnError(caught) && caught.code).toBe(code);
  });
});

describe.each([2, 3] as const)("against naive sums, %i-D, random runs", (dimension) => {
  const particles = 4;
  const records = 7;
  const masses = [1, 2.5, 0.3, 4];
  const system = createSystem({ masses, dimension, potential: pairwise(quarticSpring()) });
  let x = dimension;
  const draw = (): number => {
    x = (x * 48271) % 2147483647;
    return x / 2147483647 - 0.5;
  };
  const random = (): Trajectory => ({
    particles,
    dimension,
    times: Float64Array.from({ length: records }, (_, k) => 0.1 * k),
    positions: Float64Array.from({ length: records * particles * dimension }, draw),
    velocities: Float64Array.from({ length: records * particles * dimension }, draw),
  });
  const [run, truth] = [random(), random()];

  /** T, V, P and Lang of one record, written as in a textbook. */
  function naive({ positions, velocities = new Float64Array(0) }: Trajectory, k: number) {
    const at = (a: Float64Array, i: number): number[] => {
      const v = [...a.slice((k * particles + i) * dimension, (k * particles + i + 1) * dimension)];
      return [...v, ...new Array<number>(3 - dimension).fill(0)];
    };
    let t = 0;
    let v = 0;
    const p = [0, 0, 0];
    const l = [0, 0, 0];
    masses.forEach((m, i) => {
      const [q, u] = [at(positions, i), at(velocities, i)] as [number[], number[]];
      t += (m / 2) * u.reduce((s, c) => s + c * c, 0);
      for (let j = 0; j < i; j++)
        v += (Math.hypot(...at(positions, j).map((c, a) => c - (q[a] as number))) - 1) ** 4 / 2;
      for (let a = 0; a < 3; a++) {
        const [b, c] = [(a + 1) % 3, (a + 2) % 3];
        p[a] = (p[a] as number) + m * (u[a] as number);
        l[a] =
          (l[a] as number) +
          m * ((q[b] as number) * (u[c] as number) - (q[c] as number) * (u[b] as number));
      }
    });
    return { t, v, p, l, q: masses.map((_, i) => at(positions, i)) };
  }
  const apart = (a: number[], b: number[]): number =>
    Math.hypot(...a.map((c, k) => c - (b[k] as number)));

  it("observables and errors agree to 1e-14", () => {
    const series = observableSeries(system, run);
    const errors = errorSeries(system, run, truth);
    for (let k = 0; k < records; k++) {
      const [a, b] = [naive(run, k), naive(truth, k)];
      const axes = dimension === 3 ? 3 : 1;
      for (const [got, expected] of [
        [series.kineticEnergy[k], a.t],
        [series.potentialEnergy[k], a.v],
        [series.lagrangian[k], a.t - a.v],
        [series.hamiltonian[k], a.t + a.v],
        [lengths(series.linearMomentum, dimension)[k], Math.hypot(...a.p)],
        [lengths(series.angularMomentum, axes)[k], Math.hypot(...a.l)],
        [errors.kineticEnergy[k], Math.abs(a.t - b.t)],
        [errors.potentialEnergy[k], Math.abs(a.v - b.v)],
        [errors.lagrangian[k], Math.abs(a.t - a.v - b.t + b.v)],
        [errors.hamiltonian[k], Math.abs(a.t + a.v - b.t - b.v)],
        [errors.linearMomentum[k], apart(a.p, b.p)],
        [errors.angularMomentum[k], apart(a.l, b.l)],
        [
          errors.position[k],
          a.q.reduce((s, q, i) => s + apart(q, b.q[i] as number[]), 0) / particles,
        ],
      ] as const)
        expect(Math.abs((got as number) - expected)).toBeLessThan(1e-14);
    }
  });
});

it("positions of other particles are not compared", () => {
  expect(() => positionErrors(circle(2, TIMES), circle(3, TIMES))).toThrow(/different particles/);
});

describe("summaries", () => {
  it("mean and maximum of absolute values; null where there is none", () => {
    expect(summarise(Float64Array.of(1, -3, 2))).toEqual({ mae: 2, max: 3 });
    expect(summarise(new Float64Array(0))).toEqual({ mae: null, max: null });
    expect(summarise(Float64Array.of(1, Number.NaN))).toEqual({ mae: null, max: null });
  });

  it("geometric mean of relative errors against its definition", () => {
    const a = Float64Array.of(1, 2, 4);
    const b = Float64Array.of(1.1, 2, 3);
    const floor = 1e-10;
    const expected = ((0.1 / 2.1) * floor * (1 / 7)) ** (1 / 3);
    expect(Number(geometricMeanRelativeError(a, b, { floor })) / expected).toBeCloseTo(1, 10);
    expect(
      geometricMeanRelativeError(Float64Array.of(3, 4), Float64Array.of(0, 0), { components: 2 }),
    ).toBeCloseTo(1, 14);
  });

  it("geometric mean: null where a record is no number, or there is none", () => {
    const one = Float64Array.of(1, 1);
    expect(geometricMeanRelativeError(Float64Array.of(1, Number.NaN), one)).toBeNull();
    expect(geometricMeanRelativeError(one, Float64Array.of(1, Infinity))).toBeNull();
    expect(geometricMeanRelativeError(new Float64Array(0), one)).toBeNull();
    expect(geometricMeanRelativeError(one, one)).toBeCloseTo(2 ** -53, 30);
    expect(() => geometricMeanRelativeError(one, one, { floor: 0 })).toThrow(/floor/);
    expect(() => geometricMeanRelativeError(one, one, { components: 3 })).toThrow(/whole vectors/);
  });

  it("valid time refuses a bound that is none, and errors of other times", () => {
    const times = Float64Array.of(0, 1);
    expect(() => validTime(times, times, Number.NaN)).toThrow(/bound/);
    expect(() => validTime(times, Float64Array.of(1), 1)).toThrow(/expected 2 errors, got 1/);
  });

  it("valid time is the first beyond the bound, and counts what is no number", () => {
    const times = Float64Array.of(0, 1, 2, 3);
    expect(validTime(times, Float64Array.of(0, 0.2, 0.05, 1), 0.1)).toBe(1);
    expect(validTime(times, Float64Array.of(0, 0, Number.NaN, 0), 0.1)).toBe(2);
    expect(validTime(times, Float64Array.of(0, 0, 0, 0.1), 0.1)).toBeNull();
  });
});

describe("conservation", () => {
  const times = Float64Array.from({ length: 2000 }, (_, k) => 0.1 * k);

  it("tells a fluctuation from a trend", () => {
    const bounded = conservation(
      times,
      times.map((t) => 5 + 1e-3 * Math.sin(3 * t)),
    );
    expect(bounded.start).toEqual(Float64Array.of(5));
    expect(bounded.maxDrift).toBeCloseTo(1e-3, 5);
    expect(Math.abs(Number(bounded.slope))).toBeLessThan(3 * Number(bounded.slopeStandardError));
    const drifting = conservation(
      times,
      times.map((t) => 5 + 1e-4 * t + 1e-3 * Math.sin(3 * t)),
    );
    expect(drifting.slope).toBeCloseTo(1e-4, 6);
    expect(drifting.slope).toBeGreaterThan(10 * Number(drifting.slopeStandardError));
  });

  it("slope and standard error are those of a least-squares line for white residuals", () => {
    let x = 1;
    const noise = times.map(() => {
      x = (x * 48271) % 2147483647;
      return x / 2147483647 - 0.5;
    });
    const line = conservation(times, noise);
    const [slope, slopeStandardError] = [Number(line.slope), Number(line.slopeStandardError)];
    expect(Math.abs(slope)).toBeLessThan(4 * slopeStandardError);
    const spacing = 200 / Math.sqrt(12);
    expect(slopeStandardError / (Math.sqrt(1 / 12) / spacing / Math.sqrt(2000))).toBeCloseTo(1, 1);
  });

  describe.each([
    ["five records that rise and fall slowly", [0, 1, 2, 3, 5], [2, 2.5, 2.4, 1.2, 1.1]],
    ["records that swing to and fro count as they are", [0, 1, 2, 3, 4, 5], [1, -1, 2, -1, 1, -2]],
    ["three records, as few as can be", [0, 1, 2.5], [1, 3, 2]],
    [
      "a slow swing counts less often than it was recorded",
      Array.from({ length: 200 }, (_, k) => k),
      Array.from({ length: 200 }, (_, k) => Math.cos(0.3 * k) + 0.3 * Math.cos(2.1 * k * k)),
    ],
  ])("%s", (_, times, values) => {
    it("gives slope and standard error by the definition, to 1e-12", () => {
      const n = times.length;
      const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / n;
      const [t, x] = [times, values].map((all) => all.map((one) => one - mean(all)));
      const dot = (a: readonly number[], b: readonly number[]): number =>
        a.reduce((sum, one, k) => sum + one * (b[k] as number), 0);
      const slope = dot(t as number[], x as number[]) / dot(t as number[], t as number[]);
      const residuals = (x as number[]).map((one, k) => one - slope * (t?.[k] as number));
      const lag = dot(residuals.slice(1), residuals.slice(0, -1)) / dot(residuals, residuals);
      const c = Math.max(lag, 0);
      const independent = Math.max(3, (n * (1 - c)) / (1 + c));
      const found = conservation(Float64Array.from(times), Float64Array.from(values));
      const expected = Math.sqrt(
        dot(residuals, residuals) / (independent - 2) / dot(t as number[], t as number[]),
      );
      expect(Math.abs(Number(found.slope) - slope)).toBeLessThan(1e-12);
      expect(Math.abs(Number(found.slopeStandardError) / expected - 1)).toBeLessThan(1e-12);
    });
  });

  it("a slope of 1e-3 on an offset of 1e9 is found to 1e-9", () => {
    const t = Float64Array.from({ length: 300 }, (_, k) => 0.1 * k + Math.sqrt(k));
    const line = conservation(
      t,
      t.map((x) => 1e9 + 1e-3 * x),
    );
    expect(Math.abs(Number(line.slope) - 1e-3)).toBeLessThan(1e-9);
  });

  it("a line is found exactly: slope -2 without error, of a vector the length of its slopes", () => {
    const t = Float64Array.of(0, 1, 3, 4);
    const line = conservation(
      t,
      t.map((x) => 7 - 2 * x),
    );
    expect(line.slope).toBeCloseTo(-2, 14);
    expect(line.slopeStandardError).toBeLessThan(1e-14);
    const vector = Float64Array.from([...t].flatMap((x) => [3 * x, 5, 1 - 4 * x]));
    expect(conservation(t, vector, 3).slope).toBeCloseTo(5, 14);
  });

  it("what too few records do not determine is null", () => {
    const [none, one] = [1, 2].map((n) => conservation(times.slice(0, n), times.slice(0, n)));
    expect([none?.maxDrift, none?.slope, none?.slopeStandardError]).toEqual([0, null, null]);
    expect(one?.slope).toBeCloseTo(1, 12);
    expect(one?.slopeStandardError).toBeNull();
  });

  it.each<[string, Float64Array, Float64Array, RegExp]>([
    ["no records", Float64Array.of(), Float64Array.of(), /one or more records/],
    ["other lengths", Float64Array.of(0, 1), Float64Array.of(0), /1 values at 2 times/],
    ["NaN", Float64Array.of(0, 1), Float64Array.of(0, Number.NaN), /not finite at record 1/],
    [
      "NaN at once",
      Float64Array.of(0, 1),
      Float64Array.of(Number.NaN, 0),
      /not finite at record 0/,
    ],
    ["times that stand", Float64Array.of(0, 0), Float64Array.of(0, 1), /do not increase/],
  ])("refuses %s", (_, t, series, message) => {
    expect(() => conservation(t, series)).toThrow(message);
  });

  it("measures vectors by their distance from the start", () => {
    const { maxDrift } = conservation(Float64Array.of(0, 1), Float64Array.of(1, 1, 4, 5), 2);
    expect(maxDrift).toBe(5);
  });
});

describe("laws", () => {
  it("alignment finds a shift and nothing else", () => {
    const truth = linearSpring();
    const offset = alignEnergy(shifted(truth, -0.7), truth, [0.8, 1.2, 1.7]);
    expect(offset).toBeCloseTo(0.7, 14);
    // The mean over the separations, not a fit of slope or scale.
    expect(alignEnergy(quarticSpring(), truth, [1.5])).toBeCloseTo(0.125 - 0.03125, 14);
    expect(totalOffset(0.7, 6)).toBeCloseTo(0.7 * 15, 14);
    expect(() => alignEnergy(truth, truth, [])).toThrow(/one or more separations/);
  });

  it("slope error over separations and over ranges", () => {
    const learned = { slope: (r: number) => r - 1 + 0.1 * (r > 1.5 ? 1 : -0.5) };
    const truth = linearSpring();
    const at = slopeError(learned, truth, { separations: [1.2, 1.6, 1.8] });
    expect(at.mean).toBeCloseTo(0.25 / 3, 14);
    expect(at.max).toBeCloseTo(0.1, 14);
    expect(at.relativeMean).toBeCloseTo(0.25 / 1.6, 14);
    expect(at.range).toEqual([[1.2, 1.8]]);
    const over = slopeError(learned, truth, { ranges: [[1, 2]] });
    expect(over.mean).toBeCloseTo(0.075, 3);
    expect(over.range).toEqual([[1, 2]]);
  });
});

describe("laws that cannot be compared", () => {
  const truth = linearSpring();
  const holed = {
    energy: (r: number) => (r === 1.5 ? Number.NaN : r),
    slope: (r: number) => (r === 1.5 ? Number.POSITIVE_INFINITY : 1),
  };

  it("say at which separation they are not finite", () => {
    expect(() => alignEnergy(holed, truth, [1, 1.5])).toThrow(/separation 1.5: .*NaN learned/);
    expect(() => slopeError(truth, holed, { separations: [1, 1.5] })).toThrow(
      /separation 1.5: .*Infinity true/,
    );
  });

  it("ranges have to be ranges", () => {
    for (const [range, message] of [
      [[2, 1], /from <= to/],
      [[1, Number.NaN], /finite numbers, got NaN at index 1/],
    ] as const)
      expect(() => slopeError(truth, truth, { ranges: [range] })).toThrow(message);
  });

  it("there is no relative error of a law that is flat", () => {
    const flat = { slope: () => 0 };
    expect(slopeError(truth, flat, { separations: [1.5] })).toMatchObject({
      mean: 0.5,
      relativeMean: null,
    });
  });
});

it("alignment of the pair energy counts N (N - 1) / 2 times in the energy of N bodies", () => {
  // Three bodies fix the constant, six must then agree without another.
  const truth = quarticSpring();
  const learned = shifted(truth, 0.3);
  const offset = alignEnergy(learned, truth, [0.9, 1.1, 1.4]);
  for (const particles of [3, 6]) {
    const positions = Float64Array.from({ length: 3 * particles }, (_, k) => Math.sin(7 * k));
    const energy = (pair: typeof truth): number =>
      potentialEnergy(
        createSystem({
          masses: new Float64Array(particles).fill(1),
          dimension: 3,
          potential: pairwise(pair),
        }),
        positions,
      );
    expect(energy(learned) + totalOffset(offset, particles)).toBeCloseTo(energy(truth), 12);
  }
});

describe("chaos floor", () => {
  it("starts the true system 1e-4 away, its centre of mass where it was", () => {
    const system = createSystem({ masses: [2, 6], dimension: 2, potential: harmonicTrap() });
    const start = createState(
      {
        positions: [
          [1, 0],
          [0, 1],
        ],
        velocities: [
          [0, 0],
          [0, 0],
        ],
      },
      { dimension: 2 },
    );
    // Free oscillators of period 2 pi / sqrt(1 / m) in closed form.
    const roll = (s: State): Trajectory => ({
      particles: 2,
      dimension: 2,
      times: Float64Array.of(0, 1),
      positions: Float64Array.from([
        ...s.positions,
        ...s.positions.map((x, k) => x * Math.cos(Math.sqrt(1 / (k < 2 ? 2 : 6)))),
      ]),
      velocities: new Float64Array(8),
    });
    const kept = createState(start, { dimension: 2 });
    const { position } = chaosFloor(system, start, roll(start), (moved) => {
      const run = roll(moved);
      // What is rolled out is not the start itself.
      moved.velocities.fill(9);
      return run;
    });
    expect(start).toEqual(kept);
    // Particle 0 moves by 3/4 of the offset, particle 1 by 1/4 the other way.
    expect(position[0]).toBeCloseTo(0.5e-4, 16);
    expect(position[1]).toBeCloseTo(
      0.5e-4 * (0.75 * Math.cos(Math.sqrt(1 / 2)) + 0.25 * Math.cos(Math.sqrt(1 / 6))),
      9,
    );
    expect(() => chaosFloor(system, start, roll(start), roll, 0)).toThrow(/offset/);
  });
});
