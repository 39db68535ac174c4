import { MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
import { checkArgument, checkBodies, checkLength, described } from "@mclnn/physics/arguments";
import { portableExponent, portablePower } from "@mclnn/physics/portable";
import type { Integrator } from "./integrator.ts";
import type { SplittingIntegrator } from "./splitting.ts";

/** Smallest part of a position and of a momentum, where none is chosen: with masses, lengths and times of order one, 9e-13. */
export const MOMENTUM_GRID: number = 2 ** -40;

/** Below so many grids at the start, nothing would be resolved to a millionth. */
const COARSEST = 2 ** 20;

/**
 * A splitting method whose positions and momenta are multiples of a grid, so that no sum of them rounds.
 *
 * Each pair's impulse is rounded once, and given to one particle as it is taken from the other. So the total momentum (sum of m v rounded to
 * the grid; with unit masses, sum of v) never changes in any bit, the order of pairs does not matter, and with a reversible method a run whose
 * velocities are turned round goes back to its start bit for bit. The start is put on the grid first. Each rounding moves a position or momentum
 * by at most half a grid: energy and angular momentum are not made exact, and a force whose kick is below half a grid does nothing.
 *
 * @param options - `grid`: a power of two. A component of a position or momentum may be up to 2^50 grids, of an impulse 2^51 grids / N
 * @throws MclnnError `bad-option`, at once. At start: `needs-pair-impulses` for potentials that are not sums over pairs, `grid-too-coarse`.
 * At start and in steps: `grid-range` before any number that would not be exact
 */
export function exactMomentum(
  method: SplittingIntegrator,
  options: { grid?: number } = {},
): Integrator {
  checkMethod(method);
  const grid = gridOf(options);
  const { name, order, reversible, forceEvaluations, stages } = method;
  return {
    name,
    order,
    symplectic: true,
    reversible,
    forceEvaluations,
    adaptive: false,
    parameters: { momentumGrid: grid },
    start(system, state) {
      if (system.potential.addImpulses === undefined) refusePotential(name, system.potential.name);
      const stage = startOnGrid(system, state, grid);
      return (dt) => {
        for (const [kind, weight] of stages) stage[kind](weight * dt);
        state.time += dt;
      };
    },
  };
}

/** Adding and taking away this rounds to the grid, up to 2^51 grids. */
const rounderOf = (grid: number): number => 1.5 * 2 ** 52 * grid;

/** Puts a state on the grid. @returns what moves it there by a time */
function startOnGrid(
  system: ParticleSystem,
  { positions, velocities }: State,
  grid: number,
): Record<"kick" | "drift", (time: number) => void> {
  const { potential, masses, dimension } = system;
  const size = positions.length;
  const rounder = rounderOf(grid);
  const momenta = new Float64Array(size);
  const impulses = new Float64Array(size);
  /** Time of the impulses in hand; NaN where positions have changed since. */
  let met = Number.NaN;

  for (let k = 0; k < size; k++) {
    const mass = masses[Math.floor(k / dimension)] as number;
    momenta[k] = mass * (velocities[k] as number) + rounder - rounder;
    positions[k] = (positions[k] as number) + rounder - rounder;
  }
  for (const [what, values] of [
    ["positions", positions],
    ["momenta", momenta],
  ] as const) {
    checkRange(what, values, "input");
    checkResolution(what, values, grid);
  }
  setVelocities();

  function checkRange(what: string, values: Float64Array, kind?: "input"): void {
    for (let k = 0; k < size; k++) check(what, k, values[k] as number, kind);
  }

  /** Sums are exact up to 2^53 grids, the rounder rounds and m (p / m) gives p back up to 2^51. */
  function check(what: string, k: number, x: number, kind?: "input"): void {
    if (!(Math.abs(x) <= 2 ** 50 * grid))
      throw outOfRange(what, Math.floor(k / dimension), x, grid, kind);
  }

  function setVelocities(): void {
    for (let i = 0, k = 0; i < masses.length; i++)
      for (let c = 0; c < dimension; c++, k++)
        velocities[k] = (momenta[k] as number) / (masses[i] as number);
  }

  return {
    /** A kick at positions that have not changed repeats the impulses it met there. */
    kick(time) {
      if (time !== met) {
        impulses.fill(0);
        // Stryker disable next-line OptionalChaining: that it gives impulses was asked at the start
        potential.addImpulses?.(system, positions, time, grid, impulses);
        met = time;
      }
      for (let k = 0; k < size; k++) momenta[k] = (momenta[k] as number) + (impulses[k] as number);
      checkRange("momenta", momenta);
      setVelocities();
    },
    drift(time) {
      for (let k = 0; k < size; k++) {
        const way = time * (velocities[k] as number);
        check("positions", k, way);
        positions[k] = (positions[k] as number) + (way + rounder - rounder);
      }
      checkRange("positions", positions);
      met = Number.NaN;
    },
  };
}

function outOfRange(
  what: string,
  particle: number,
  got: number,
  grid: number,
  kind: "input" | "failure" = "failure",
): MclnnError {
  return new MclnnError(`${what} of particle ${particle} leave the grid of exact momentum`, {
    code: "grid-range",
    argument: "grid",
    expected: `components of at most ${2 ** 50 * grid} on the grid 2^${portableExponent(grid)}`,
    got: String(got),
    mend: "Choose a coarser grid, or units in which lengths and momenta are of order one.",
    kind,
  });
}

function checkResolution(what: string, values: Float64Array, grid: number): void {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || largest >= COARSEST * grid) return;
  throw new MclnnError(`${what} are too small for the grid of exact momentum`, {
    code: "grid-too-coarse",
    argument: "grid",
    expected: `a grid of at most a millionth of the largest, ${largest}`,
    got: `2^${portableExponent(grid)}`,
    mend: `Choose the grid 2^${portableExponent(largest) - 40}, or units in which lengths and momenta are of order one.`,
  });
}

