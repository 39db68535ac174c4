import { accelerations } from "@mclnn/physics";
import type { Integrator } from "./integrator.ts";

/** Nodes and weights of the four stages. */
const NODES = [0, 0.5, 0.5, 1];
const WEIGHTS = [1 / 6, 1 / 3, 1 / 3, 1 / 6];

/**
 * Classical Runge-Kutta on y = (q, v): y += dt (k1 + 2 k2 + 2 k3 + k4) / 6, with k2 and k3 at half a step and k4 at a whole one.
 *
 * Order 4, neither symplectic nor reversible: energy drifts. 4 force evaluations a step. Forces may depend on velocities.
 *
 * Source: Kutta, Z. Math. Phys. 46, 435 (1901); Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I (1993), II.1.
 */
export const rungeKutta4: Integrator = {
  name: "runge-kutta-4",
  order: 4,
  symplectic: false,
  reversible: false,
  forceEvaluations: 4,
  adaptive: false,
  start(system, state) {
    const { positions: q, velocities: v } = state;
    const n = q.length;
    const [qs, vs, a, sumQ, sumV] = Array.from({ length: 5 }, () => new Float64Array(n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return (dt) => {
      sumQ.fill(0);
      sumV.fill(0);
      vs.fill(0);
      a.fill(0);
      for (let stage = 0; stage < 4; stage++) {
        const h = (NODES[stage] as number) * dt;
        const w = (WEIGHTS[stage] as number) * dt;
        for (let k = 0; k < n; k++) {
          // The rates of the stage before are still in vs and a.
          qs[k] = (q[k] as number) + h * (vs[k] as number);
          vs[k] = (v[k] as number) + h * (a[k] as number);
        }
        accelerations(system, qs, a, vs, state.time + h);
        for (let k = 0; k < n; k++) {
          sumQ[k] = (sumQ[k] as number) + w * (vs[k] as number);
          sumV[k] = (sumV[k] as number) + w * (a[k] as number);
        }
      }
      for (let k = 0; k < n; k++) {
        q[k] = (q[k] as number) + (sumQ[k] as number);
        v[k] = (v[k] as number) + (sumV[k] as number);
      }
      state.time += dt;
    };
  },
};
