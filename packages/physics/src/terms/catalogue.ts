import { described } from "../arguments/described.ts";
import { checkArgument } from "../arguments/requirement.ts";
import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Force } from "../force.ts";
import { anisotropicDrag } from "./anisotropic-drag.ts";
import { axis } from "./axis.ts";
import { chiral } from "./chiral.ts";
import { coriolis } from "./coriolis.ts";
import { curl } from "./curl.ts";
import type { CurveSpec } from "./curve.ts";
import { drag } from "./drag.ts";
import { drift } from "./drift.ts";
import { field } from "./field.ts";
import { flow } from "./flow.ts";
import { generalDrag } from "./general-drag.ts";
import { kineticPlace } from "./kinetic-place.ts";
import { kineticSpeed } from "./kinetic-speed.ts";
import { linearForce } from "./linear-force.ts";
import { magnetic } from "./magnetic.ts";
import { nonReciprocal } from "./non-reciprocal.ts";
import { pairFriction } from "./pair-friction.ts";
import { quadraticDrag } from "./quadratic-drag.ts";
import { radial } from "./radial.ts";
import type { Seen, Term, TermAt, TermCurve, TermKind, TermSpec } from "./term.ts";
import { forceOfKind } from "./term-force.ts";
import { threeBody } from "./three-body.ts";
import { transverseFriction } from "./transverse-friction.ts";
import { trap } from "./trap.ts";

/** All kinds of terms beside the pair law. */
export const terms: readonly TermKind[] = [
  field,
  trap,
  linearForce,
  curl,
  axis,
  radial,
  drag,
  quadraticDrag,
  generalDrag,
  anisotropicDrag,
  flow,
  magnetic,
  coriolis,
  pairFriction,
  transverseFriction,
  chiral,
  nonReciprocal,
  drift,
  threeBody,
  kineticSpeed,
  kineticPlace,
];

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

/** The function of one number that a term is; null where it is none. @throws MclnnError `unknown-term` and as specs are refused */
export function curveOf({ spec }: Pick<TermAt, "spec">): TermCurve | null {
  const curve = kindOf(spec).curve?.(spec);
  const { knots } = spec as Partial<CurveSpec>;
  return curve === undefined || knots === undefined ? null : { ...curve, knots, first: 0 };
}

/** One of them. @throws MclnnError as {@link createTerms}, and `missing-charges` */
export function createTerm(spec: TermSpec, bodies: Bodies): Term {
  const kind = kindOf(spec);
  const { reads, conserves, affine } = kind;
  const curve = curveOf({ spec });
  return {
    ...{ spec, reads, conserves, ...(affine && { affine }) },
    ...(curve !== null && { curves: [curve] }),
    ...kind.create(spec, bodies),
  };
}

/**
 * A term at given coefficients as a force that can be simulated.
 *
 * @throws MclnnError `unknown-term` and as {@link createTerms}; when used, `bad-shape` for another number of coefficients than the term has,
 * `missing-velocities`, `missing-charges`, `time-dependent-force` where no time is told
 */
export function termForce({ spec, coefficients }: TermAt): Force {
  const at = { spec, coefficients: Float64Array.from(coefficients) };
  return forceOfKind(kindOf(spec), () => at);
}

/** The kind that a spec is of, after a look at the rest. */
function kindOf(spec: TermSpec): TermKind {
  checkArgument("spec", spec, { name: "text" });
  const kind = termByName(spec.name);
  const own = { ...(kind.oneForm === undefined && { per: PER }), ...kind.options };
  checkArgument("spec", spec, own);
  for (const key of Object.keys(spec))
    if (key !== "name" && !(key in own))
      throw new MclnnError(`a term cannot be made of this`, {
        code: "unknown-key",
        argument: `spec.${key}`,
        expected: ["name", ...Object.keys(own)].join(", "),
        got: key,
      });
  return kind;
}

/** The ways in which a term can go with the masses: as an acceleration and, where masses differ, as a force beside it. @throws MclnnError `unknown-term` */
export function formsOf<S extends TermSpec>(spec: S, { masses }: Bodies): readonly S[] {
  return termByName(spec.name).oneForm === undefined && masses.some((m) => m !== masses[0])
    ? [
        { ...spec, per: "acceleration" },
        { ...spec, per: "force" },
      ]
    : [spec];
}

/** All that a kind's name stands for in some records, in all its forms. */
export function specsOf(kind: TermKind, seen: Seen, bodies: Bodies): readonly TermSpec[] {
  const own = kind.specs?.(seen, bodies) ?? [{ name: kind.name }];
  return own.flatMap((spec) => formsOf(spec, bodies));
}
