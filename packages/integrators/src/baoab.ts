import { accelerations } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { portableExp } from "@mclnn/physics/portable";
import type { Integrator } from "./integrator.ts";
import { checkNormals, type NormalSource } from "./noise.ts";

/** The bath that particles with inertia are in. */
export interface BaoabOptions {
  /** gamma, a rate: v' = a - gamma v + noise. */
  readonly friction: number;
  /** kT, in the unit of energy of the forces. Default 1. */
  readonly temperature?: number;
  readonly random: NormalSource;
}

/**
 * BAOAB, for Langevin motion v' = a(q) - gamma v + sqrt(2 gamma kT / m) noise: half a kick, half a drift, friction and noise exactly for the whole
 * step, half a drift, half a kick.
 *
 * Weak order 2, 1 force evaluation a step; positions in a harmonic well have no error in the long run. Without friction it is velocity Verlet with
 * its drift in two halves. Each start goes on with the numbers of `random`.
 *
 * Source: Leimkuhler, Matthews, Appl. Math. Res. Express 2013, 34, doi:10.1093/amrx/abs010.
 *
 * @throws MclnnError `bad-argument`, `bad-option`
 */
export function baoab(options: BaoabOptions): Integrator {
  checkArgument("options", options, { friction: "positive", temperature: "positive?" });
  const { friction, temperature = 1, random } = options;
  checkNormals(random);
  return {
    name: "baoab",
    order: 2,
    symplectic: false,
    reversible: false,
    forceEvaluations: 1,
    adaptive: false,
    motion: "langevin",
    parameters: { friction, temperature },
    start(system, state) {
      const { positions: q, velocities: v } = state;
      const { masses, dimension } = system;
      const a = new Float64Array(q.length);
      accelerations(system, q, a, v, state.time);
      const kick = (dt: number): void => {
        for (let k = 0; k < v.length; k++) v[k] = (v[k] as number) + dt * (a[k] as number);
      };
      const drift = (dt: number): void => {
        for (let k = 0; k < q.length; k++) q[k] = (q[k] as number) + dt * (v[k] as number);
      };
      return (dt) => {
        const kept = portableExp(-friction * dt);
        kick(dt / 2);
        drift(dt / 2);
        for (let k = 0; k < v.length; k++) {
          const m = masses[Math.floor(k / dimension)] as number;
          const noise = Math.sqrt((temperature / m) * (1 - kept * kept));
          v[k] = kept * (v[k] as number) + noise * random.normal();
        }
        drift(dt / 2);
        accelerations(system, q, a, v, state.time + dt);
        kick(dt / 2);
        state.time += dt;
      };
    },
  };
}
