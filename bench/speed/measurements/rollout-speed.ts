import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import {
  createState,
  createSystem,
  type Force,
  lennardJones,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import { atLeast, atMost, type Measurement } from "../measurement.ts";
import { paperTrajectories } from "../problems.ts";
import { own, race } from "../race.ts";

const PARTICLES = 10;

/** Ten particles on a spiral up a cylinder, no two closer than a Lennard-Jones pair likes, at rest. */
function spiral(): State {
  const at = (k: number) => [0.9 * Math.cos(1.3 * k), 0.9 * Math.sin(1.3 * k), 0.35 * k];
  return createState(
    {
      positions: Array.from({ length: PARTICLES }, (_, k) => at(k)),
      velocities: Array.from({ length: PARTICLES }, () => [0, 0, 0]),
    },
    { dimension: 3 },
  );
}

const system = (potential: Force): ParticleSystem =>
  createSystem({ masses: new Float64Array(PARTICLES).fill(1), dimension: 3, potential });

export const rolloutSpeed: Measurement = {
  name: "rollout",
  title: "Simulation",
  async measure({ quick }) {
    const records = quick ? 20 : 500;
    const options = { records, stride: 10, dt: 0.002 };
    const steps = (records - 1) * options.stride;
    const start = spiral();
    const { model } = await train(paperTrajectories("linear-spring"), { seed: 100 });
    const pair: PairPotential = lennardJones();
    const roll = (who: string, potential: Force) =>
      own(who, () => rollout(system(potential), start, options));
    const rows = await race(
      `${steps} steps of ${PARTICLES} particles`,
      [
        roll("MCLNN, learned law", model.potential),
        roll("MCLNN, analytic Lennard-Jones", pairwise(pair)),
      ],
      quick ? 1 : 15,
    );
    const [learned, analytic] = rows.map(({ seconds }) => seconds?.minimum ?? Number.NaN);
    return {
      times: rows.map((row) => ({
        ...row,
        note: `${Math.round(steps / (row.seconds?.minimum ?? Number.NaN)).toLocaleString("en")} steps/s`,
      })),
      goals: [
        atLeast("learned rollout, N = 10", steps / learned, 150_000, "steps/s"),
        atMost("learned rollout over analytic Lennard-Jones", learned / analytic, 1.5, "x"),
      ],
      notes: [
        `\`rollout()\` of velocity Verlet, all ${(PARTICLES * (PARTICLES - 1)) / 2} pairs, a record kept every ${options.stride} steps; one thread.`,
      ],
    };
  },
};
