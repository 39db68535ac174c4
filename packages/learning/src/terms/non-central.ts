import type { CandidateKind } from "./candidate.ts";
import { eachPair, pairSource, pairsOf } from "./pairs.ts";

/** Forces across the line between two particles: equal and opposite, but with a torque. */
export const nonCentral: CandidateKind = {
  name: "non-central",
  finding: {
    kind: "non-central",
    what: "the angular momentum changes: forces do not point along the line between two particles",
    mend: "Look for spin or orientation of the particles; a pair law is central.",
  },
  candidates({ data: { dimension } }) {
    const flat = dimension === 2;
    const across = ([x, y, z]: readonly number[]): readonly (readonly number[])[] =>
      flat
        ? [[-y, x, 0]]
        : [
            [0, -z, y],
            [z, 0, -x],
            [-y, x, 0],
          ];
    return [
      {
        size: flat ? 1 : 3,
        linearise(frame, _, into) {
          const pairs = pairsOf(frame);
          eachPair(frame, (p, n) => {
            across(n).forEach((direction, k) => {
              pairSource(into, pairs, p, direction, 1, k);
            });
          });
        },
      },
    ];
  },
};
