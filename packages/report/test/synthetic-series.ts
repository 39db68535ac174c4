import type {
  CompareResults,
  ModelResults,
  Numbers,
  Observable,
  RolloutErrors,
  RunSeries,
  SystemResults,
  SystemSeries,
} from "../src/index.ts";

// Three springs by a Verlet of a few lines, under the true law, laws a little off, and a force that breaks Newton's third law: what the
// figures show is then what such models do.

const MASSES = 3;
const POSITIONS = [
  [0.486657678894505, 0.755041888583519, 0],
  [-0.681737994414464, 0.29366023319721, 0],
  [-0.02259632746864, -0.612645601255358, 0],
] as const;
const VELOCITIES = [
  [-0.16443887802022442, 0.3267119591991036, 0],
  [-0.5211674302867848, -0.6733417333014783, 0],
  [0.6856063083068769, 0.34662977410249624, 0],
] as const;

interface Law {
  readonly stiffness: number;
  /** Pull towards the origin: no pair law. */
  readonly anchor: number;
}

const LAWS = {
  mclnn: { stiffness: 1 + 2e-6, anchor: 0 },
  spline: { stiffness: 1 + 1e-10, anchor: 0 },
  lnn: { stiffness: 1.001, anchor: 2e-4 },
} as const satisfies Readonly<Record<string, Law>>;

interface Run {
  readonly times: Float64Array;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
}

function simulate(law: Law, records: number, offset: number, tilt: number): Run {
  const dt = 0.01;
  const size = 9;
  const out = {
    times: new Float64Array(records),
    positions: new Float64Array(records * size),
    velocities: new Float64Array(records * size),
  };
  const turn = ([x, y, z]: readonly number[]): number[] => [
    x as number,
    (y as number) * Math.cos(tilt) - (z as number) * Math.sin(tilt),
    (y as number) * Math.sin(tilt) + (z as number) * Math.cos(tilt),
  ];
  const q = Float64Array.from(POSITIONS.flatMap(turn), (value) => value + (tilt > 0 ? 0.5 : 0));
  const v = Float64Array.from(VELOCITIES.flatMap(turn), (value) => value + (tilt > 0 ? 0.02 : 0));
  q[0] = (q[0] as number) + offset;
  const a = new Float64Array(size);
  const force = (): void => {
    for (let i = 0; i < size; i++) a[i] = -law.anchor * (1 + 60 * tilt) * (q[i] as number);
    for (let i = 0; i < MASSES; i++)
      for (let j = i + 1; j < MASSES; j++) {
        const d = [0, 1, 2].map((k) => (q[3 * i + k] as number) - (q[3 * j + k] as number));
        const r = Math.sqrt(d.reduce((sum, x) => sum + x * x, 0));
        for (let k = 0; k < 3; k++) {
          const f = (-law.stiffness * (r - 1) * (d[k] as number)) / r;
          a[3 * i + k] = (a[3 * i + k] as number) + f;
          a[3 * j + k] = (a[3 * j + k] as number) - f;
        }
      }
  };
  force();
  for (let record = 0; record < records; record++) {
    out.times[record] = record * 0.1;
    out.positions.set(q, record * size);
    out.velocities.set(v, record * size);
    for (let step = 0; step < 10; step++) {
      for (let i = 0; i < size; i++) v[i] = (v[i] as number) + (dt / 2) * (a[i] as number);
      for (let i = 0; i < size; i++) q[i] = (q[i] as number) + dt * (v[i] as number);
      force();
      for (let i = 0; i < size; i++) v[i] = (v[i] as number) + (dt / 2) * (a[i] as number);
    }
  }
  return out;
}

interface Observed {
  readonly values: Record<Observable, Float64Array>;
  readonly linear: Float64Array;
  readonly angular: Float64Array;
}

