import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Force } from "../force.ts";
import type { PairPotential } from "../pair-potential.ts";
import type { ParticleSystem, State } from "../system.ts";
import type { Trajectory } from "../trajectory.ts";
import { optional } from "./composed.ts";
import { described } from "./described.ts";
import { checkArgument } from "./requirement.ts";

/** How the energy of a pair may be weighted; nothing is the first. */
export const COUPLINGS = ["none", "mass-product", "charge-product", undefined] as const;

/** Refuses what is no pair potential. @throws MclnnError `bad-potential` */
export function checkPair(argument: string, pair: PairPotential): void {
  if (typeof pair === "object" && pair !== null && "addForces" in pair)
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-potential",
      argument,
      expected: "a pair potential, a function of one separation",
      got: `${described(pair.name)}, which is already a potential of all particles`,
      mend: "Use it as it is, without pairwise(); a law of pairs that is behind it is its `pair`.",
    });
  checkArgument(
    argument,
    pair,
    {
      energy: "function",
      slope: "function",
      name: "text",
      curvature: "function?",
      coupling: COUPLINGS,
      cutoff: "positive?",
    },
    { code: "bad-potential", mend: "definePairPotential() makes one of an energy alone." },
  );
}

/** Refuses what is no force of a whole configuration. @throws MclnnError `bad-potential` */
export function checkForce(argument: string, force: Force): void {
  checkArgument(
    argument,
    force,
    {
      addForces: "function",
      name: "text",
      reads: [
        "positions",
        "positions-and-velocities",
        "positions-and-time",
        "positions-velocities-and-time",
      ],
      energy: "function?",
      conserves: optional({}),
      inertia: optional({ addMasses: "function", addMomenta: "function" }),
    },
    {
      code: "bad-potential",
      mend: "A pair potential becomes one by pairwise(pairPotential).",
    },
  );
}

/** What `periodicSpace()` makes. */
const SPACE = { rows: "float64", sumOf: "function", nearest: "function" } as const;

/** Refuses what are no particles. @throws MclnnError `bad-argument`, `bad-mass`, `bad-dimension`, `bad-shape`, `not-finite` */
export function checkBodies(argument: string, bodies: Bodies): void {
  checkArgument(
    argument,
    bodies,
    { masses: "masses", dimension: "dimension", charges: "numbers?", species: "list?" },
    { mend: "createSystem() makes it." },
  );
  const { masses, charges = masses, species = masses, space } = bodies;
  if (space !== undefined)
    checkArgument(`${argument}.space`, space, SPACE, { mend: "periodicSpace() makes it." });
  checkLength(`${argument}.charges`, charges, [masses.length, "particles"]);
  checkLength(`${argument}.species`, species, [masses.length, "particles"]);
}

/** Refuses what is no system. @throws MclnnError as {@link checkBodies} */
export function checkSystem(system: ParticleSystem): void {
  checkBodies("system", system);
  checkForce("system.potential", system.potential);
}

/** Refuses what is no state of these particles. @throws MclnnError `bad-argument`, `bad-option`, `not-finite`, `bad-shape` */
export function checkState(argument: string, state: State, { masses, dimension }: Bodies): void {
  checkArgument(
    argument,
    state,
    { time: "finite", positions: "numbers", velocities: "numbers" },
    { mend: "createState() makes it." },
  );
  for (const key of ["positions", "velocities"] as const)
    checkLength(`${argument}.${key}`, state[key], [masses.length, "particles"], [dimension]);
}

/** Refuses what is no trajectory. @param contents - `float64` where its numbers are not to be looked at. @throws MclnnError `bad-argument`, `bad-option`, `bad-dimension`, `bad-shape` */
export function checkTrajectory(
  argument: string,
  trajectory: Trajectory,
  contents: "floats" | "float64" = "floats",
): void {
  checkArgument(
    argument,
    trajectory,
    {
      particles: "count",
      dimension: "dimension",
      times: contents,
      positions: contents,
      velocities: `${contents}?`,
    },
    { mend: "rollout() and trajectoryOf() make it." },
  );
  const { particles, dimension, times, positions, velocities = positions } = trajectory;
  for (const [key, array] of Object.entries({ positions, velocities }))
    checkLength(
      `${argument}.${key}`,
      array,
      [times.length, "records"],
      [particles, "particles"],
      [dimension],
    );
}

/** Refuses an array that is not as long as what it holds says. @param sizes - numbers, and of what they are. @throws MclnnError `bad-shape` */
export function checkLength(
  argument: string,
  { length }: ArrayLike<unknown>,
  ...sizes: readonly (readonly [size: number, of?: string])[]
): void {
  const expected = sizes.reduce((product, [size]) => product * size, 1);
  if (length !== expected)
    throw new MclnnError(`${argument} cannot be used`, {
      code: "bad-shape",
      argument,
      expected: `${expected} numbers (${sizes.map((size) => size.join(" ")).join(" x ")})`,
      got: `${length}`,
    });
}

/** Refuses what are no ranges [from, to]. @throws MclnnError `bad-argument`, `not-finite`, `bad-shape` */
export function checkRanges(
  argument: string,
  ranges: readonly (readonly [number, number])[],
): void {
  checkArgument(argument, ranges, "list");
  for (const range of Array.from(ranges)) {
    checkArgument(argument, range, "numbers");
    checkLength(argument, range, [2, "ends of a range"]);
  }
}

/** Room for so many numbers, all 0. @throws MclnnError `out-of-memory` for more than the engine keeps in one array */
export function room(argument: string, length: number): Float64Array {
  try {
    return new Float64Array(length);
  } catch (cause) {
    throw new MclnnError(`${argument} cannot be kept`, {
      code: "out-of-memory",
      argument,
      expected: "numbers that fit into memory",
      got: `${length} of them`,
      mend: "Ask for less at once.",
      cause,
    });
  }
}
