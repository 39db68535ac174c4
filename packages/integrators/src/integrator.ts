import type { ParticleSystem, State } from "@mclnn/physics";

/**
 * Advances the state it was started with, in place, its time included. A negative dt goes back in time; a
 * reversible method then returns where it was, up to roundoff.
 */
export type Step = (dt: number) => void;

/** A method of integration: stated facts, and `start`. */
export interface Integrator {
  /** Name on the command line, for example `velocity-verlet`. */
  readonly name: string;
  /** Order of the global error in dt. */
  readonly order: number;
  readonly symplectic: boolean;
  /** Whether a step of -dt undoes a step of dt up to roundoff. */
  readonly reversible: boolean;
  /** Force evaluations a step, in a long run (of the embedded pair, for an adaptive method). */
  readonly forceEvaluations: number;
  /** Numbers that were chosen, such as tolerances, for provenance. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Motion that noise drives: without inertia, or with friction; `order` is then the weak one. Absent where a start decides all that follows. */
  readonly motion?: "overdamped" | "langevin";
  /** Whether it chooses its own steps inside the dt it is asked for. */
  readonly adaptive: boolean;
  /**
   * Prepares to advance `state`. All scratch is allocated here; the returned step allocates nothing.
   * Whoever changes the state between two steps starts again.
   */
  start(system: ParticleSystem, state: State): Step;
}
