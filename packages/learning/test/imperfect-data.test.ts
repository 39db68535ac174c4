import {
  addPositionNoise,
  createRandom,
  dropObservations,
  dropVelocities,
  experimentByName,
  generateTrajectories,
  selectTrajectories,
  shortenTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import {
  createState,
  createSystem,
  gravity,
  linearSpring,
  type PairPotential,
  pairwise,
  pairwiseBySpecies,
  sumOfForces,
} from "@mclnn/physics";
import { uniformField } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import {
  decodeModel,
  encodeModel,
  type MclnnModel,
  type SplineModel,
} from "../../models/src/index.ts";
import { splineCurve } from "../../models/src/splines/b-spline.ts";
import { curveGradient } from "../src/engine/adjoint.ts";
import { rolloutLoss } from "../src/engine/pair-rollout.ts";
import { SensitivityPass } from "../src/engine/sensitivity.ts";
import { train, trainSpecies } from "../src/index.ts";
import { sortedSeparations } from "../src/records/training-data.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { derivative, randomProblem } from "./random-problem.ts";

const reference = dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });

interface Made {
  readonly trajectories?: number;
  readonly records?: number;
  readonly integrator?: typeof reference;
  readonly dt?: number;
  readonly stride?: number;
}

/** Trajectories that do not say how they were made. */
function recorded(
  name: string,
  { trajectories = 40, records, integrator, dt = 0.01, stride = 10 }: Made = {},
): TrajectorySet {
  const { masses, dimension, trainStart, pair } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return {
    ...generateTrajectories({
      system,
      start: trainStart,
      trajectories,
      ...(records === undefined ? {} : { records }),
      dt,
      stride,
      ...(integrator === undefined ? {} : { integrator }),
    }),
    provenance: {},
  };
}

/** Mean |V' - truth| over the separations that were seen, relative to mean |V'|. */
function relativeError(
  { pair, separations: { edges, counts } }: MclnnModel | SplineModel,
  truth: PairPotential,
): number {
  let error = 0;
  let size = 0;
  counts.forEach((count, bin) => {
    const r = ((edges[bin] as number) + (edges[bin + 1] as number)) / 2;
    error += count * Math.abs(pair.slope(r) - truth.slope(r));
    size += count * Math.abs(truth.slope(r));
  });
  return error / size;
}

describe("dynamics that the data do not name", { timeout: 60_000 }, () => {
  it.each([
    ["linear-spring", 1e-5],
    ["quartic-spring", 1e-5],
    ["gravity", 1e-5],
  ])("%s made by a reference integrator: loss below 1e-12, V' within %s", async (name, bound) => {
    const truth = experimentByName(name).pair;
    const set = recorded(name, { integrator: reference });
    const result = await train(set, { model: "spline", until: 1e-12 });
    expect(result.trainLoss).toBeLessThan(1e-12);
    expect(relativeError(result.model, truth)).toBeLessThan(bound);
    expect(result).toMatchObject({
      integrator: "blanes-moan-4",
      dtSource: "measured",
      startStates: "exact",
      findings: [],
    });
  });

  it.each([
    ["linear-spring", 10, 0.01],
    ["quartic-spring", 10, 0.01],
    ["gravity", 10, 0.01],
    ["quartic-spring", 4, 0.05],
  ])(
    "%s made by velocity Verlet is recognised, with its %d steps of %d a record",
    async (name, stride, dt) => {
      const set = recorded(name, { trajectories: 15, dt, stride });
      const result = await train(set, { model: "spline", until: 1e-12 });
      expect(result).toMatchObject({
        integrator: "velocity-verlet",
        substeps: stride,
        startStates: "exact",
      });
      expect(result.trainLoss).toBeLessThan(1e-14);
    },
  );

  it("chaotic trajectories of 150 records take seconds: loss below 1e-12", {
    timeout: 60_000,
  }, async () => {
    const long = recorded("gravity", { trajectories: 2, records: 150 });
    const { trainLoss, integrator, substeps } = await train(long, { model: "spline" });
    expect({ integrator, substeps }).toEqual({ integrator: "velocity-verlet", substeps: 10 });
    expect(trainLoss).toBeLessThan(1e-12);
  });

  it("takes the integrator and the substeps that it is told", async () => {
    const set = recorded("linear-spring", { trajectories: 10 });
    const options = { model: "spline", until: 1e-12 } as const;
    expect(await train(set, { ...options, substeps: 10 })).toMatchObject({
      integrator: "velocity-verlet",
      substeps: 10,
      dtSource: "option",
    });
    expect(await train(set, { ...options, integrator: "pefrl", substeps: 2 })).toMatchObject({
      integrator: "pefrl",
      substeps: 2,
    });
    await expect(train(set, { ...options, dt: 0.01, substeps: 10 })).rejects.toThrow(
      /dt or substeps/,
    );
    await expect(train(set, { ...options, integrator: "leapfrog" })).rejects.toThrow(
      /velocity-verlet/,
    );
  });

  it("gives the law in the data's units, whatever they are", async () => {
    const set = recorded("quartic-spring", { integrator: reference });
    const [length, time, mass] = [1.5e11, 3.2e7, 2e30];
    const large: TrajectorySet = {
      ...set,
      times: set.times.map((t) => t * time),
      positions: set.positions.map((x) => x * length),
      velocities: (set.velocities as Float64Array).map((v) => (v * length) / time),
      masses: set.masses.map((m) => m * mass),
    };
    const { pair } = experimentByName("quartic-spring");
    const { model, trainLoss } = await train(large, { until: 1e-8 * length ** 2 });
    expect(trainLoss / length ** 2).toBeLessThan(1e-8);
    const slope = (mass * length) / time ** 2;
    for (const r of [0.8, 1.2, 1.6])
      expect(model.pair.slope(r * length) / slope).toBeCloseTo(pair.slope(r), 2);
  });
});