function observe({ times, positions: q, velocities: v }: Run): Observed {
  const records = times.length;
  const values = {
    lagrangian: new Float64Array(records),
    hamiltonian: new Float64Array(records),
    linearMomentum: new Float64Array(records),
    angularMomentum: new Float64Array(records),
  };
  const linear = new Float64Array(3 * records);
  const angular = new Float64Array(3 * records);
  for (let t = 0; t < records; t++) {
    let kinetic = 0;
    let potential = 0;
    for (let i = 0; i < MASSES; i++) {
      const [x, y, z] = [0, 1, 2].map((k) => q[9 * t + 3 * i + k] as number) as [
        number,
        number,
        number,
      ];
      const [vx, vy, vz] = [0, 1, 2].map((k) => v[9 * t + 3 * i + k] as number) as [
        number,
        number,
        number,
      ];
      kinetic += (vx * vx + vy * vy + vz * vz) / 2;
      [vx, vy, vz].forEach((p, k) => {
        linear[3 * t + k] = (linear[3 * t + k] as number) + p;
      });
      [y * vz - z * vy, z * vx - x * vz, x * vy - y * vx].forEach((l, k) => {
        angular[3 * t + k] = (angular[3 * t + k] as number) + l;
      });
      for (let j = i + 1; j < MASSES; j++) {
        const r = Math.hypot(...[x, y, z].map((c, k) => c - (q[9 * t + 3 * j + k] as number)));
        potential += (r - 1) ** 2 / 2;
      }
    }
    values.lagrangian[t] = kinetic - potential;
    values.hamiltonian[t] = kinetic + potential;
    values.linearMomentum[t] = Math.hypot(...linear.subarray(3 * t, 3 * t + 3));
    values.angularMomentum[t] = Math.hypot(...angular.subarray(3 * t, 3 * t + 3));
  }
  return { values, linear, angular };
}

function distances(a: Numbers, b: Numbers, groups: number): Float64Array {
  const records = a.length / (3 * groups);
  return Float64Array.from({ length: records }, (_, t) => {
    let sum = 0;
    for (let g = 0; g < groups; g++)
      sum += Math.hypot(
        ...[0, 1, 2].map(
          (k) => (a[3 * (groups * t + g) + k] as number) - (b[3 * (groups * t + g) + k] as number),
        ),
      );
    return sum / groups;
  });
}

function compared(
  run: Run,
  truth: Run,
): RunSeries & { errors: Record<Observable | "position", Float64Array> } {
  const mine = observe(run);
  const theirs = observe(truth);
  const absolute = (key: Observable): Float64Array =>
    mine.values[key].map((value, t) => Math.abs(value - (theirs.values[key][t] as number)));
  return {
    times: run.times,
    values: mine.values,
    errors: {
      lagrangian: absolute("lagrangian"),
      hamiltonian: absolute("hamiltonian"),
      linearMomentum: distances(mine.linear, theirs.linear, 1),
      angularMomentum: distances(mine.angular, theirs.angular, 1),
      position: distances(run.positions, truth.positions, MASSES),
    },
    path: stretch(run),
  };
}

function stretch({ times, positions }: Run): { times: Float64Array; positions: Float64Array } {
  const from = Math.max(0, times.length - 120);
  return { times: times.subarray(from), positions: positions.subarray(9 * from) };
}

function comparison(records: number, tilt: number): SystemSeries["rollout"] {
  const truth = simulate({ stiffness: 1, anchor: 0 }, records, 0, tilt);
  const chaos = compared(simulate({ stiffness: 1, anchor: 0 }, records, 1e-4, tilt), truth);
  return {
    truth: { times: truth.times, values: observe(truth).values, path: stretch(truth) },
    models: Object.fromEntries(
      Object.entries(LAWS).map(([key, law]) => {
        const run = simulate(law, records, 0, tilt);
        const series = compared(run, truth);
        const own =
          series.times.length === 0
            ? []
            : Array.from(series.times, (t) => 0.871 + 1e-5 * Math.sin(2 * t));
        return [key, { ...series, ownHamiltonian: own }];
      }),
    ),
    chaos: { offset: 1e-4, times: chaos.times, errors: chaos.errors },
  };
}

/** The figures' input for three springs. */
export function syntheticSeries({ records = 400 }: { records?: number } = {}): SystemSeries {
  const separations = Float64Array.from({ length: 300 }, (_, i) => 0.4 + (2 * i) / 299);
  const curve = (stiffness: number, wiggle: number) => ({
    energy: separations.map((r) => (stiffness * (r - 1) ** 2) / 2 + wiggle * Math.sin(9 * r)),
    slope: separations.map((r) => stiffness * (r - 1) + 9 * wiggle * Math.cos(9 * r)),
  });
  const falling = (count: number, rate: number, from: number, seconds: number) => ({
    seconds: Float64Array.from({ length: count }, (_, i) => (seconds * (i + 1)) / count),
    iterations: Float64Array.from({ length: count }, (_, i) => i + 1),
    loss: Float64Array.from({ length: count }, (_, i) => from * rate ** i),
  });
  return {
    particles: 3,
    dimension: 3,
    rollout: comparison(records, 0),
    tilted: comparison(records, 0.3),
    law: {
      separations,
      trainingRanges: [
        [0.84, 1.3],
        [1.5, 1.81],
      ],
      truth: curve(1, 0),
      models: { mclnn: curve(1 + 2e-6, 4e-6), spline: curve(1, 1e-10) },
    },
    training: {
      mclnn: falling(40, 0.5, 1e-2, 0.18),
      spline: falling(3, 1e-8, 1e-3, 0.06),
      lnn: {
        ...falling(60, 0.82, 1, 1.9),
        validationLoss: falling(60, 0.84, 1.2, 1.9).loss,
        lossKind: "acceleration",
      },
    },
    targetLoss: 1e-8,
  };
}

