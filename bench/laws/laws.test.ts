import { decodeTrajectorySet, encodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { rollout, velocityVerlet } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { createState, hamiltonian, linearMomentum, MclnnError, stateAt } from "@mclnn/physics";
import { figureSvg } from "@mclnn/report";
import { describe, expect, it } from "vitest";
import { bSplines } from "./b-splines.ts";
import {
  averaged,
  type Cell,
  type CellResult,
  errorBound,
  failedOutcome,
  isLearned,
  type Learned,
  succeeded,
} from "./cell.ts";
import { runCoverage } from "./coverage.ts";
import { lawsDocument } from "./document.ts";
import { lawsFigure } from "./figure.ts";
import { formulaCases, formulasDocument } from "./formulas.ts";
import { kernelLeastSquares } from "./kernel-least-squares.ts";
import { runMasses } from "./masses.ts";
import { follow, heldOutStart, referenceData, setSeparations } from "./reference-data.ts";
import { runCell } from "./run-cell.ts";
import { lawSystemByName, lawSystems } from "./systems/catalogue.ts";
import type { LawSystem } from "./systems/law-system.ts";

const MAKING = { command: "pnpm laws", machine: "here" };
const CLEAN = { noise: 0, velocities: "given", seed: 1 } as const;
const cell = (changes: Partial<Cell>): Cell => ({
  system: "linear-spring",
  trajectories: 10,
  ...CLEAN,
  ...changes,
});

describe("the library", () => {
  it("has at least 16 systems with names of their own, of 3 to 8 particles", () => {
    expect(lawSystems.length).toBeGreaterThanOrEqual(16);
    expect(new Set(lawSystems.map(({ name }) => name)).size).toBe(lawSystems.length);
    for (const { system } of lawSystems) {
      expect(system.masses.length).toBeGreaterThanOrEqual(3);
      expect(system.masses.length).toBeLessThanOrEqual(8);
    }
    expect(() => lawSystemByName("spring")).toThrow(/there is no system "spring"/);
  });

  it.each(lawSystems.map((lawSystem) => [lawSystem.name, lawSystem] as const))(
    "%s: V' is the derivative of V; energy within 1e-11 and momentum within 1e-11, step-halving within 1e-10 along a trajectory",
    (_, lawSystem) => {
      const { system, laws, spacing, separations } = lawSystem;
      for (const { pair } of laws)
        for (const [from, to] of separations)
          for (let k = 0; k <= 20; k++) {
            const r = Math.max(from, 0.7) + ((to - Math.max(from, 0.7)) * (k + 0.5)) / 21;
            const h = 1e-5;
            const difference = (pair.energy(r + h) - pair.energy(r - h)) / (2 * h);
            expect(Math.abs(difference - pair.slope(r))).toBeLessThan(
              1e-5 * (1 + Math.abs(pair.slope(r))),
            );
          }
      const { clean } = referenceData(lawSystem, { ...CLEAN, trajectories: 1 });
      const { positions, velocities, times } = clean;
      const run = { ...clean, positions, velocities: velocities as Float64Array, times };
      const first = stateAt(run, 0);
      const energy = hamiltonian(system, first);
      const scale = Math.max(1, Math.abs(energy));
      for (let k = 1; k < times.length; k++) {
        const state = stateAt(run, k);
        expect(Math.abs(hamiltonian(system, state) - energy) / scale).toBeLessThan(1e-11);
        for (const p of linearMomentum(system, state.velocities))
          expect(Math.abs(p)).toBeLessThan(1e-11);
      }
      // Half the interval, twice the records: the same motion.
      const finer = follow(system, first, {
        time: spacing * (times.length - 1),
        records: 2 * times.length - 1,
      });
      const size = clean.particles * clean.dimension;
      const end = finer.positions.subarray((2 * times.length - 2) * size);
      end.forEach((x, k) => {
        const at = (times.length - 1) * size + k;
        expect(Math.abs(x - positions[at])).toBeLessThan(1e-10);
      });
    },
  );
});

describe("reference data", () => {
  const spring = lawSystemByName("linear-spring");

  it("fewer trajectories are the first ones; no time step is named; a file holds them", () => {
    const many = referenceData(spring, { ...CLEAN, trajectories: 4 }).clean;
    const few = referenceData(spring, { ...CLEAN, trajectories: 2 }).clean;
    expect(few.positions).toEqual(many.positions.subarray(0, few.positions.length));
    expect(many.provenance).not.toHaveProperty("dt");
    const read = decodeTrajectorySet(encodeTrajectorySet(many), { source: "test" });
    expect(read.positions).toEqual(many.positions);
  });

  it("noise is a share of the mean separation and of the rms velocity; unknown velocities are not there", () => {
    const way = { noise: 1e-2, trajectories: 20, seed: 3 };
    const { clean, watched, sigma } = referenceData(spring, { ...way, velocities: "given" });
    const separations = setSeparations(clean);
    expect(sigma).toBeCloseTo((1e-2 * separations.reduce((s, r) => s + r, 0)) / separations.length);
    const rms = (a: Float64Array, b?: Float64Array): number =>
      Math.sqrt(a.reduce((s, x, k) => s + (x - (b?.[k] ?? 0)) ** 2, 0) / a.length);
    expect(rms(watched.positions, clean.positions) / sigma).toBeCloseTo(1, 1);
    const [v, u] = [watched.velocities, clean.velocities] as [Float64Array, Float64Array];
    expect(rms(v, u) / (1e-2 * rms(u))).toBeCloseTo(1, 1);
    const unknown = referenceData(spring, { ...way, velocities: "unknown" }).watched;
    expect(unknown.velocities).toBeUndefined();
    expect(unknown.positions).toEqual(watched.positions);
  });

  it("held-out starts are none of the training's", () => {
    const lawSystem = lawSystemByName("cubic");
    const { clean } = referenceData(lawSystem, { ...CLEAN, trajectories: 3 });
    const start = heldOutStart(lawSystem);
    expect(heldOutStart(lawSystem)).toEqual(start);
    const size = start.positions.length;
    for (let t = 0; t < 3; t++)
      expect(clean.positions.subarray(t * 20 * size, t * 20 * size + size)).not.toEqual(
        start.positions,
      );
  });
});

describe("kernel least squares", () => {
  it("B-splines are not negative and sum to 1, within the ends and beyond", () => {
    for (const degree of [1, 3]) {
      const basis = bSplines(Float64Array.of(1, 1.5, 1.7, 3), degree);
      expect(basis.count).toBe(3 + degree);
      const values = new Float64Array(degree + 1);
      for (const r of [0, 1, 1.2, 1.5, 1.65, 2.9, 3, 7]) {
        const first = basis.values(r, values);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first + degree).toBeLessThan(basis.count);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        expect(values.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 14);
      }
    }
  });

  it("finds a spring within 1 %, by velocities and without, and its error falls as h^2", () => {
    const lawSystem = lawSystemByName("linear-spring");
    const errorOf = (spacing: number, velocities: "given" | "unknown"): number => {
      const { watched } = referenceData(
        { ...lawSystem, name: `spring ${spacing}`, spacing },
        { ...CLEAN, velocities, trajectories: 10 },
      );
      const [slope] = kernelLeastSquares(watched).slopes;
      let sum = 0;
      for (let r = 0.9; r < 1.8; r += 0.01) sum += Math.abs((slope?.(r) ?? 0) - (r - 1));
      return sum / 90 / 0.35;
    };
    for (const velocities of ["given", "unknown"] as const) {
      expect(errorOf(0.1, velocities)).toBeLessThan(1e-2);
      expect(errorOf(0.05, velocities) / errorOf(0.1, velocities)).toBeLessThan(0.4);
    }
  });

  it("finds one law a pair of species, unequal masses and mass products", () => {
    const lawSystem = lawSystemByName("two-species");
    const { watched } = referenceData(
      { ...lawSystem, name: "dense", spacing: 0.02 },
      { ...CLEAN, trajectories: 20 },
    );
    const speciesPairs = lawSystem.laws.map(({ species }) => species);
    const { slopes } = kernelLeastSquares(watched, { speciesPairs });
    lawSystem.laws.forEach(({ pair }, law) => {
      const r = law === 2 ? 2.1 : 1.3;
      expect(Math.abs((slopes[law]?.(r) as number) - pair.slope(r))).toBeLessThan(0.03);
    });
    expect(() => kernelLeastSquares(watched, { speciesPairs: [[0, 0]] })).toThrow(/no law between/);
    const gravity = lawSystemByName("gravity");
    const far = referenceData(gravity, { ...CLEAN, trajectories: 10 }).watched;
    const [slope] = kernelLeastSquares(far, { coupling: "mass-product" }).slopes;
    expect(Math.abs((slope?.(1.8) as number) * 1.8 ** 2 - 1)).toBeLessThan(0.05);
  });
});