describe("noise, missing observations, unequal lengths", { timeout: 60_000 }, () => {
  const truth = experimentByName("linear-spring").pair;
  const noisy = addPositionNoise(
    recorded("linear-spring", { trajectories: 10, integrator: reference }),
    {
      sigma: 1e-3,
      seed: 5,
    },
  );

  it("finds out that start states are not exact, and takes velocities as measurements", async () => {
    const result = await train(noisy, { model: "spline" });
    expect(result.startStates).toBe("measured");
    expect((result.noise as number) / 1e-3).toBeCloseTo(1, 1);
    expect(relativeError(result.model, truth)).toBeLessThan(5e-3);
    expect(result.findings).toEqual([]);
  });

  it("learns from what is there", async () => {
    const gappy = dropObservations(
      shortenTrajectories(dropVelocities(noisy), { shortest: 10, seed: 3 }),
      { share: 0.15, seed: 4 },
    );
    const result = await train(gappy, { model: "spline" });
    expect(result.startStates).toBe("unknown");
    expect((result.noise as number) / 1e-3).toBeCloseTo(1, 1);
    expect(relativeError(result.model, truth)).toBeLessThan(1e-2);
    expect(result.findings).toEqual([]);
    await expect(train(gappy, { velocities: "given" })).rejects.toThrow(/no velocities/);
  });

  it("says where the start is incomplete, and where a particle is hardly seen", async () => {
    const { velocities } = noisy;
    const missing = dropObservations(noisy, { share: 0.2, seed: 4 });
    expect(velocities).toBeDefined();
    await expect(train(missing, { velocities: "given" })).rejects.toThrow(
      /particle \d of trajectory \d+ missing/,
    );
    const observed = new Uint8Array(noisy.trajectories * noisy.records * 3).fill(1);
    for (let k = 1; k < noisy.records; k++) observed[k * 3 + 2] = 0;
    await expect(train({ ...noisy, observed })).rejects.toThrow(/particle 2 is hardly seen/);
  });

  it("weights of observations: gradients and sensitivities are those of the weighted residuals", () => {
    const { data, schedule } = randomProblem(8, { particles: 3, dimension: 3, missing: 0.3 });
    const basis = buildBasis(sortedSeparations(data), { cells: 8 });
    const random = createRandom(2);
    const c = Float64Array.from({ length: basis.size }, () => random.normal());
    const curve = splineCurve(basis, c);
    const gradient = new Float64Array(curve.length);
    const loss = curveGradient(data, schedule, basis.cells, curve, gradient);
    expect(loss).toBeCloseTo(rolloutLoss(data, schedule, basis.cells, curve), 12);
    const { gradient: normal } = new SensitivityPass(data, schedule, basis).normalEquations(curve);
    for (const k of [1, 4, 7]) {
      const slope = derivative(
        (h) =>
          rolloutLoss(
            data,
            schedule,
            basis.cells,
            splineCurve(basis, c.with(k, (c[k] as number) + h)),
          ),
        0,
      );
      expect((2 * (normal[k] as number)) / data.residuals).toBeCloseTo(slope, 8);
    }
  });
});

