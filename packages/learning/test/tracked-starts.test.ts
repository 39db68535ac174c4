import {
  addPositionNoise,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { blanesMoan4, dormandPrince } from "@mclnn/integrators";
import { createState, createSystem, morse, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../models/src/splines/b-spline.ts";
import { fitMeasured, type MeasuredFitOptions } from "../src/fit/measured-fit.ts";
import { coefficientsOf } from "../src/fit/spline-fit.ts";
import { lossesOf, outliersOf, trackStarts } from "../src/fit/tracked-starts.ts";
import { scheduleOf, tangentsOf } from "../src/records/dynamics.ts";
import { pathSeparations } from "../src/records/path.ts";
import { someTrajectories } from "../src/records/select.ts";
import { createTrainingData } from "../src/records/training-data.ts";
import { someStarts } from "../src/rollout/starts.ts";
import { buildBasis } from "../src/splines/knots.ts";

const pair = morse({ depth: 1, width: 0.35, restLength: 1.2 });
const SIGMA = 0.015;

/** Noisy positions of three vibrating bodies, five records a vibration. */
function vibrations(trajectories: number): TrajectorySet {
  const system = createSystem({ masses: [1, 1, 1], dimension: 3, potential: pairwise(pair) });
  const start = createState(
    {
      positions: [
        [0.75, 0, 0],
        [-0.45, 0.65, 0],
        [-0.3, -0.7, 0.1],
      ],
      velocities: [
        [0.6, 0.4, 0.5],
        [-0.5, 0.4, -0.3],
        [0.3, -0.6, -0.2],
      ],
    },
    system,
  );
  const made = generateTrajectories({
    system,
    start,
    scheme: "random",
    trajectories,
    records: 30,
    dt: 0.15,
    stride: 1,
    integrator: dormandPrince({ relativeTolerance: 1e-11, absoluteTolerance: 1e-12 }),
  });
  return dropVelocities(addPositionNoise({ ...made, provenance: {} }, { sigma: SIGMA, seed: 5 }));
}

describe("start states under a law", { timeout: 60_000 }, () => {
  const set = vibrations(20);
  const data = createTrainingData(set, { coupling: "none", needVelocities: false });
  const dynamics = {
    integrator: blanesMoan4.name,
    stages: blanesMoan4.stages,
    substeps: 4,
    dt: null,
    tangentSubsteps: 4,
    source: "measured",
  } as const;
  const basis = buildBasis(pathSeparations(data), { cells: 60 });
  const curve = splineCurve(
    basis,
    coefficientsOf(basis, (_, r) => pair.slope(r)),
  );

  const nowhere = {
    positions: new Float64Array(data.trajectories * data.components),
    velocities: new Float64Array(data.trajectories * data.components),
    velocityWeight: 0,
  };
  const schedules = (times: Float64Array) => ({
    schedule: scheduleOf(times, dynamics),
    tangents: tangentsOf(times, dynamics),
  });

  it("are tracked from the first records to the last: residuals of at most 1.4 times the noise in 19 of 20 trajectories", () => {
    const starts = trackStarts(data, schedules, basis, curve, nowhere);
    expect(starts).not.toBeNull();
    const losses = lossesOf(
      data,
      schedules(data.times).schedule,
      basis.cells,
      curve,
      starts ?? nowhere,
    );
    const followed = losses.filter((loss) => Math.sqrt(loss) < 1.4 * SIGMA);
    expect(followed.length).toBeGreaterThanOrEqual(19);
  });

  it.each([
    ["one far off", [1, 1.2, 0.9, 1.1, 9, 1, 1, 1], [4]],
    ["none", [1, 1.2, 0.9, 3.5, 1, 1, 1, 1], []],
    ["half of them, which are no outliers", [1, 1, 1, 1, 9, 9, 9, 9], []],
    ["one that diverged", [1, 1, Number.POSITIVE_INFINITY, 1], [2]],
  ])("outliers: %s", (_, losses, outliers) => {
    expect(outliersOf(Float64Array.from(losses))).toEqual(outliers);
  });

  it("one of which nothing was observed stays as given", () => {
    const { trajectories, records, particles } = set;
    const weights = new Float64Array(trajectories * records * particles).fill(1);
    weights.fill(0, 0, records * particles);
    const gaps = { ...data, weights };
    const track = (t: number) =>
      trackStarts(
        someTrajectories(gaps, [t]),
        schedules,
        basis,
        curve,
        someStarts(gaps, nowhere, [t]),
      );
    expect(track(0)).toBeNull();
    expect(track(1)).not.toBeNull();
  });

  it("a trajectory whose start lies in another valley is found again while the law is fitted: variance within 10 % of the noise's", () => {
    const starts = trackStarts(data, schedules, basis, curve, nowhere) ?? nowhere;
    const { components } = data;
    const velocities = starts.velocities.slice();
    for (let c = 3 * components; c < 4 * components; c++)
      velocities[c] = -(velocities[c] as number);
    const astray = { ...starts, velocities };
    const { schedule, tangents } = schedules(data.times);
    const fit = (options: Partial<MeasuredFitOptions>) => {
      const search = fitMeasured(data, schedule, {
        tangents,
        velocityWeight: 0,
        separations: pathSeparations(data),
        initial: (_, r) => pair.slope(r),
        onlyInitial: true,
        starts: astray,
        ...options,
      });
      let step = search.next();
      while (step.done !== true) step = search.next();
      return step.value.noise;
    };
    expect(Math.abs((fit({ schedules }) / SIGMA) ** 2 - 1)).toBeLessThan(0.1);
  });
});
