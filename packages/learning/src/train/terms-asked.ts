import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import {
  createTerm,
  type Seen,
  type TermAt,
  type TermSpec,
  termByName,
  termOf,
} from "@mclnn/physics/terms";
import type { KnownTerm, TrainOptions } from "../runs/train-options.ts";
import { type TermOnOffer, termsOnOffer } from "../selection/offers.ts";
import { seenIn } from "../terms/seen.ts";

/** The law of pairs, which is always learned. */
const PAIR = "pair";

/**
 * The terms beside the pair law that a training is asked to learn.
 *
 * @throws MclnnError `bad-option`, `unknown-term` and what a spec is refused with
 */
export function termsToLearn(
  { terms, coupling }: TrainOptions,
  set: TrajectorySet,
): readonly TermSpec[] {
  if (terms === undefined || terms === "auto") return [];
  checkArgument("terms", terms, "list");
  const specs = terms.map((each) => (typeof each === "string" ? { name: each } : each));
  for (const [k, { name }] of specs.entries())
    if (specs.findIndex((other) => other.name === name && other.per === specs[k].per) < k)
      refuse("terms", "every term once", `${name} twice`);
  if (!specs.some(({ name }) => name === PAIR))
    refuse("terms", `${PAIR} among them: a law of pairs is always learned`, namesOf(specs));
  const seen = seenIn(set, coupling);
  const beside = specs.filter(({ name }) => name !== PAIR);
  return beside.flatMap((spec) => completed(spec, seen, set));
}

/** What a spec stands for in the records: knots of curves, for example, go by these. */
function completed(spec: TermSpec, seen: Seen, set: TrajectorySet): readonly TermSpec[] {
  checkArgument("spec", spec, { name: "text" });
  const kind = termByName(spec.name);
  const all = kind.specs?.(seen, set) ?? [spec];
  if (all.length === 0)
    refuse("terms", `records with ${kind.needs ?? "more"} for ${spec.name}`, "others");
  // What is told by a word, as an axis is, says which.
  const own = all.filter((each) =>
    Object.entries(spec).every(([key, x]) => typeof x !== "string" || (each[key] ?? x) === x),
  );
  const out = new Map(
    (own.length > 0 ? own : [spec])
      .map((each) => ({ ...each, ...spec }))
      .map((each) => [JSON.stringify(each), each]),
  );
  for (const each of out.values()) createTerm(each, set);
  return [...out.values()];
}

/**
 * Terms that evidence is to choose from; null where they are told, and where nothing is said and a training has no room for the choice: descents,
 * fitted masses, previews.
 */
export function termsToChooseFrom(
  {
    terms,
    optimizer,
    fitMasses,
    effort,
    coupling,
  }: Pick<TrainOptions, "terms" | "optimizer" | "fitMasses" | "effort" | "coupling">,
  set: TrajectorySet,
): (() => readonly TermOnOffer[]) | null {
  const hasRoom = optimizer === "auto" && !fitMasses && effort !== "preview";
  if (terms !== "auto" && !(terms === undefined && hasRoom)) return null;
  // Exact records that pairs explain need none, and no time for it.
  let made: readonly TermOnOffer[] | null = null;
  return () => {
    made ??= termsOnOffer(set, coupling);
    return made;
  };
}

/**
 * Terms that are given and act in the records.
 *
 * @throws MclnnError `bad-option`, `unknown-term`, `bad-shape`, `not-finite`
 */
export function termsHeld({ known }: TrainOptions, set: TrajectorySet): readonly TermAt[] {
  if (known === undefined) return [];
  checkArgument("known", known, "list");
  return known.map((each, k) => {
    const at = termAtOf(each, k, set);
    const coefficients = Float64Array.from(at.coefficients);
    const { size } = createTerm(at.spec, set);
    if (coefficients.length !== size || !coefficients.every(Number.isFinite))
      throw new MclnnError(`coefficients of ${at.spec.name} cannot be used`, {
        code: "bad-shape",
        argument: `known[${k}].coefficients`,
        expected: `${size} finite numbers`,
        got: coefficients.join(", ") || "none",
      });
    return { spec: at.spec, coefficients };
  });
}

/** What a given force is made of, or the term that is given. */
function termAtOf(given: KnownTerm, k: number, { dimension }: TrajectorySet): TermAt {
  const argument = `known[${k}]`;
  const isForce = typeof given === "object" && given !== null && "addForces" in given;
  const at = isForce ? termOf(given, dimension) : given;
  if (at === null)
    refuse(argument, "uniformField(...) or another force that is made of a term", "another force");
  checkArgument(argument, at, { spec: {}, coefficients: "numbers" });
  return at;
}

function refuse(argument: string, expected: string, got: string): never {
  throw new MclnnError(`${argument} cannot be used`, {
    code: "bad-option",
    argument,
    expected,
    got,
  });
}

const namesOf = (specs: readonly TermSpec[]): string =>
  specs.map(({ name }) => name).join(", ") || "none";
