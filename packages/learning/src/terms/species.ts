import type { CandidateKind } from "./candidate.ts";
import { eachPair, pairSource, pairsOf } from "./pairs.ts";

/** For each pair of species but one: a law of another strength, and forces of its own, constant and growing with the separation. */
export const speciesLaws: CandidateKind = {
  name: "species",
  finding: {
    kind: "species",
    what: "pairs of different species obey different laws",
    mend: "Learn one law for each pair: --species separate.",
  },
  candidates({ data, species }) {
    if (species === undefined || new Set(species).size < 2 || data.laws !== 1) return [];
    const classes = new Map<string, number>();
    const classOf = Int32Array.from(data.pairI, (i, p) => {
      const a = species[i / 3];
      const b = species[data.pairJ[p] / 3];
      const key = `${Math.min(a, b)}-${Math.max(a, b)}`;
      const known = classes.get(key) ?? classes.size;
      classes.set(key, known);
      return known;
    });
    return [
      {
        size: 3 * (classes.size - 1),
        linearise(frame, _, into) {
          const pairs = pairsOf(frame);
          eachPair(frame, (p, n, slope, r) => {
            const k = classOf[p] - 1;
            if (k < 0) return;
            pairSource(into, pairs, p, n, -slope, 3 * k);
            pairSource(into, pairs, p, n, -1, 3 * k + 1);
            pairSource(into, pairs, p, n, -r, 3 * k + 2);
          });
        },
      },
    ];
  },
};
