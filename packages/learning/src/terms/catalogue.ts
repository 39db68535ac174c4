import {
  type Candidate,
  createTerm,
  type FindingWords,
  formsOf,
  type Seen,
  type Term,
  type TermKind,
  type TermSpec,
  terms,
} from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";
import type { Asked, CandidateKind } from "./candidate.ts";
import { direction } from "./direction.ts";
import { lawTerms } from "./law-terms.ts";
import { masses } from "./masses.ts";
import { nonCentral } from "./non-central.ts";
import { seenIn } from "./seen.ts";
import { speciesLaws } from "./species.ts";
import { threeBody } from "./three-body.ts";

/** What data may ask for and no law holds yet. */
const unheld: readonly CandidateKind[] = [nonCentral, direction, masses, threeBody, speciesLaws];

/** One thing that data may ask for beside their law. */
export interface Question {
  readonly finding: FindingWords;
  readonly candidates: readonly Candidate[];
  /** Coefficients of all of them. */
  readonly size: number;
}

/** All that data can be asked for: every kind of term of the catalogue, then what no law holds yet. */
export function questionsOf(asked: Asked): Question[] {
  const { data } = asked;
  const seen = seenIn(data);
  const beside = terms.flatMap((kind) =>
    kind.finding === null
      ? []
      : questionOf(
          kind.finding,
          formsOf(candidateSpec(kind, seen), data).map((spec) => createTerm(spec, data)),
        ),
  );
  return [...beside, ...unheldQuestions(asked)];
}

/** What no law holds yet. */
export const unheldQuestions = (asked: Asked): Question[] =>
  unheld.flatMap((kind) => questionOf(kind.finding, kind.candidates(asked)));

/** A term, and the coefficients that it is taken to first order about. */
interface TermAbout {
  readonly term: Term;
  readonly about: Float64Array;
}

/** What can move a centre of mass: a law's own terms about their values, and the catalogue's about none, as accelerations, the same for all particles. */
export function outsideTerms(
  data: TrainingData,
  { terms: specs, values }: { readonly terms: readonly TermSpec[]; readonly values: Float64Array },
): TermAbout[] {
  const seen = seenIn(data);
  const others = terms.filter(
    ({ name, finding }) => finding !== null && specs.every((spec) => spec.name !== name),
  );
  let first = 0;
  const own = lawTerms(specs, data).map((term) => {
    first += term.size;
    return { term, about: values.slice(first - term.size, first) };
  });
  const all = [
    ...own,
    ...others.map((kind) => {
      const term = createTerm(candidateSpec(kind, seen), data);
      return {
        term,
        about: Float64Array.from({ length: term.size }, (_, k) => term.start?.[k] ?? 0),
      };
    }),
  ];
  return all.filter(({ term }) => !term.conserves.linearMomentum);
}

const candidateSpec = (kind: TermKind, seen: Seen): TermSpec =>
  kind.candidate?.(seen) ?? { name: kind.name };

const questionOf = (finding: FindingWords, candidates: readonly Candidate[]): Question[] =>
  candidates.length === 0
    ? []
    : [{ finding, candidates, size: candidates.reduce((sum, { size }) => sum + size, 0) }];
