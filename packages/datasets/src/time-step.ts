import { type ParticleSystem, type State, separations } from "@mclnn/physics";
import { checkPair, checkState, checkSystem } from "@mclnn/physics/arguments";

/** A time step and why. */
export interface TimeStepSuggestion {
  readonly dt: number;
  /** The shortest time in which something happens; infinite where nothing moves. */
  readonly timeScale: number;
  /** In words, for the user. */
  readonly reason: string;
}

/** Velocity Verlet needs about this many steps a shortest period for an energy error near 1e-3. */
const STEPS_A_PERIOD = 60;
/** Steps of the trial run, and share of the resulting time scale that a step may be. */
const TRIAL_RECORDS = 400;

/**
 * A time step from the system's own time scale: the fastest pair oscillation and the shortest time a pair takes to cross its separation,
 * along a trial run.
 *
 * Rounded down to 1, 2 or 5 times a power of ten.
 *
 * @throws MclnnError as a rollout, for what is no system or no state of it
 */
export function suggestTimeStep(system: ParticleSystem, state: State): TimeStepSuggestion {
  checkSystem(system);
  checkState("state", state, system);
  const { masses, dimension, potential } = system;
  if (potential.pair !== undefined) checkPair("system.potential.pair", potential.pair);
  const n = masses.length;
  const pair = potential.pair;
  const q = Float64Array.from(state.positions);
  const v = Float64Array.from(state.velocities);
  const f = new Float64Array(q.length);
  const r = new Float64Array((n * (n - 1)) / 2);
  let shortest = Number.POSITIVE_INFINITY;
  let what = "the fastest crossing of a pair";
  let now = state.time;
  const look = (): void => {
    separations(q, { particles: n, dimension }, r);
    for (let i = 0, p = 0; i < n; i++)
      for (let j = i + 1; j < n; j++, p++) {
        const mi = masses[i] as number;
        const mj = masses[j] as number;
        let speed = 0;
        for (let c = 0; c < dimension; c++) {
          const u = (v[i * dimension + c] as number) - (v[j * dimension + c] as number);
          speed += u * u;
        }
        const crossing = (r[p] as number) / Math.sqrt(speed);
        if (crossing < shortest) {
          shortest = crossing;
          what = "the fastest crossing of a pair";
        }
        if (pair === undefined) continue;
        const weight =
          pair.coupling === "mass-product"
            ? mi * mj
            : pair.coupling === "charge-product" && system.charges !== undefined
              ? (system.charges[i] as number) * (system.charges[j] as number)
              : 1;
        const x = r[p] as number;
        const h = 1e-4 * x;
        const curvature = pair.curvature?.(x) ?? (pair.slope(x + h) - pair.slope(x - h)) / (2 * h);
        const stiffness = Math.max(Math.abs(curvature), Math.abs(pair.slope(x)) / x);
        const omega = Math.sqrt(Math.abs(weight) * stiffness * (1 / mi + 1 / mj));
        const period = (2 * Math.PI) / omega;
        if (period < shortest) {
          shortest = period;
          what = "the fastest oscillation of a pair";
        }
      }
  };
  look();
  // A trial run in small steps, so that close approaches that the start does not show are seen.
  for (let k = 0; k < TRIAL_RECORDS && Number.isFinite(shortest); k++) {
    const dt = shortest / STEPS_A_PERIOD;
    f.fill(0);
    potential.addForces(system, q, f, v, now);
    now += dt;
    for (let c = 0; c < q.length; c++) {
      const m = masses[Math.floor(c / dimension)] as number;
      v[c] = (v[c] as number) + (dt * (f[c] as number)) / m;
      q[c] = (q[c] as number) + dt * (v[c] as number);
    }
    look();
  }
  const dt =
    Number.isFinite(shortest) && shortest > 0 ? roundDown(shortest / STEPS_A_PERIOD) : 0.01;
  return {
    dt,
    timeScale: shortest,
    reason: Number.isFinite(shortest)
      ? `${what} takes ${Number(shortest.toPrecision(2))}, ${STEPS_A_PERIOD} steps each or more`
      : "nothing moves",
  };
}

function roundDown(x: number): number {
  let power = 1;
  while (power > x) power /= 10;
  while (power * 10 <= x) power *= 10;
  const factor = [5, 2, 1].find((f) => f * power <= x) ?? 1;
  return Number((factor * power).toPrecision(1));
}
