import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4 } from "@mclnn/integrators";
import { createTerms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { fitMeasured } from "../src/fit/measured-fit.ts";
import { fitSpline, slopeOf } from "../src/fit/spline-fit.ts";
import { covarianceOf } from "../src/prior/marginal.ts";
import { scheduleOf } from "../src/records/dynamics.ts";
import { pathSeparations } from "../src/records/path.ts";
import { createTrainingData } from "../src/records/training-data.ts";

const G = [0.3, -0.5] as const;
const GAMMA = 0.4;
const slope = (r: number): number => 2 * (r - 1);

/** Three bodies on springs that fall and are slowed down: Runge-Kutta with small steps, written for this test. */
function falling(trajectories: number, noise: number): TrajectorySet {
  const random = createRandom(11);
  const records = 20;
  const particles = 3;
  const times = Float64Array.from({ length: records }, (_, k) => 0.1 * k);
  const positions: number[] = [];
  const velocities: number[] = [];
  const rate = (y: readonly number[]): number[] => {
    const a = Array.from(
      { length: 6 },
      (_, k) => (G[k % 2] as number) - GAMMA * (y[6 + k] as number),
    );
    for (let i = 0; i < particles; i++)
      for (let j = 0; j < i; j++) {
        const d = [0, 1].map((c) => (y[2 * i + c] as number) - (y[2 * j + c] as number));
        const r = Math.hypot(...d);
        d.forEach((x, c) => {
          a[2 * i + c] = (a[2 * i + c] as number) - (slope(r) * x) / r;
          a[2 * j + c] = (a[2 * j + c] as number) + (slope(r) * x) / r;
        });
      }
    return [...y.slice(6), ...a];
  };
  const plus = (y: readonly number[], k: readonly number[], h: number) =>
    y.map((x, i) => x + h * (k[i] as number));
  for (let t = 0; t < trajectories; t++) {
    let y = [0, 0, 1.1, 0.2, 0.4, 1].map((x) => x + 0.2 * random.normal());
    y = [...y, ...Array.from({ length: 6 }, () => 0.6 * random.normal())];
    for (let k = 0; k < records; k++) {
      positions.push(...y.slice(0, 6).map((x) => x + noise * random.normal()));
      velocities.push(...y.slice(6));
      const h = 0.005;
      for (let s = 0; s < 20; s++) {
        const a = rate(y);
        const b = rate(plus(y, a, h / 2));
        const c = rate(plus(y, b, h / 2));
        const d = rate(plus(y, c, h));
        y = y.map(
          (x, i) =>
            x +
            (h / 6) *
              ((a[i] as number) + 2 * (b[i] as number) + 2 * (c[i] as number) + (d[i] as number)),
        );
      }
    }
  }
  return {
    ...{ trajectories, records, particles, dimension: 2, times, provenance: {} },
    masses: Float64Array.of(1, 1, 1),
    positions: Float64Array.from(positions),
    velocities: Float64Array.from(velocities),
  } as TrajectorySet;
}

const dynamics = { stages: blanesMoan4.stages, substeps: 2, dt: null };

function last<S, T>(steps: Generator<S, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe("a pair law in a field and drag", { timeout: 60_000 }, () => {
  const specs = [{ name: "field" }, { name: "drag" }];

  it("exact data: g and gamma within 1e-7, V' within 1e-5", () => {
    const data = createTrainingData(falling(20, 0), { coupling: "none" });
    const terms = createTerms(specs, data);
    const schedule = scheduleOf(data.times, dynamics);
    const separations = pathSeparations(data);
    const fit = last(
      fitSpline(data, schedule, { terms, separations, prior: 1e-12, passes: 2, maxPasses: 8 }),
    );
    [...G, GAMMA].forEach((x, k) => {
      expect(Math.abs((fit.values[k] as number) - x)).toBeLessThan(1e-7);
    });
    expect(fit.coefficients).toHaveLength(fit.basis.size);
    const own = slopeOf(fit.basis, fit.coefficients);
    for (let r = 0.8; r < 1.5; r += 0.1) expect(Math.abs(own(0, r) - slope(r))).toBeLessThan(1e-5);
  });

  it("noise of 1e-3, start states unknown: g and gamma within four error bars, of at most 0.01", () => {
    const set = falling(20, 1e-3);
    const { velocities: _, ...without } = set;
    const data = createTrainingData(without as TrajectorySet, {
      coupling: "none",
      needVelocities: false,
    });
    const terms = createTerms(specs, data);
    const schedule = scheduleOf(data.times, dynamics);
    const separations = pathSeparations(data);
    const fit = last(fitMeasured(data, schedule, { terms, separations, velocityWeight: 0 }));
    expect(Math.abs(fit.noise / 1e-3 - 1)).toBeLessThan(0.1);
    const covariance = covarianceOf(fit.posterior, fit.basis.size, 3) as Float64Array;
    [...G, GAMMA].forEach((x, k) => {
      const deviation = Math.sqrt(covariance[4 * k] as number);
      expect(deviation).toBeLessThan(0.01);
      expect(Math.abs((fit.values[k] as number) - x)).toBeLessThan(4 * deviation);
    });
  });
});
