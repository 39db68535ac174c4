import {
  isMclnnError,
  MclnnError,
  type PairPotential,
  type ParticleSystem,
  type State,
} from "@mclnn/physics";
import { checkPairPotential } from "@mclnn/physics/potentials";
import { separationRange } from "@mclnn/studies";
import type { LawsAmong } from "./laws-by-species.ts";

/** Beyond this many times the separations at the start, a bad value is the run's fault and not the potential's. */
const TRUSTED_SPREAD = 1e3;

/**
 * A potential of the user's own whose every value is looked at while it is used: the first one that is not a finite number
 * ends the run with an error about the potential, instead of one about a run that diverged.
 *
 * @throws (when evaluated) MclnnError `bad-potential`, kind `input`
 */
export function guardPotential(
  pair: PairPotential,
  [nearest, farthest]: readonly [number, number],
): PairPotential {
  const from = nearest / TRUSTED_SPREAD;
  const to = farthest * TRUSTED_SPREAD;
  const guard =
    (what: string, evaluate: (r: number) => number) =>
    (r: number): number => {
      let value: unknown;
      try {
        value = evaluate(r);
      } catch (error) {
        if (isMclnnError(error)) throw error;
        value = error instanceof Error ? `${error.name}: ${error.message}` : error;
      }
      if (typeof value === "number" && (Number.isFinite(value) || !(r >= from && r <= to)))
        return value;
      throw new MclnnError(`the potential ${pair.name} cannot be used: its ${what} at r = ${r}`, {
        code: "bad-potential",
        argument: "--potential",
        expected: "a finite number at every separation that occurs",
        got: value instanceof Promise ? "a promise" : String(value),
        mend: "Change the formula there, or start where the particles stay at other separations.",
      });
    };
  const { curvature } = pair;
  return {
    name: pair.name,
    ...(pair.parameters === undefined ? {} : { parameters: pair.parameters }),
    ...(pair.coupling === undefined ? {} : { coupling: pair.coupling }),
    energy: guard("energy", (r) => pair.energy(r)),
    slope: guard("slope", (r) => pair.slope(r)),
    ...(curvature === undefined
      ? {}
      : { curvature: guard("curvature", (r) => curvature.call(pair, r)) }),
  };
}

/** Laws by species, each of them guarded as {@link guardPotential} does. */
export function guardLaws(laws: LawsAmong, range: readonly [number, number]): LawsAmong {
  return {
    ...laws,
    laws: laws.laws.map(({ species, pair }) => ({ species, pair: guardPotential(pair, range) })),
  };
}

/**
 * Checks that slope and energy agree, and are finite, where a run went; of laws by species, each where its own pairs went.
 *
 * @returns remarks on what may be meant, but costs accuracy: places where the force jumps
 * @throws MclnnError of kind `input`
 */
export function checkWhereItWent(
  law: PairPotential | LawsAmong,
  positions: Float64Array,
  shape: { particles: number; dimension: 2 | 3 },
): string[] {
  if (!("laws" in law)) return checkBetween(law, separationRange(positions, shape));
  const { laws, species } = law;
  return laws.flatMap(({ species: [a, b], pair }) =>
    checkBetween(
      pair,
      separationRange(
        positions,
        shape,
        (i, j) => (species[i] === a && species[j] === b) || (species[i] === b && species[j] === a),
      ),
    ),
  );
}

/** Checks a potential between two separations. @returns remarks, as {@link checkWhereItWent} @throws MclnnError of kind `input` */
export function checkBetween(
  pair: PairPotential,
  [nearest, farthest]: readonly [number, number],
): string[] {
  if (!(farthest > 0) || !Number.isFinite(farthest)) return [];
  // A single separation still makes a range.
  const margin = nearest === farthest ? 0.01 * farthest : 0;
  const { kinks } = checkPairPotential(pair, { from: nearest - margin, to: farthest + margin });
  return kinks.map(
    ({ r, slopes: [below, above] }) =>
      `The force of ${pair.name} jumps at r = ${round(r)}, V' from ${round(below)} to ${round(above)}: runs across it keep energy less well.`,
  );
}

const round = (x: number): number => Number(x.toPrecision(4));

/** Checks a user's potential at the separations of a start. @throws MclnnError of kind `input` */
export function checkAtStart(
  system: ParticleSystem,
  law: PairPotential | LawsAmong,
  start: State,
): void {
  checkWhereItWent(law, start.positions, {
    particles: system.masses.length,
    dimension: system.dimension,
  });
}
