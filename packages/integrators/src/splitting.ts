import { accelerations, MclnnError } from "@mclnn/physics";
import type { Integrator } from "./integrator.ts";

/**
 * A splitting method as data: kicks v += b dt a(q) and drifts q += c dt v by turns, the coefficients of each adding up to 1.
 * A method that begins and ends with a kick meets the same positions twice, and pays for their force once.
 */
export interface Splitting {
  readonly name: string;
  readonly order: number;
  readonly reversible: boolean;
  readonly first: "kick" | "drift";
  readonly kicks: readonly number[];
  readonly drifts: readonly number[];
}

/** The one loop behind all splitting methods. */
export function splittingIntegrator(method: Splitting): Integrator {
  const { name, order, reversible, first, kicks, drifts } = method;
  const coefficients = alternate(first, kicks, drifts);
  const kickParity = first === "kick" ? 0 : 1;
  return {
    name,
    order,
    symplectic: true,
    reversible,
    forceEvaluations: Math.min(kicks.length, drifts.length),
    serves: "positions",
    adaptive: false,
    start(system, state) {
      if (system.potential.dependsOn !== "positions") refuse(name, system.potential.name);
      const { positions, velocities } = state;
      const acceleration = new Float64Array(positions.length);
      let moved = true;

      function kick(weight: number): void {
        if (moved) accelerations(system, positions, acceleration);
        moved = false;
        for (let i = 0; i < acceleration.length; i++)
          velocities[i] = (velocities[i] as number) + weight * (acceleration[i] as number);
      }

      function drift(weight: number): void {
        for (let i = 0; i < acceleration.length; i++)
          positions[i] = (positions[i] as number) + weight * (velocities[i] as number);
        moved = true;
      }

      return (dt) => {
        for (let i = 0; i < coefficients.length; i++) {
          const weight = (coefficients[i] as number) * dt;
          if (i % 2 === kickParity) kick(weight);
          else drift(weight);
        }
        state.time += dt;
      };
    },
  };
}

/** The coefficients of a method that reads the same in both directions, from its first half and its middle. */
export function mirrored(half: readonly number[], middle?: number): readonly number[] {
  return [...half, ...(middle === undefined ? [] : [middle]), ...half.toReversed()];
}

function alternate(
  first: "kick" | "drift",
  kicks: readonly number[],
  drifts: readonly number[],
): readonly number[] {
  const [odd, even] = first === "kick" ? [kicks, drifts] : [drifts, kicks];
  return odd.flatMap((each, i) => [each, ...even.slice(i, i + 1)]);
}

function refuse(name: string, potential: string): never {
  throw new MclnnError(`the integrator ${name} cannot serve the potential ${potential}`, {
    code: "unsupported-force",
    argument: "integrator",
    expected: "forces that depend on positions only",
    got: "forces that depend on velocities too",
    mend: "Use rungeKutta4 or dormandPrince54, which serve both.",
  });
}