describe("cells", () => {
  it("bounds are of the noise, and grow as trajectories become fewer", () => {
    expect(errorBound(cell({}), "spline")).toBe(1e-5);
    expect(errorBound(cell({ noise: 1e-3, trajectories: 100 }), "mclnn")).toBe(1);
    expect(errorBound(cell({ noise: 1e-3, trajectories: 10 }), "mclnn")).toBe(2);
    expect(errorBound(cell({ noise: 1e-3, trajectories: 2 }), "mclnn")).toBe(5);
    expect(errorBound(cell({ noise: 1e-2, trajectories: 100 }), "mclnn")).toBe(0.4);
  });

  // Three dimensions and two, one range of separations and two.
  it.each(["linear-spring", "gravity", "gaussian-well"])(
    "%s, 10 trajectories without noise: spline 1e-5, MCLNN 1e-4, loss 1e-12, kernel least squares above 1e-3",
    async (system) => {
      const result = await runCell(cell({ system }));
      const { spline, mclnn, kernel } = result.outcomes;
      expect(succeeded(result.cell, "spline", spline)).toBe(true);
      expect(succeeded(result.cell, "mclnn", mclnn)).toBe(true);
      expect(isLearned(kernel) && kernel.slope.mean).toBeGreaterThan(1e-3);
      expect(isLearned(mclnn) && mclnn.heldOut).toBeLessThan(1e-2);
    },
    20_000,
  );

  it("noise 1e-3 and no velocities: error bars, and the noise within a tenth", async () => {
    const { outcomes } = await runCell(
      cell({ noise: 1e-3, velocities: "unknown", trajectories: 10 }),
    );
    const { spline } = outcomes;
    if (!isLearned(spline)) throw new Error(spline.failed.message);
    expect(spline.slopeByNoise).toBeLessThan(2);
    expect(spline.noiseRatio).toBeCloseTo(1, 0.7);
    expect(spline.coverage?.data[1]).toBeGreaterThan(0.6);
  }, 20_000);
});

