import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { type Candidate, createTerm, type Frame, Linear, terms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { LOOKUP } from "../src/engine/pair-rollout.ts";
import { createTrainingData, type TrainingData } from "../src/records/training-data.ts";
import { outsideTerms, questionsOf } from "../src/terms/catalogue.ts";
import { massStep, massTerm, movedMass } from "../src/terms/masses.ts";
import { seenIn } from "../src/terms/seen.ts";

const PARTICLES = 4;

/** Particles anywhere, of unequal masses. */
function randomData(dimension: 2 | 3, coupling: "none" | "mass-product" = "none"): TrainingData {
  const random = createRandom(dimension);
  const [trajectories, records] = [2, 3];
  const numbers = (): Float64Array =>
    Float64Array.from({ length: trajectories * records * PARTICLES * dimension }, () =>
      random.normal(),
    );
  const set: TrajectorySet = {
    trajectories,
    records,
    particles: PARTICLES,
    dimension,
    times: Float64Array.of(0, 0.1, 0.2),
    masses: Float64Array.of(1, 2, 0.5, 1.5),
    positions: numbers(),
    velocities: numbers(),
    provenance: {},
  };
  return createTrainingData(set, { coupling });
}

/** V' of the law that frames are looked up with. */
const slope = (r: number): number => r - 1 + 0.2 * r * r;
const curvature = (r: number): number => 1 + 0.4 * r;

function frameOf(data: TrainingData, positions: Float64Array, velocities: Float64Array): Frame {
  const { pairs: count, pairI, pairJ, scaleI, scaleJ } = data;
  const lookups = new Float64Array(count * LOOKUP);
  for (let p = 0; p < count; p++) {
    const d = [0, 1, 2].map((c) => positions[pairI[p] + c] - positions[pairJ[p] + c]);
    const r = Math.hypot(...d);
    lookups.set([...d.map((x) => x / r), slope(r) / r, curvature(r), 0], p * LOOKUP);
  }
  const pairs = { count, pairI, pairJ, scaleI, scaleJ, lookups, stride: LOOKUP };
  return { trajectory: 0, time: 0, positions, velocities, pairs };
}

const firstFrame = (data: TrainingData): Frame =>
  frameOf(
    data,
    data.positions.slice(0, data.components),
    data.startVelocities.slice(0, data.components),
  );

/** What a unit of each coefficient accelerates. [size][components] */
function sources({ size, linearise }: Candidate, frame: Frame): Float64Array[] {
  const into = new Linear();
  linearise(frame, new Float64Array(size), into);
  const out = Array.from({ length: size }, () => new Float64Array(frame.positions.length));
  for (let s = 0; s < into.sources; s++)
    out[into.sourceCoefficient[s]][into.sourceRow[s]] += into.sourceValue[s];
  return out;
}

const SPECIES = Int32Array.of(0, 0, 1, 1);

describe.each([2, 3] as const)("what data are asked for in %i dimensions", (dimension) => {
  const data = randomData(dimension);
  const frame = firstFrame(data);
  const questions = questionsOf({ data, species: SPECIES });
  const named = (kind: string): Candidate => {
    const question = questions.find(({ finding }) => finding.kind === kind);
    if (question === undefined) throw new Error(`no ${kind}`);
    return question.candidates[0];
  };
  const sum = (f: (k: number) => number): number =>
    Array.from({ length: PARTICLES }, (_, i) => f(3 * i)).reduce((a, b) => a + b);

  it("is every kind once, an acceleration and a force where masses differ", () => {
    expect(questions.map(({ finding, size }) => [finding.kind, size])).toEqual([
      ...terms.flatMap(({ finding, name, candidate }) => {
        if (finding === null) return [];
        const term = createTerm(candidate?.(seenIn(data)) ?? { name }, data);
        return [[finding.kind, 2 * term.size]];
      }),
      ["non-central", dimension === 3 ? 3 : 1],
      ["direction", dimension - 1],
      ["masses", PARTICLES - 1],
      ["three-body", 3],
      ["species", 6],
    ]);
    expect(questions.slice(0, 4).map(({ size }) => size)).toEqual(
      dimension === 3 ? [6, 2, 2, 6] : [4, 2, 2, 2],
    );
    const own = { terms: [{ name: "quadratic-drag" }], values: Float64Array.of(0.1) };
    expect(outsideTerms(data, own).map(({ term }) => term.spec.name)).toEqual(
      expect.arrayContaining(["quadratic-drag", "field", "trap", "drag", "magnetic"]),
    );
  });

  it.each([
    ["non-central", false],
    ["direction", true],
    ["species", true],
    ["three-body", true],
  ] as const)(
    "%s keeps the total momentum, below 1e-12, and the angular momentum: %s",
    (kind, turnsNothing) => {
      const { positions: q } = frame;
      const { masses } = data;
      for (const a of sources(named(kind), frame)) {
        for (let axis = 0; axis < 3; axis++)
          expect(Math.abs(sum((o) => masses[o / 3] * a[o + axis]))).toBeLessThan(1e-12);
        const torques = [0, 1, 2].map((axis) => {
          const [b, c] = [(axis + 1) % 3, (axis + 2) % 3];
          return sum((o) => masses[o / 3] * (q[o + b] * a[o + c] - q[o + c] * a[o + b]));
        });
        if (turnsNothing) expect(Math.max(...torques.map(Math.abs))).toBeLessThan(1e-12);
        else expect(Math.max(...torques.map(Math.abs))).toBeGreaterThan(1e-3);
      }
    },
  );

  it("divides by the masses what the law accelerates", () => {
    const law = new Float64Array(frame.positions.length);
    const lookups = frame.pairs?.lookups ?? new Float64Array();
    for (let p = 0; p < data.pairs; p++)
      for (let c = 0; c < 3; c++) {
        const [i, j, u] = [data.pairI[p], data.pairJ[p], p * LOOKUP];
        const x = lookups[u + 3] * (frame.positions[i + c] - frame.positions[j + c]);
        law[i + c] -= x * data.scaleI[p];
        law[j + c] += x * data.scaleJ[p];
      }
    const all = sources(named("masses"), frame);
    for (let i = 1; i < PARTICLES; i++)
      for (let c = 0; c < 3; c++) expect(all[i - 1][3 * i + c]).toBeCloseTo(-law[3 * i + c], 12);
  });
});

describe.each([
  [2, "none"],
  [3, "none"],
  [2, "mass-product"],
  [3, "mass-product"],
] as const)("masses in %i dimensions, coupling %s", (dimension, coupling) => {
  const data = randomData(dimension, coupling);
  const term = massTerm(data);
  const { positions, velocities } = firstFrame(data);
  const at = (q: Float64Array, c: Float64Array): Float64Array => {
    const out = new Float64Array(q.length);
    term.accelerate(frameOf(data, q, velocities), c, out);
    return out;
  };
  const c = Float64Array.of(0.3, -0.2, 0.5);

  it("says to first order what differences of its accelerations say, to 1e-7", () => {
    const into = new Linear();
    term.linearise(frameOf(data, positions, velocities), c, into);
    const h = 1e-5;
    const check = (
      rows: Int32Array,
      columns: Int32Array,
      values: Float64Array,
      count: number,
      x: Float64Array,
      f: (x: Float64Array) => Float64Array,
    ): void => {
      const told = new Float64Array(positions.length * x.length);
      for (let s = 0; s < count; s++) told[rows[s] * x.length + columns[s]] += values[s];
      x.forEach((_, k) => {
        const moved = (by: number): Float64Array => f(x.map((y, m) => (m === k ? y + by : y)));
        const [above, below] = [moved(h), moved(-h)];
        above.forEach((a, row) => {
          // Across the plane there is nothing to be told.
          if (dimension === 3 || (row % 3 < 2 && (x !== positions || k % 3 < 2)))
            expect(Math.abs((a - below[row]) / (2 * h) - told[row * x.length + k])).toBeLessThan(
              1e-7,
            );
        });
      });
    };
    check(into.sourceRow, into.sourceCoefficient, into.sourceValue, into.sources, c, (x) =>
      at(positions, x),
    );
    check(
      into.stiffnessRow,
      into.stiffnessColumn,
      into.stiffnessValue,
      into.stiffnesses,
      positions,
      (x) => at(x, c),
    );
  });

  it("are what other masses make of the law", () => {
    const ratios = term.constants(c)[0].value as readonly number[];
    const law = (masses: Float64Array): Float64Array => {
      const out = new Float64Array(positions.length);
      for (let p = 0; p < data.pairs; p++) {
        const [i, j] = [data.pairI[p], data.pairJ[p]];
        const w = coupling === "none" ? 1 : masses[i / 3] * masses[j / 3];
        const d = [0, 1, 2].map((a) => positions[i + a] - positions[j + a]);
        const r = Math.hypot(...d);
        d.forEach((x, a) => {
          const f = (w * slope(r) * x) / r;
          out[i + a] -= f / masses[i / 3];
          out[j + a] += f / masses[j / 3];
        });
      }
      return out;
    };
    const before = law(data.masses);
    const after = law(data.masses.map((m, i) => (i === 0 ? m : m * ratios[i - 1])));
    at(positions, c).forEach((more, k) => {
      expect(Math.abs(before[k] + more - after[k])).toBeLessThan(1e-12);
    });
  });

  it("move by what their logarithms are told, and never by more than e^2 at once", () => {
    expect(massStep(3)).toBe(2);
    expect(massStep(-9)).toBe(-2);
    expect(movedMass(2, 5)).toBeCloseTo(2 * Math.exp(2), 12);
    expect(term.moved?.(c, Float64Array.of(0.1, 5, -5))).toEqual(
      Float64Array.of(0.3 + 0.1, -0.2 + 2, 0.5 - 2),
    );
  });
});
