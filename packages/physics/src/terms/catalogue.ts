import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { Bodies } from "../system.ts";
import { drag } from "./drag.ts";
import { field } from "./field.ts";
import { magnetic } from "./magnetic.ts";
import { quadraticDrag } from "./quadratic-drag.ts";
import type { Term, TermKind, TermSpec } from "./term.ts";
import { trap } from "./trap.ts";

/** All kinds of terms beside the pair law. */
export const terms: readonly TermKind[] = [field, trap, drag, quadraticDrag, magnetic];

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

/** One of them. @throws MclnnError as {@link createTerms} */
export function createTerm(spec: TermSpec, bodies: Bodies): Term {
  checkArgument("spec", spec, { name: "text" });
  const kind = termByName(spec.name);
  const { reads, conserves, options = {} } = kind;
  checkArgument("spec", spec, { per: [undefined, "acceleration", "force"], ...options });
  for (const key of Object.keys(spec))
    if (key !== "name" && key !== "per" && !(key in options))
      throw new MclnnError(`a term cannot be made of this`, {
        code: "unknown-key",
        argument: `spec.${key}`,
        expected: ["name", "per", ...Object.keys(options)].join(", "),
        got: key,
      });
  return { spec, reads, conserves, ...kind.create(spec, bodies) };
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