describe("document and figure", () => {
  const coverage = { data: [0.7, 0.95], range: [0.6, 0.9] } as const;
  const learned: Learned = {
    seconds: 1.5,
    slope: { mean: 2e-6, max: 1e-3 },
    way: "one",
    loss: 1e-15,
    heldOut: 3e-5,
  };
  const kernel: Learned = { seconds: 0.1, slope: { mean: 0.02, max: 0.4 }, way: "degree 3" };
  const lost = new MclnnError("lost", { code: "diverged", expected: "a | b", got: "<c>" });
  const results: CellResult[] = [
    { cell: cell({}), outcomes: { spline: learned, mclnn: { ...learned, loss: 1e-9 }, kernel } },
    ...[1, 2].map((seed): CellResult => {
      const slope = { mean: seed * 1e-3, max: 0.1 };
      const spline = { ...learned, coverage, noiseRatio: 1.01, slopeByNoise: 1, slope };
      return {
        cell: cell({ noise: 1e-3, seed }),
        outcomes: { spline, mclnn: failedOutcome(lost, 3), kernel },
      };
    }),
  ];

  it("means over seeds; every row has as many cells as its heading; misses are bold, failures are told; the figure has a panel a noise level", () => {
    const [, noisy] = averaged(results);
    expect(noisy.outcomes.spline).toMatchObject({ slope: { mean: 1.5e-3 }, coverage });
    const text = lawsDocument({ results, coverage: [], masses: [] }, MAKING);
    for (const table of text.split("\n\n").filter((part) => part.startsWith("|"))) {
      const widths = table.split("\n").map((line) => line.replaceAll("\\|", "").split("|").length);
      expect(new Set(widths).size).toBe(1);
    }
    // A good error with a loss that is too high is no success.
    expect(text).toMatch(
      / 2.0e-6 \(1.0e-3\) \| +\*\*2.0e-6 \(1.0e-3\)\*\* \| +0.02 \(0.4\) \| +3.0e-5/,
    );
    expect(text).toContain("**failed: diverged**");
    expect(text).toContain("seed 2: MCLNN ended with `diverged`: lost");
    expect(text).not.toMatch(/undefined|NaN/);
    const figure = lawsFigure(results);
    expect(figure?.panels.length).toBe(2);
    expect(figureSvg(figure as NonNullable<typeof figure>)).not.toContain("NaN");
  });
});

describe("how data were made, without being told", { timeout: 60_000 }, () => {
  const trained = async (name: string, stride: number | null) => {
    const lawSystem = lawSystemByName(name);
    const { clean } = referenceData(lawSystem, {
      trajectories: 10,
      noise: 0,
      velocities: "given",
      seed: 1,
    });
    const set = stride === null ? clean : byVerlet(lawSystem, clean, stride);
    return train(set, { model: "spline", coupling: lawSystem.coupling, until: 1e-20 });
  };

  it.each([
    ["quartic-spring", 10, 1e-12],
    ["yukawa", 5, 1e-12],
    ["cubic", 20, 1e-12],
    ["kink", 10, 1e-11],
  ])(
    "%s by velocity Verlet of %i steps a record is recognised; loss below %d",
    async (name, stride, bound) => {
      const { integrator, substeps, trainLoss } = await trained(name, stride);
      expect({ integrator, substeps }).toEqual({ integrator: "velocity-verlet", substeps: stride });
      expect(trainLoss).toBeLessThan(bound);
    },
  );

  it.each(["coulomb-repulsion", "kink"])(
    "%s of nature is not taken for velocity Verlet's; loss below 1e-12",
    async (name) => {
      const { integrator, trainLoss } = await trained(name, null);
      expect(integrator).toBe("blanes-moan-4");
      expect(trainLoss).toBeLessThan(1e-12);
    },
  );
});

