import { described } from "../arguments/described.ts";
import { COUPLINGS } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { slopeDerivative } from "./numerical-derivative.ts";

/** What a potential of one's own needs: V alone, V and its slope, or all of {@link PairPotential}. */
export type PairPotentialDefinition = Pick<PairPotential, "name" | "energy"> &
  Partial<PairPotential>;

/**
 * Makes a pair potential of as much as is given.
 *
 * Without `slope` dV/dr is taken numerically (Ridders' extrapolation, about 1e-10 relative where V is smooth, twenty times the cost): give it where you can.
 *
 * @throws MclnnError `bad-potential` when `name` is no text or a function is none
 */
export function definePairPotential(definition: PairPotentialDefinition): PairPotential {
  const { name, energy, slope, curvature, coupling, cutoff } = definition ?? {};
  if (typeof name !== "string" || name === "")
    throw refusal("name", "a text that is not empty", described(name));
  if (typeof energy !== "function")
    throw refusal("energy", "a function of the separation r", described(energy));
  for (const [key, f] of [
    ["slope", slope],
    ["curvature", curvature],
  ] as const)
    if (f !== undefined && typeof f !== "function")
      throw refusal(key, "a function of the separation r, or nothing", described(f));
  checkArgument("coupling", coupling, COUPLINGS, { code: "bad-potential" });
  checkArgument("cutoff", cutoff, "positive?", { code: "bad-potential" });
  // Called through `definition`, so that a class with fields of its own works.
  const v = (r: number): number => definition.energy(r);
  const dv =
    slope === undefined
      ? (r: number) => slopeDerivative(v, r)
      : (r: number) => definition.slope?.(r) as number;
  return {
    name,
    ...(definition.parameters === undefined ? {} : { parameters: definition.parameters }),
    ...(coupling === undefined ? {} : { coupling }),
    ...(cutoff === undefined ? {} : { cutoff }),
    energy: v,
    slope: dv,
    curvature:
      curvature === undefined
        ? (r) => slopeDerivative(dv, r)
        : (r) => definition.curvature?.(r) as number,
  };
}

function refusal(argument: string, expected: string, got: string): MclnnError {
  return new MclnnError(`a potential's ${argument} cannot be used`, {
    code: "bad-potential",
    argument,
    expected,
    got,
    mend: 'Example: { name: "spring", energy: (r) => 0.5 * (r - 1) ** 2 }.',
  });
}
