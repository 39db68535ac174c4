// An integrator of one's own is a record of facts and a `start`. Here: Ruth's third-order method, and its order measured.
// R. D. Ruth, IEEE Trans. Nucl. Sci. 30 (1983) 2669, doi:10.1109/TNS.1983.4332919
import { type Integrator, rollout } from "@mclnn/integrators";
import { accelerations, createState, createSystem, linearSpring, pairwise } from "@mclnn/physics";

const halvings = Number(process.argv[2] ?? 5);

const KICKS = [7 / 24, 3 / 4, -1 / 24];
const DRIFTS = [2 / 3, -2 / 3, 1];

const ruth3: Integrator = {
  name: "ruth3",
  order: 3,
  symplectic: true,
  reversible: false,
  forceEvaluations: 3,
  adaptive: false,
  start(system, state) {
    const { positions, velocities } = state;
    const a = new Float64Array(positions.length);
    return (dt) => {
      KICKS.forEach((kick, stage) => {
        accelerations(system, positions, a);
        const drift = DRIFTS[stage] as number;
        for (let i = 0; i < a.length; i++) {
          velocities[i] = (velocities[i] as number) + kick * dt * (a[i] as number);
          positions[i] = (positions[i] as number) + drift * dt * (velocities[i] as number);
        }
      });
      state.time += dt;
    };
  },
};

// Two bodies on a spring along a line: r = 1 + 0.3 cos(sqrt(2) t).
const system = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(linearSpring()) });
const start = createState(
  {
    positions: [
      [0, 0],
      [1.3, 0],
    ],
    velocities: [
      [0, 0],
      [0, 0],
    ],
  },
  { dimension: 2 },
);
const time = 5;
const exact = 1 + 0.3 * Math.cos(Math.SQRT2 * time);

let previous: number | undefined;
for (let halving = 0; halving < halvings; halving++) {
  const steps = 100 * 2 ** halving;
  const dt = time / steps;
  const run = rollout(system, start, { dt, stride: steps, records: 2, integrator: ruth3 });
  const [left, right] = [run.positions[4] as number, run.positions[6] as number];
  const error = Math.abs(right - left - exact);
  const order = previous === undefined ? "" : `  order ${Math.log2(previous / error).toFixed(2)}`;
  console.log(`dt ${dt.toExponential(1)}  error ${error.toExponential(2)}${order}`);
  previous = error;
}
