import { MclnnError } from "./errors.ts";
import type { Potential } from "./potential.ts";
import type { ParticleSystem, State } from "./system.ts";

/** A vector a particle, nested or particle-major. */
export type Vectors = ArrayLike<number> | readonly (readonly number[])[];

/** What an Int32Array holds. */
const MOST_SPECIES = 2 ** 31 - 1;

/**
 * Makes a particle system and checks it.
 *
 * @param options - `masses`: [N], above 0; `charges`: [N]; `species`: [N], whole numbers from 0
 * @throws MclnnError `bad-dimension`, `bad-potential`, `bad-shape`, `bad-mass`, `not-finite`, `bad-species`
 */
export function createSystem({
  masses,
  dimension,
  potential,
  charges,
  species,
}: {
  masses: ArrayLike<number>;
  dimension: 2 | 3;
  potential: Potential;
  charges?: ArrayLike<number>;
  species?: ArrayLike<number>;
}): ParticleSystem {
  checkDimension(dimension);
  if (typeof potential?.addForces !== "function")
    throw new MclnnError("the potential of a system cannot be used", {
      code: "bad-potential",
      argument: "potential",
      expected: "energy and forces of a whole configuration",
      got: potential == null ? String(potential) : "something without addForces",
      mend: "A pair potential becomes one by pairwise(pairPotential).",
    });
  const m = Float64Array.from(masses ?? []);
  if (m.length === 0)
    throw new MclnnError("a system needs particles", {
      code: "bad-shape",
      argument: "masses",
      expected: "one or more masses",
      got: "none",
    });
  m.forEach((mass, i) => {
    if (!(mass > 0) || !Number.isFinite(mass))
      throw new MclnnError(`the mass of particle ${i} cannot be used`, {
        code: "bad-mass",
        argument: "masses",
        expected: "a finite number above 0",
        got: String(mass),
      });
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
  };
}

/**
 * Makes a state from nested vectors ([[x, y, z], ...]) or particle-major arrays, copied.
 *
 * @throws MclnnError `bad-dimension`, `bad-shape`, `not-finite`
 */
export function createState(
  { positions, velocities, time = 0 }: { positions: Vectors; velocities: Vectors; time?: number },
  { dimension }: { dimension: 2 | 3 },
): State {
  checkDimension(dimension);
  const q = flatten("positions", positions, dimension);
  const v = flatten("velocities", velocities, dimension);
  if (q.length !== v.length)
    throw new MclnnError("positions and velocities are of different particles", {
      code: "bad-shape",
      argument: "velocities",
      expected: `${q.length / dimension} velocities`,
      got: `${v.length / dimension}`,
    });
  if (!Number.isFinite(time))
    throw new MclnnError("the time of a state cannot be used", {
      code: "not-finite",
      argument: "time",
      expected: "a finite number",
      got: String(time),
    });
  return { time, positions: q, velocities: v };
}

function checkDimension(dimension: number): void {
  if (dimension !== 2 && dimension !== 3)
    throw new MclnnError("the dimension cannot be used", {
      code: "bad-dimension",
      argument: "dimension",
      expected: "2 or 3",
      got: String(dimension),
    });
}

function perParticle(argument: string, values: ArrayLike<number>, n: number): Float64Array {
  if (values.length !== n)
    throw new MclnnError(`${argument} do not fit the masses`, {
      code: "bad-shape",
      argument,
      expected: `${n} numbers`,
      got: `${values.length}`,
    });
  return finite(argument, Float64Array.from(values), 1);
}

function flatten(argument: string, vectors: Vectors, dimension: number): Float64Array {
  const list = Array.from<number | readonly number[]>(vectors ?? []);
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
  });
  const flat = nested ? list.flatMap((v) => Array.from(v as readonly number[])) : list;
  if (flat.length === 0 || flat.length % dimension !== 0)
    throw new MclnnError(`${argument} are not vectors of ${dimension} components`, {
      code: "bad-shape",
      argument,
      expected: `a multiple of ${dimension} numbers`,
      got: `${flat.length}`,
    });
  // What is no number becomes NaN, not what conversion would make of it.
  const numbers = Float64Array.from(flat, (x) => (typeof x === "number" ? x : Number.NaN));
  return finite(argument, numbers, dimension);
}

function finite(argument: string, values: Float64Array, dimension: number): Float64Array {
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new MclnnError(`${argument} of particle ${Math.floor(bad / dimension)} are not finite`, {
      code: "not-finite",
      argument,
      expected: "finite numbers",
      got: String(values[bad]),
    });
  return values;
}
