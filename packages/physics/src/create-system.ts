import { checkForce, checkLength } from "./arguments/mechanics.ts";
import { checkArgument } from "./arguments/requirement.ts";
import type { Space } from "./bodies.ts";
import { MclnnError } from "./errors.ts";
import type { Force } from "./force.ts";
import type { ParticleSystem, State } from "./system.ts";

/** A vector a particle, nested or particle-major. */
export type Vectors = ArrayLike<number> | readonly (readonly number[])[];

/** What an Int32Array holds. */
const MOST_SPECIES = 2 ** 31 - 1;

/**
 * Makes a particle system and checks it.
 *
 * @param given - `masses`: [N], above 0; `charges`: [N]; `species`: [N], whole numbers from 0; `space`: a box, or open space for many particles
 * @throws MclnnError `bad-argument`, `bad-dimension`, `bad-potential`, `bad-shape`, `bad-mass`, `not-finite`, `bad-species`
 */
export function createSystem(given: {
  masses: ArrayLike<number>;
  dimension: 2 | 3;
  potential: Force;
  charges?: ArrayLike<number>;
  species?: ArrayLike<number>;
  space?: Space | undefined;
}): ParticleSystem {
  checkArgument("options", given, { dimension: "dimension", masses: "masses" });
  const { masses, dimension, potential, charges, species, space } = given;
  checkForce("potential", potential);
  const m = Float64Array.from(masses);
  if (m.length === 0)
    throw new MclnnError("a system needs particles", {
      code: "bad-shape",
      argument: "masses",
      expected: "one or more masses",
      got: "none",
    });
  const q = charges === undefined ? undefined : perParticle("charges", charges, m.length);
  const s = species === undefined ? undefined : perParticle("species", species, m.length);
  s?.forEach((kind, i) => {
    if (!Number.isInteger(kind) || kind < 0 || kind > MOST_SPECIES)
      throw new MclnnError(`the species of particle ${i} cannot be used`, {
        code: "bad-species",
        argument: "species",
        expected: `a whole number from 0 to ${MOST_SPECIES}`,
        got: String(kind),
      });
  });
  return {
    masses: m,
    dimension,
    potential,
    ...(q === undefined ? {} : { charges: q }),
    ...(s === undefined ? {} : { species: Int32Array.from(s) }),
    ...(space === undefined ? {} : { space }),
  };
}

/**
 * Makes a state from nested vectors ([[x, y, z], ...]) or particle-major arrays, copied.
 *
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-dimension`, `bad-shape`, `not-finite`
 */
export function createState(
  given: { positions: Vectors; velocities: Vectors; time?: number },
  bodies: { dimension: 2 | 3 },
): State {
  checkArgument("options", bodies, { dimension: "dimension" });
  checkArgument("options", given, { positions: "list", velocities: "list", time: "finite?" });
  const { positions, velocities, time = 0 } = given;
  const { dimension } = bodies;
  const q = flatten("positions", positions, dimension);
  const v = flatten("velocities", velocities, dimension);
  if (q.length !== v.length)
    throw new MclnnError("positions and velocities are of different particles", {
      code: "bad-shape",
      argument: "velocities",
      expected: `${q.length / dimension} velocities`,
      got: `${v.length / dimension}`,
    });
  return { time, positions: q, velocities: v };
}

function perParticle(argument: string, values: ArrayLike<number>, n: number): Float64Array {
  checkArgument(argument, values, "numbers");
  checkLength(argument, values, [n, "particles"]);
  return Float64Array.from(values);
}

function flatten(argument: string, vectors: Vectors, dimension: number): Float64Array {
  const list = Array.from<number | readonly number[]>(vectors);
  // One kind of element all through: the first one tells which.
  const nested = typeof list[0] === "object";
  list.forEach((v, i) => {
    const length = nested ? (v as readonly number[] | null)?.length : dimension;
    if (length !== dimension || nested === (typeof v === "number"))
      throw new MclnnError(`${argument} of particle ${i} have the wrong dimension`, {
        code: "bad-shape",
        argument,
        expected: `${dimension} components`,
        got: nested ? `${length ?? typeof v}` : typeof v,
      });
    if (nested) checkArgument(`${argument}[${i}]`, v, "numbers");
  });
  const flat = nested ? list.flatMap((v) => Array.from(v as readonly number[])) : list;
  if (flat.length === 0 || flat.length % dimension !== 0)
    throw new MclnnError(`${argument} are not vectors of ${dimension} components`, {
      code: "bad-shape",
      argument,
      expected: `a multiple of ${dimension} numbers`,
      got: `${flat.length}`,
    });
  checkArgument(argument, flat, "numbers");
  return Float64Array.from(flat as readonly number[]);
}
