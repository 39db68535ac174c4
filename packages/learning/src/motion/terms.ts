import type { TermSpec } from "@mclnn/physics/terms";
import { filterPass } from "./filter.ts";
import type { MotionFit } from "./fit.ts";
import { motionLaw } from "./law.ts";
import { motionPosterior } from "./posterior.ts";
import type { Tracks } from "./tracks.ts";

/** Log evidence that terms have to bring together, beside what their number costs. */
const GAIN = 3;

/** A term that tracks ask for, with the evidence it brings. */
export interface FoundTerm {
  readonly spec: TermSpec;
  readonly gain: number;
}

/** What may act on each particle beside the others: a uniform force, and a trap about the middle of the tracks. */
export function candidatesOf(tracks: Tracks): TermSpec[] {
  return [
    { name: "field", per: "force" },
    { name: "trap", per: "force", centre: middleOf(tracks) },
  ];
}

function middleOf({ positions, dimension: d, seen }: Tracks): number[] {
  const sums = new Float64Array(d);
  let count = 0;
  for (let at = 0; at * d < positions.length; at++) {
    if (seen !== null && seen[at] !== 1) continue;
    for (let a = 0; a < d; a++) sums[a] += positions[at * d + a];
    count++;
  }
  return Array.from(sums, (s) => s / count);
}

/** Those candidates that evidence asks for beside a law that was fitted: all ride along in one pass, and every subset is small algebra. */
export function termsAskedFor(fit: MotionFit, candidates: readonly TermSpec[]): FoundTerm[] {
  const { problem, noise, posterior, question } = fit;
  const { law, tracks, inertia } = problem;
  const own = law.terms.map(({ spec }) => spec);
  const wide = motionLaw(tracks, {
    nearest: law.basis.clusters.map(({ from }) => from),
    ...{ cutoff: law.cutoff, cells: question.cells, terms: [...own, ...candidates], inertia },
  });
  const coefficients = new Float64Array(wide.size);
  coefficients.set(posterior.coefficients);
  const pass = filterPass({ ...problem, law: wide }, coefficients, noise, {
    ...{ substeps: question.substeps, bend: true, tangent: true },
  });
  const evidenceOf = (taken: number): number =>
    motionPosterior(wide, pass, {
      average: false,
      without: candidates.flatMap((_, k) => ((taken >> k) & 1 ? [] : [own.length + k])),
    })?.evidence ?? Number.NEGATIVE_INFINITY;
  const evidences = Array.from({ length: 1 << candidates.length }, (_, taken) => evidenceOf(taken));
  let best = 0;
  evidences.forEach((evidence, taken) => {
    if (evidence > Math.max(evidences[0] + GAIN, evidences[best])) best = taken;
  });
  return candidates.flatMap((spec, k) =>
    (best >> k) & 1 ? [{ spec, gain: evidences[best] - evidences[best ^ (1 << k)] }] : [],
  );
}
