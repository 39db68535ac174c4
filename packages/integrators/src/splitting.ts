import { accelerations, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Integrator } from "./integrator.ts";

/** One stage of a step: `kick` v += weight dt a(q), `drift` q += weight dt v. */
export type SplittingStage = readonly ["kick" | "drift", number];

/**
 * A splitting method as data: kicks v += b dt a(q) and drifts q += c dt v by turns, the coefficients of each adding up to 1.
 * A method that begins and ends with a kick meets the same positions twice, and pays for their force once.
 */
export interface Splitting {
  readonly name: string;
  readonly order: number;
  readonly reversible: boolean;
  readonly first: "kick" | "drift";
  /** The b, in order. */
  readonly kicks: readonly number[];
  /** The c, in order: as many as kicks, one less, or one more. */
  readonly drifts: readonly number[];
}

/** An integrator that says what its step is made of, for whoever differentiates it. */
export interface SplittingIntegrator extends Integrator {
  readonly stages: readonly SplittingStage[];
}

/**
 * The one loop behind all splitting methods. They are symplectic, and serve forces of positions only.
 *
 * The force is evaluated only where positions have changed since: once less a step for methods that begin and end with a kick.
 *
 * @throws MclnnError `bad-argument`, `bad-option`, `not-finite`; at start: `velocity-dependent-force`
 */
export function splitting(method: Splitting): SplittingIntegrator {
  checkArgument("options", method, {
    name: "text",
    order: "count",
    reversible: "flag",
    first: ["kick", "drift"],
    kicks: "numbers",
    drifts: "numbers",
  });
  const { name, order, reversible, kicks, drifts } = method;
  const stages = stagesOf(method);
  return {
    name,
    order,
    symplectic: true,
    reversible,
    forceEvaluations: Math.min(kicks.length, drifts.length),
    serves: "positions",
    adaptive: false,
    stages,
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
        for (const [kind, weight] of stages) {
          if (kind === "kick") kick(weight * dt);
          else drift(weight * dt);
        }
        state.time += dt;
      };
    },
  };
}

/**
 * Coefficients that read the same in both directions, from their first half and their middle.
 *
 * @throws MclnnError `bad-argument`, `bad-option`, `not-finite`
 */
export function palindrome(half: readonly number[], middle?: number): readonly number[] {
  checkArgument("half", half, "numbers");
  checkArgument("middle", middle, "number?");
  const first = Array.from(half);
  return [...first, ...(middle === undefined ? [] : [middle]), ...first.toReversed()];
}

function stagesOf({ first, kicks, drifts }: Splitting): readonly SplittingStage[] {
  const k = Array.from(kicks, (weight): SplittingStage => ["kick", weight]);
  const d = Array.from(drifts, (weight): SplittingStage => ["drift", weight]);
  const [one, other] = first === "kick" ? [k, d] : [d, k];
  return one.flatMap((stage, i) => [stage, ...other.slice(i, i + 1)]);
}

function refuse(name: string, potential: string): never {
  throw new MclnnError(`the integrator ${name} cannot serve the potential ${potential}`, {
    code: "velocity-dependent-force",
    argument: "integrator",
    expected: "forces that depend on positions only",
    got: "forces that depend on velocities too",
    mend: "Use rungeKutta4 or dormandPrince54, which serve both.",
  });
}
