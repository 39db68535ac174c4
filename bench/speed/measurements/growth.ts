import { createRandom, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import {
  createState,
  createSystem,
  linearSpring,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import type { Goal, Measurement, TimeRow } from "../measurement.ts";
import { own, race } from "../race.ts";
import { paperTrajectories, rolloutProblem } from "../rollout-problem.ts";
import { growthExponent } from "../statistics.ts";

/** An exponent that is hardly more than proportional. */
const LINEAR = 1.05;

interface Series {
  readonly what: string;
  readonly goal: boolean;
  readonly sizes: readonly number[];
  /** Text of a size, where it is not what is counted. */
  readonly name?: (size: number) => string;
  /** What is counted of a size. Default: the size. */
  readonly counted?: (size: number) => number;
  /** The work of that size. */
  readonly prepare: (size: number) => () => unknown;
}

const same = (size: number): number => size;
const pairsOf = (particles: number): number => (particles * (particles - 1)) / 2;
const byPairs = { counted: pairsOf, name: (n: number) => `${pairsOf(n)} pairs (N = ${n})` };

/** Springs between all of N particles that start near a ball's surface, at rest. */
function springs(particles: number): { system: ParticleSystem; start: State } {
  const random = createRandom(particles);
  const positions = Array.from({ length: particles }, () => {
    const v = [random.normal(), random.normal(), random.normal()];
    const length = Math.hypot(...v);
    return v.map((x) => (0.8 * x) / length);
  });
  return {
    // Softer with more of them: every particle then moves as fast as in a small system.
    system: createSystem({
      masses: new Float64Array(particles).fill(1),
      dimension: 3,
      potential: pairwise(linearSpring({ stiffness: 3 / particles })),
    }),
    start: createState({ positions, velocities: positions.map(() => [0, 0, 0]) }, { dimension: 3 }),
  };
}

/** 40 short trajectories of N particles. */
function springTrajectories(particles: number): TrajectorySet {
  return generateTrajectories({
    ...springs(particles),
    trajectories: 40,
    records: 10,
    scheme: "random",
  });
}

/** The spline's training is what grows; the network's is the same for all data. */
const fit = (data: TrajectorySet) => () => train(data, { model: "spline", velocities: "given" });

const SERIES: readonly Series[] = [
  {
    what: "training against trajectories",
    goal: true,
    sizes: [100, 200, 400, 800],
    prepare: (trajectories) => fit(paperTrajectories("linear-spring", { trajectories })),
  },
  {
    what: "training against records",
    goal: true,
    sizes: [10, 20, 40, 80],
    prepare: (records) => fit(paperTrajectories("linear-spring", { records })),
  },
  {
    what: "training against pairs",
    goal: true,
    sizes: [4, 6, 9, 13],
    ...byPairs,
    prepare: (particles) => fit(springTrajectories(particles)),
  },
  {
    what: "Gauss-Newton pass against coefficients",
    goal: false,
    sizes: [20, 39, 78, 156],
    prepare: (coefficients) => {
      const { spline } = rolloutProblem(paperTrajectories("linear-spring"), coefficients - 3);
      const { pass, curve, tangentStep } = spline;
      return () => pass.normalEquations(curve, { tangentStep });
    },
  },
  {
    what: "simulation against records",
    goal: true,
    sizes: [250, 500, 1000, 2000],
    prepare: (records) => {
      const { system, start } = springs(10);
      return () => rollout(system, start, { records });
    },
  },
  {
    what: "simulation against pairs",
    goal: true,
    sizes: [8, 16, 32, 64],
    ...byPairs,
    prepare: (particles) => {
      const { system, start } = springs(particles);
      return () => rollout(system, start, { records: 40 });
    },
  },
];

export const growth: Measurement = {
  name: "growth",
  title: "Growth",
  async measure({ quick, say }) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const { what, goal, sizes, name, counted = same, prepare } of SERIES) {
      const used = quick ? sizes.slice(0, 2) : sizes;
      const rows = await race(
        what,
        used.map((size) => own(name?.(size) ?? String(size), prepare(size))),
        quick ? 1 : 4,
      );
      const exponent = growthExponent(
        used.map((size, k) => [counted(size), rows[k]?.seconds?.minimum ?? Number.NaN] as const),
      );
      say(`  ${what}: ${exponent.toFixed(2)}`);
      times.push(...rows.map(({ ratio: _, ...row }) => row));
      if (goal)
        goals.push({ what, measured: exponent, bound: LINEAR, sense: "most", unit: "exponent" });
      else times.push({ work: what, who: "exponent", seconds: null, note: exponent.toFixed(3) });
    }
    return {
      times,
      goals,
      notes: [
        "Exponents p of time = c size^p, least squares through the least times. Training is that of the spline law (what a network costs on top does not depend on the data): `train()` on 100 trajectories of 20 records of the linear spring, and on 40 of 10 records of N particles. Simulation: linear springs, velocity Verlet.",
      ],
    };
  },
};
