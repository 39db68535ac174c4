import { MclnnError, type ParticleSystem } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Integrator } from "./integrator.ts";
import { checkNormals, type NormalSource } from "./noise.ts";

/** What moves particles without inertia, and its noise. */
export interface EulerMaruyamaOptions {
  /** D, length^2 a time: one for all particles, or one a species. */
  readonly diffusion: number | ArrayLike<number>;
  /** kT, in the unit of energy of the forces. Default 1: forces are in kT a length. */
  readonly temperature?: number;
  readonly random: NormalSource;
}

/**
 * Euler-Maruyama, for motion without inertia (overdamped, Brownian): q += dt D F(q) / kT + sqrt(2 D dt) n, n normal.
 *
 * Weak order 1, 1 force evaluation a step; stable where dt D |V''| / kT < 2, and good where it is below 1/8. Neither symplectic nor reversible:
 * there are no velocities, and those of the state are 0. Each start goes on with the numbers of `random`, so the same run again needs the seed again.
 *
 * Source: Maruyama, Rend. Circ. Mat. Palermo 4, 48 (1955); Kloeden, Platen, Numerical Solution of Stochastic Differential Equations (1992), 10.2.
 *
 * @throws MclnnError `bad-argument`, `bad-option`; at start `conflicting-options` for forces that read velocities, `bad-shape` for species without a D
 */
export function eulerMaruyama(options: EulerMaruyamaOptions): Integrator {
  checkArgument("options", options, { temperature: "positive?" });
  const { diffusion, temperature = 1, random } = options;
  checkArgument("diffusion", diffusion, typeof diffusion === "number" ? "positive" : "numbers");
  checkNormals(random);
  const all = typeof diffusion === "number" ? [diffusion] : Array.from(diffusion);
  all.forEach((each, k) => {
    checkArgument(all.length === 1 ? "diffusion" : `diffusion[${k}]`, each, "positive");
  });
  return {
    name: "euler-maruyama",
    order: 1,
    symplectic: false,
    reversible: false,
    forceEvaluations: 1,
    adaptive: false,
    motion: "overdamped",
    parameters: {
      temperature,
      ...Object.fromEntries(
        all.map((each, k) => [all.length === 1 ? "diffusion" : `diffusion${k}`, each]),
      ),
    },
    start(system, state) {
      const { potential, dimension } = system;
      if (potential.reads.includes("velocities")) refuseVelocities(potential.name);
      const own = diffusionOf(all, system);
      const { positions: q } = state;
      const forces = new Float64Array(q.length);
      state.velocities.fill(0);
      return (dt) => {
        forces.fill(0);
        potential.addForces(system, q, forces, undefined, state.time);
        for (let k = 0; k < q.length; k++) {
          const d = own[Math.floor(k / dimension)] as number;
          const drift = (dt * d * (forces[k] as number)) / temperature;
          q[k] = (q[k] as number) + drift + Math.sqrt(2 * d * dt) * random.normal();
        }
        state.time += dt;
      };
    },
  };
}

/** D of each particle. */
function diffusionOf(all: readonly number[], { masses, species }: ParticleSystem): Float64Array {
  return Float64Array.from(masses, (_, i) => {
    const kind = all.length === 1 ? 0 : (species?.[i] ?? 0);
    const own = all[kind];
    if (own === undefined)
      throw new MclnnError(`particle ${i} has no diffusion constant`, {
        code: "bad-shape",
        argument: "diffusion",
        expected: "one for all particles, or one for every species",
        got: `${all.length}, and species ${kind}`,
      });
    return own;
  });
}

function refuseVelocities(name: string): never {
  throw new MclnnError("motion without inertia has no velocities", {
    code: "conflicting-options",
    argument: "integrator",
    expected: "forces that read positions alone",
    got: `${name}, which reads velocities`,
    mend: "Friction is what makes it overdamped: leave it out, or take baoab.",
  });
}
