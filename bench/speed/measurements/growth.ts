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
import { growthExponent } from "../../numbers.ts";
import { atMost, type Goal, type Measurement, type TimeRow } from "../measurement.ts";
import { paperTrajectories, rolloutProblem } from "../problems.ts";
import { own, race } from "../race.ts";

/** An exponent that is hardly more than proportional. */
const LINEAR = 1.05;

/** What grows, its sizes, and the work of a size. */
type Series = readonly [
  what: string,
  sizes: readonly number[],
  prepare: (size: number) => () => unknown,
];

const pairsOf = (particles: number): number => (particles * (particles - 1)) / 2;

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

const perTrajectories = (trajectories: number) =>
  fit(paperTrajectories("linear-spring", { trajectories }));
const perRecords = (records: number) => fit(paperTrajectories("linear-spring", { records }));
const passOf = (coefficients: number) => {
  const { spline } = rolloutProblem(paperTrajectories("linear-spring"), coefficients - 3);
  const { pass, curve, tangentStep } = spline;
  return () => pass.normalEquations(curve, { tangentStep });
};
const simulate = (particles: number, records: number) => {
  const { system, start } = springs(particles);
  return () => rollout(system, start, { records });
};

const SERIES: readonly Series[] = [
  ["training against trajectories", [100, 200, 400, 800], perTrajectories],
  ["training against records", [10, 20, 40, 80], perRecords],
  ["training against pairs", [4, 6, 9, 13], (n) => fit(springTrajectories(n))],
  ["Gauss-Newton pass against coefficients", [20, 39, 78, 156], passOf],
  ["simulation against records", [250, 500, 1000, 2000], (records) => simulate(10, records)],
  ["simulation against pairs", [8, 16, 32, 64], (n) => simulate(n, 40)],
];
/** Told, and no goal. */
const TOLD = "Gauss-Newton pass against coefficients";

export const growth: Measurement = {
  name: "growth",
  title: "Growth",
  async measure({ quick, say }) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const [what, sizes, prepare] of SERIES) {
      const used = quick ? sizes.slice(0, 2) : sizes;
      const byPairs = what.endsWith("pairs");
      const nameOf = (n: number) => (byPairs ? `${pairsOf(n)} pairs (N = ${n})` : String(n));
      const contenders = used.map((size) => own(nameOf(size), prepare(size)));
      const rows = await race(what, contenders, quick ? 1 : 4);
      const exponent = growthExponent(
        used.map((n, k) => [byPairs ? pairsOf(n) : n, rows[k].seconds?.minimum ?? Number.NaN]),
      );
      say(`  ${what}: ${exponent.toFixed(2)}`);
      times.push(...rows.map(({ ratio: _, ...row }) => row));
      if (what !== TOLD) goals.push(atMost(what, exponent, LINEAR, "exponent"));
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
