import { accelerations, type ParticleSystem, type State } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Integrator } from "./integrator.ts";
import { type Kick, velocityFlow } from "./velocity-flow.ts";

/** One stage of a step: `kick` v += weight dt a(q), or v' = a(q, v) over weight dt where forces read velocities; `drift` q += weight dt v. */
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
 * The one loop behind all splitting methods. They are symplectic for forces that have an energy, and keep their order for all others too:
 * where forces read velocities, a kick is the flow of the velocities at positions that stand still, solved to roundoff.
 *
 * Forces of positions are evaluated only where positions have changed since: once less a step for methods that begin and end with a kick. Those
 * that read velocities are evaluated 10 to 20 times a kick while dt |da/dv| is below 0.02.
 *
 * @throws MclnnError `bad-argument`, `bad-option`, `not-finite`
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
    adaptive: false,
    stages,
    start(system, state) {
      const { positions, velocities } = state;
      const { reads } = system.potential;
      const damps = reads.includes("velocities");
      // A number that is handed on is an object on the heap: only who reads the time is told it.
      const isTold = reads.includes("time");
      const kick = damps ? velocityFlow(system, state) : impulse(system, state);
      let moved = true;

      function drift(time: number): void {
        for (let i = 0; i < positions.length; i++)
          positions[i] = (positions[i] as number) + time * (velocities[i] as number);
      }

      return (dt) => {
        // Time goes with the positions.
        let now = state.time;
        for (const [kind, weight] of stages) {
          if (kind === "kick") kick(weight * dt, moved, isTold ? now : 0);
          else {
            drift(weight * dt);
            now += weight * dt;
          }
          moved = kind === "drift";
        }
        state.time += dt;
      };
    },
  };
}

/** A kick by forces of positions alone. */
function impulse(system: ParticleSystem, { positions, velocities }: State): Kick {
  const acceleration = new Float64Array(positions.length);
  return (time, moved, now) => {
    if (moved) accelerations(system, positions, acceleration, velocities, now);
    for (let i = 0; i < acceleration.length; i++)
      velocities[i] = (velocities[i] as number) + time * (acceleration[i] as number);
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
