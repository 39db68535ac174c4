import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Force } from "../force.ts";
import { drag } from "./drag.ts";
import { field } from "./field.ts";
import { magnetic } from "./magnetic.ts";
import { quadraticDrag } from "./quadratic-drag.ts";
import type { Term, TermAt, TermKind, TermSpec } from "./term.ts";
import { forceOfKind } from "./term-force.ts";
import { trap } from "./trap.ts";

/** All kinds of terms beside the pair law. */
export const terms: readonly TermKind[] = [field, trap, drag, quadraticDrag, magnetic];

/** What goes with the coefficients; nothing is the first of them. */
const PER = [undefined, "acceleration", "force", "charge"] as const;

/** The kind of term of that name, for example `drag`. @throws MclnnError `unknown-term` with the names there are */
export function termByName(name: string): TermKind {
  const kind = terms.find((each) => each.name === name);
  if (kind === undefined)
    throw new MclnnError("there is no such term", {
      code: "unknown-term",
      argument: "term",
      expected: `one of ${terms.map((each) => each.name).join(", ")}`,
      got: described(name),
    });
  return kind;
}

/** The terms of some specs, for these bodies. @throws MclnnError `unknown-term`, `bad-argument`, `bad-option`, `bad-dimension`, `not-finite` */
export function createTerms(specs: readonly TermSpec[], bodies: Bodies): Term[] {
  return specs.map((spec) => createTerm(spec, bodies));
}

/** One of them. @throws MclnnError as {@link createTerms}, and `missing-charges` */
export function createTerm(spec: TermSpec, bodies: Bodies): Term {
  const kind = kindOf(spec);
  const { reads, conserves, affine } = kind;
  return { spec, reads, conserves, ...(affine && { affine }), ...kind.create(spec, bodies) };
}

/**
 * A term at given coefficients as a force that can be simulated.
 *
 * @throws MclnnError `unknown-term`, `time-dependent-force` and as {@link createTerms}; when used, `bad-shape` for another number of
 * coefficients than the term has, `missing-velocities`, `missing-charges`
 */
export function termForce({ spec, coefficients }: TermAt): Force {
  const at = { spec, coefficients: Float64Array.from(coefficients) };
  return forceOfKind(kindOf(spec), () => at);
}

/** The kind that a spec is of, after a look at the rest. */
function kindOf(spec: TermSpec): TermKind {
  checkArgument("spec", spec, { name: "text" });
  const kind = termByName(spec.name);
  const { options = {} } = kind;
  checkArgument("spec", spec, { per: PER, ...options });
  for (const key of Object.keys(spec))
    if (key !== "name" && key !== "per" && !(key in options))
      throw new MclnnError(`a term cannot be made of this`, {
        code: "unknown-key",
        argument: `spec.${key}`,
        expected: ["name", "per", ...Object.keys(options)].join(", "),
        got: key,
      });
  return kind;
}

/** The ways in which a term can go with the masses: as an acceleration and, where masses differ, as a force beside it. */
export function formsOf<S extends TermSpec>(spec: S, { masses }: Bodies): readonly S[] {
  return masses.some((m) => m !== masses[0])
    ? [
        { ...spec, per: "acceleration" },
        { ...spec, per: "force" },
      ]
    : [spec];
}