/**
 * Total momentum of a state on the grid, exactly.
 *
 * @returns [dimension], sums of m v rounded to the grid; what {@link exactMomentum} keeps in every bit
 * @throws MclnnError `bad-argument`, `bad-mass`, `bad-option`, `bad-shape`, `not-finite`, `grid-range`
 */
export function gridMomentum(
  bodies: Pick<ParticleSystem, "masses" | "dimension">,
  state: Pick<State, "velocities">,
  options: { grid?: number } = {},
): Float64Array {
  checkBodies("bodies", bodies);
  checkArgument("state", state, { velocities: "numbers" });
  const grid = gridOf(options);
  const { masses, dimension } = bodies;
  const { velocities } = state;
  checkLength("state.velocities", velocities, [masses.length, "particles"], [dimension]);
  const rounder = rounderOf(grid);
  const sum = new Float64Array(dimension);
  for (let i = 0, k = 0; i < masses.length; i++)
    for (let c = 0; c < dimension; c++, k++)
      sum[c] =
        (sum[c] as number) +
        ((masses[i] as number) * (velocities[k] as number) + rounder - rounder);
  for (const total of sum)
    if (!(Math.abs(total) <= 2 ** 53 * grid))
      throw new MclnnError("the total momentum leaves the grid", {
        code: "grid-range",
        argument: "grid",
        expected: `components of at most ${2 ** 53 * grid}`,
        got: String(total),
        mend: "Choose a coarser grid.",
      });
  return sum;
}

function checkMethod(method: SplittingIntegrator): void {
  if (typeof method?.start === "function" && Array.isArray(method.stages)) {
    for (const stage of method.stages) {
      checkArgument("integrator.stages", stage, "list");
      checkArgument("integrator.stages", stage[0], ["kick", "drift"]);
      checkArgument("integrator.stages", stage[1], "number");
    }
    return;
  }
  throw new MclnnError("exact momentum needs a method made of kicks and drifts", {
    code: "bad-option",
    argument: "integrator",
    expected: "velocity-verlet, position-verlet or another splitting method",
    got: described(method?.name ?? method),
  });
}

function gridOf(options: { grid?: number }): number {
  checkArgument("options", options, { grid: "positive?" });
  const { grid = MOMENTUM_GRID } = options;
  const exponent = portableExponent(grid);
  if (Math.abs(exponent) <= 900 && portablePower(2, exponent) === grid) return grid;
  throw new MclnnError("the grid of exact momentum cannot be used", {
    code: "bad-option",
    argument: "grid",
    expected: "a power of two from 2^-900 to 2^900",
    got: described(grid),
    mend: "2 ** -40 suits lengths and momenta of order one.",
  });
}

function refusePotential(integrator: string, potential: string): never {
  throw new MclnnError(`${potential} cannot be integrated with exact momentum`, {
    code: "needs-pair-impulses",
    argument: "potential",
    expected: "a sum over pairs, whose impulses are equal and opposite",
    got: "a potential that gives forces only",
    mend: `Use pairwise() or pairwiseBySpecies() (sumOfPairs() adds pair laws), or plain ${integrator}.`,
  });
}