describe("species", { timeout: 60_000 }, () => {
  const pairs = [
    { species: [0, 0] as const, pair: linearSpring({ restLength: 1 }) },
    { species: [0, 1] as const, pair: linearSpring({ stiffness: 2, restLength: 1.5 }) },
    { species: [1, 1] as const, pair: linearSpring({ stiffness: 0.5, restLength: 2 }) },
  ];
  const system = createSystem({
    masses: [1, 1, 2, 2],
    species: [0, 0, 1, 1],
    dimension: 3,
    potential: pairwiseBySpecies(pairs),
  });
  const start = createState(
    {
      positions: [
        [1, 0, 0],
        [-1, 0.1, 0],
        [0, 1.2, 0.3],
        [0.1, -1.1, -0.2],
      ],
      velocities: [
        [0, 0.3, 0],
        [0, -0.2, 0.1],
        [0.3, 0, 0],
        [-0.2, 0, 0],
      ],
    },
    { dimension: 3 },
  );
  const set: TrajectorySet = {
    ...generateTrajectories({
      system,
      start,
      trajectories: 15,
      scheme: "random",
      integrator: reference,
    }),
    provenance: {},
  };

  it.each(["spline", "mclnn"] as const)(
    "one law for each pair, together: V' within 1e-4 (%s)",
    async (kind) => {
      const { model, trainLoss } = await trainSpecies(set, { model: kind, until: 1e-12 });
      expect(trainLoss).toBeLessThan(1e-11);
      expect(model.laws.map(({ species }) => species)).toEqual([
        [0, 0],
        [0, 1],
        [1, 1],
      ]);
      model.laws.forEach(({ model: law }, k) => {
        expect(relativeError(law, (pairs[k] as (typeof pairs)[number]).pair)).toBeLessThan(1e-4);
      });
      const read = decodeModel(encodeModel(model), { source: "model" });
      expect(encodeModel(read)).toEqual(encodeModel(model));
    },
  );

  it("says so when one law was asked for", async () => {
    const few = selectTrajectories(set, { to: 5 });
    const { findings, trainLoss } = await train(few, { model: "spline", effort: "preview" });
    expect(trainLoss).toBeGreaterThan(1e-6);
    expect(findings[0]?.kind).toBe("species");
    expect(findings[0]?.try).toMatch(/--species separate/);
  });

  it("needs to know the species", async () => {
    const { species: _, ...unknown } = set;
    await expect(trainSpecies(unknown)).rejects.toThrow(/species/);
  });
});

describe("findings", { timeout: 60_000 }, () => {
  it("a force from outside is found, and named", async () => {
    const { masses, dimension, trainStart, pair } = experimentByName("linear-spring");
    const system = createSystem({
      masses,
      dimension,
      potential: sumOfForces(pairwise(pair), uniformField([0, 0.01, 0])),
    });
    const set = addPositionNoise(
      dropVelocities(
        generateTrajectories({
          system,
          start: trainStart,
          trajectories: 10,
          integrator: reference,
        }),
      ),
      { sigma: 1e-3, seed: 1 },
    );
    const { findings } = await train(set, { terms: ["pair"], model: "spline" });
    expect(findings[0]).toMatchObject({ kind: "outside-force" });
    expect(findings[0]?.sigmas).toBeGreaterThan(10);
    expect(findings[0]?.text).toMatch(/momentum/);
  });

  // Many more: `pnpm findings`.
  it("no alarm in noisy data that a pair law explains", async () => {
    const set = dropVelocities(recorded("quartic-spring", { trajectories: 10 }));
    const noisy = addPositionNoise(set, { sigma: 1e-3, seed: 0 });
    const { findings } = await train(noisy, { model: "spline", substeps: 10 });
    expect(findings).toEqual([]);
  });
});

describe("masses that are not known", { timeout: 60_000 }, () => {
  const masses = [1, 0.03, 0.3, 0.01];
  const system = createSystem({ masses, dimension: 3, potential: pairwise(gravity()) });
  const start = createState(
    {
      positions: [
        [0, 0, 0],
        [1, 0, 0],
        [0, 2.5, 0.2],
        [-4, 0, 0.3],
      ],
      velocities: [
        [0, 0, 0],
        [0, 1, 0.1],
        [-0.65, 0, 0],
        [0, -0.55, 0],
      ],
    },
    { dimension: 3 },
  );
  const made = generateTrajectories({ system, start, trajectories: 20, integrator: reference });
  const set: TrajectorySet = {
    ...made,
    masses: Float64Array.of(1, 1, 1, 1),
    provenance: {},
  };
  const options = { model: "spline", coupling: "mass-product", fitMasses: true } as const;

  it("over two decades are found beside the law", async () => {
    const { masses: fitted } = await train(set, options);
    expect(fitted).toHaveLength(4);
    fitted?.forEach(({ mass, determined }, i) => {
      expect(determined).toBe(true);
      const relative = Math.abs(mass / (masses[i] as number) - 1);
      expect(relative).toBeLessThan(1e-4);
    });
  });

  it("those that the data do not fix are said to be undetermined", async () => {
    const noisy = addPositionNoise(dropVelocities(set), { sigma: 3e-3, seed: 3 });
    const { masses: fitted } = await train(noisy, options);
    expect(fitted?.[3]?.determined).toBe(false);
    expect(fitted?.[2]?.determined).toBe(true);
  });

  it("are found as well where velocities were not recorded, within their error bars", async () => {
    const noisy = addPositionNoise(dropVelocities(set), { sigma: 1e-4, seed: 3 });
    const { masses: fitted } = await train(noisy, options);
    fitted?.slice(1).forEach(({ mass, deviation, determined }, i) => {
      expect(determined).toBe(true);
      expect(Math.abs(mass / (masses[i + 1] as number) - 1)).toBeLessThan(4 * deviation);
    });
  });

  it("options that masses cannot be fitted with are refused", async () => {
    await expect(train(set, { ...options, optimizer: "adam" })).rejects.toThrow(/auto/);
  });
});