function summary(errors: Numbers | undefined): { mae: number | null; max: number | null } {
  if (errors === undefined) return { mae: null, max: null };
  const all = Array.from(errors);
  return { mae: all.reduce((a, b) => a + b, 0) / all.length, max: Math.max(...all) };
}

function rolloutErrors(run: RunSeries | undefined): RolloutErrors {
  const { errors } = run ?? {};
  return {
    records: run?.times.length ?? 0,
    lagrangian: summary(errors?.lagrangian),
    hamiltonian: summary(errors?.hamiltonian),
    linearMomentum: summary(errors?.linearMomentum),
    angularMomentum: summary(errors?.angularMomentum),
    position: summary(errors?.position),
    validTime: null,
    validBound: 0.1,
  };
}

function model(key: keyof typeof LAWS, series: SystemSeries): ModelResults {
  const parameters = { mclnn: 141, spline: 40, lnn: 231 }[key];
  return {
    parameters,
    trainLoss: { mclnn: 4.1e-13, spline: 2.2e-21, lnn: 1.2e-5 }[key],
    validationLoss: { mclnn: 4.4e-13, spline: 2.3e-21, lnn: 1.5e-5 }[key],
    lossKind: key === "lnn" ? "acceleration" : "rollout",
    trainSeconds: { mclnn: 0.18, spline: 0.06, lnn: 1.9 }[key],
    iterations: 40,
    reachedTarget: key !== "lnn",
    ...(key === "mclnn"
      ? {
          milestones: [
            { loss: 1e-8, seconds: 0.1 },
            { loss: 1e-12, seconds: 0.18 },
          ],
        }
      : {}),
    slopeError:
      key === "lnn"
        ? null
        : {
            mean: key === "mclnn" ? 4e-6 : 1e-10,
            max: 1e-5,
            range: [
              [0.84, 1.3],
              [1.5, 1.81],
            ],
          },
    rollout: rolloutErrors(series.rollout.models[key]),
    tilted: rolloutErrors(series.tilted?.models[key]),
  };
}

/** results.json of one system of three springs, consistent with the series. */
export function syntheticResults(
  series: SystemSeries,
  names: readonly string[] = ["linear-spring"],
): CompareResults {
  const system: SystemResults = {
    title: "Linear spring",
    formula: "k (r - r0)^2 / 2",
    parameters: { k: 1, r0: 1 },
    coupling: "none",
    masses: [1, 1, 1],
    dimension: 3,
    dt: 0.01,
    stride: 10,
    integrator: "velocity-verlet",
    trainingData: {
      trajectories: 100,
      records: 20,
      validationTrajectories: 20,
      scheme: "segments",
      noise: 0,
      seed: 100,
      accelerationPoints: 10_000,
    },
    starts: {
      test: {
        positions: POSITIONS.map((row) => [...row]),
        velocities: VELOCITIES.map((row) => [...row]),
      },
    },
    truth: {
      hamiltonian: 0.8701262859588702,
      linearMomentum: [0, 0, 0],
      angularMomentum: [0, 0, 1.3074],
      hamiltonianDrift: 6.6e-6,
    },
    chaosFloor: { offset: 1e-4, position: summary(series.rollout.chaos?.errors.position) },
    models: {
      mclnn: model("mclnn", series),
      spline: model("spline", series),
      lnn: model("lnn", series),
    },
  };
  return {
    version: 1,
    seed: 100,
    software: { mclnn: "0.1.0", node: "v20.20.2", threads: 2 },
    command: "pnpm cli compare --seed 100",
    seconds: 41.2,
    systems: Object.fromEntries(names.map((name) => [name, system])),
  };
}
