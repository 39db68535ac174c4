import type { CandidateKind } from "./candidate.ts";
import { eachPair, pairSource, pairsOf } from "./pairs.ts";

/** A law whose strength depends on the direction in space: V'(r) n_k^2 more of it for each axis k but the last. */
export const direction: CandidateKind = {
  name: "direction",
  finding: {
    kind: "direction",
    what: "the law is stronger in some directions of space than in others",
    mend: "Check the scales of the axes (pixels, refraction), or that two axes are not swapped.",
  },
  candidates({ data: { dimension } }) {
    const size = dimension - 1;
    return [
      {
        size,
        linearise(frame, _, into) {
          const pairs = pairsOf(frame);
          eachPair(frame, (p, n, slope) => {
            for (let k = 0; k < size; k++) pairSource(into, pairs, p, n, -slope * (n[k] * n[k]), k);
          });
        },
      },
    ];
  },
};