describe("what no law can be learned from", { timeout: 60_000 }, () => {
  /** Particles on straight lines, far from each other. */
  function apart(trajectories: number, records: number): TrajectorySet {
    const random = createRandom(5);
    const times = Float64Array.from({ length: records }, (_, k) => 0.1 * k);
    const positions = new Float64Array(trajectories * records * 9);
    const velocities = new Float64Array(trajectories * records * 9);
    for (let t = 0; t < trajectories; t++)
      for (let c = 0; c < 9; c++) {
        const from = 20 * Math.floor(c / 3) + 10 * random.uniform();
        const v = random.uniform() - 0.5;
        for (let k = 0; k < records; k++) {
          positions[(t * records + k) * 9 + c] = from + v * (times[k] as number);
          velocities[(t * records + k) * 9 + c] = v;
        }
      }
    return {
      trajectories,
      records,
      particles: 3,
      dimension: 3,
      times,
      masses: Float64Array.of(1, 1, 1),
      positions,
      velocities,
      provenance: {},
    };
  }

  it("particles that never come near each other are said to show no force", async () => {
    const { findings } = await train(addPositionNoise(apart(10, 20), { sigma: 1e-3, seed: 1 }), {
      model: "spline",
    });
    expect(findings.map(({ kind }) => kind)).toEqual(["no-interaction"]);
  });

  it("friction in one of four trajectories is not told as a force that acts in all", async () => {
    const random = createRandom(4);
    const [records, spacing] = [30, 0.2];
    const set: TrajectorySet = {
      ...{ trajectories: 4, records, particles: 2, dimension: 2, provenance: {} },
      times: Float64Array.from({ length: records }, (_, k) => spacing * k),
      masses: Float64Array.of(1, 1),
      positions: Float64Array.from(
        [0.03, 0, 0, 0].flatMap((gamma, t) =>
          Array.from({ length: records }, (_, k) => {
            // A spring of rest length 1.5 that swings along its axis, damped or not.
            const swing = Math.cos(Math.sqrt(2 - (gamma * gamma) / 4) * spacing * k);
            const amplitude = (0.3 + 0.05 * t) * Math.exp((-gamma * spacing * k) / 2);
            const half = (1.5 + amplitude * swing) / 2;
            return [half, 0, -half, 0].map((x) => x + 1e-3 * random.normal());
          }).flat(),
        ),
      ),
    };
    const { findings } = await train(set, { model: "spline", terms: ["pair"] });
    expect(findings.map(({ kind }) => kind)).toEqual([]);
  });

  it("too few numbers are counted", async () => {
    const few = addPositionNoise(dropVelocities(apart(1, 2)), { sigma: 1e-3, seed: 1 });
    await expect(train(few, { model: "spline" })).rejects.toThrow(/at least \d+ are missing/);
  });

  it("records that skip whole orbits: a finding, and no error bars", {
    timeout: 120_000,
  }, async () => {
    // The binaries go round once in 1.3 units of time.
    const sparse = recorded("gravity", {
      ...{ trajectories: 4, records: 8, integrator: reference, stride: 900 },
    });
    const noisy = addPositionNoise(sparse, { sigma: 1e-4, seed: 1 });
    const outcome = await train(noisy, { model: "spline" }).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "fit-failed" });
    else {
      const { findings, model } = outcome as Awaited<ReturnType<typeof train<"spline">>>;
      expect(findings.map(({ kind }) => kind)).toContain("unresolved-motion");
      expect(model.uncertainty).toBeUndefined();
    }
  });
});
