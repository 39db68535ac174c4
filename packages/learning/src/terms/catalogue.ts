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
import { masses } from "./masses.ts";
import { nonCentral } from "./non-central.ts";
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
  const seen = { middle: middleOf(data) };
  const beside = terms.flatMap((kind) =>
    kind.finding === null
      ? []
      : questionOf(
          kind.finding,
          formsOf(candidateSpec(kind, seen), data).map((spec) => createTerm(spec, data)),
        ),
  );
  const others = unheld.flatMap((kind) => questionOf(kind.finding, kind.candidates(asked)));
  return [...beside, ...others];
}

/** Terms that change the total momentum as accelerations, the same for all particles: what can move a centre of mass. */
export function outsideTerms(data: TrainingData, lawsTerms: readonly TermSpec[] = []): Term[] {
  const seen = { middle: middleOf(data) };
  return terms
    .filter(({ name, finding, conserves }) => {
      const counts = finding !== null || lawsTerms.some((spec) => spec.name === name);
      return counts && !conserves.linearMomentum;
    })
    .map((kind) => createTerm(candidateSpec(kind, seen), data));
}

const candidateSpec = (kind: TermKind, seen: Seen): TermSpec =>
  kind.candidate?.(seen) ?? { name: kind.name };

const questionOf = (finding: FindingWords, candidates: readonly Candidate[]): Question[] =>
  candidates.length === 0
    ? []
    : [{ finding, candidates, size: candidates.reduce((sum, { size }) => sum + size, 0) }];

/** Mean position. [dimension] */
function middleOf({ positions, dimension }: TrainingData): number[] {
  const middle = new Array<number>(dimension).fill(0);
  positions.forEach((x, k) => {
    if (k % 3 < dimension) middle[k % 3] += (3 * x) / positions.length;
  });
  return middle;
}