/** The same starts, followed by velocity Verlet with so many steps a record. */
function byVerlet(lawSystem: LawSystem, set: TrajectorySet, stride: number): TrajectorySet {
  const { trajectories, records, particles, dimension } = set;
  const size = particles * dimension;
  const positions = set.positions.slice();
  const velocities = (set.velocities as Float64Array).slice();
  for (let t = 0; t < trajectories; t++) {
    const from = t * records * size;
    const start = createState(
      {
        positions: positions.slice(from, from + size),
        velocities: velocities.slice(from, from + size),
      },
      { dimension },
    );
    const run = rollout(lawSystem.system, start, {
      dt: lawSystem.spacing / stride,
      stride,
      records,
      integrator: velocityVerlet,
    });
    positions.set(run.positions, from);
    velocities.set(run.velocities as Float64Array, from);
  }
  return { ...set, positions, velocities };
}

describe("coverage of error bars", { timeout: 60_000 }, () => {
  it("counts what one and two error bars hold; noise within 3 %", async () => {
    const counted = await Promise.all(
      [1, 2].map((seed) =>
        runCoverage({ system: "linear-spring", noise: 1e-3, trajectories: 10, seed }),
      ),
    );
    for (const { spline, mclnn, noiseRatio, failed } of counted) {
      expect(failed).toBeUndefined();
      expect(Math.abs((noiseRatio ?? 0) - 1)).toBeLessThan(0.03);
      for (const shares of [spline?.data, spline?.range, mclnn?.data, mclnn?.range]) {
        const [one = 0, two = 0] = shares ?? [];
        expect(two).toBeGreaterThanOrEqual(one);
        expect(two).toBeGreaterThan(0.6);
      }
    }
    const text = lawsDocument({ results: [], coverage: counted, masses: [] }, MAKING);
    expect(text).toMatch(/\| linear spring +\| +2 \|/);
    expect(text).not.toContain("NaN");
  });
});

describe("hidden masses", { timeout: 60_000 }, () => {
  it("are found within five error bars, half as much again as the bound at most; bounds as SciPy's DOP853 gives them, to 1e-3", async () => {
    const result = await runMasses({ velocities: "given", spacing: 0.1, noise: 1e-3, seed: 1 });
    const expected = [3.06763e-3, 5.86956e-4, 7.69056e-2];
    expect(result.masses).toHaveLength(3);
    result.masses?.forEach(({ error, deviation, bound }, k) => {
      expect(Math.abs(bound / expected[k] - 1)).toBeLessThan(1e-3);
      expect(error).toBeLessThan(5 * deviation);
      expect(deviation).toBeLessThan(1.5 * bound);
    });
    const text = lawsDocument({ results: [], coverage: [], masses: [result] }, MAKING);
    expect(text).toMatch(/\| 0.1 +\| given +\| 0.01 \| +1 \|/);
    expect(text).not.toContain("NaN");
  });
});

describe("formulas", () => {
  it("has the library's laws with a form and twenty more, one of a name, and laws without one", () => {
    const cases = formulaCases();
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    const own = cases.filter(({ law }) => law === undefined);
    expect(own.filter(({ expected }) => expected !== "none").length).toBeGreaterThanOrEqual(20);
    expect(own.filter(({ expected }) => expected === "none").length).toBeGreaterThan(2);
    expect(cases.length - own.length).toBeGreaterThanOrEqual(15);
  });

  it("the document counts what is right, and does not count a refusal as named", () => {
    const [of] = formulaCases();
    const none = { ...of, expected: "none" } as typeof of;
    const came = {
      verdict: "identified",
      first: "x",
      constants: "",
      alsoFit: 0,
      seconds: 1,
    } as const;
    const text = formulasDocument(
      [
        { of, noise: 1e-3, came: { ...came, right: "first" } },
        { of, noise: 1e-3, came: { ...came, right: "no" } },
        { of: none, noise: 1e-3, came: { ...came, verdict: "none", right: "first" } },
      ],
      "pnpm laws --formulas",
    );
    expect(text).toContain("named first | 1 of 2 |");
    expect(text).toContain("identified wrongly | 1 of 3 |");
    expect(text).toContain("refused | 1 of 1 |");
  });
});
