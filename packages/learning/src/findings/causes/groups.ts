import { speciesLaws } from "../../terms/species.ts";
import type { Cause, Suspect } from "./cause.ts";
import type { Moving } from "./motion-model.ts";
import type { Regression } from "./regression.ts";

/** More particles have more groupings than are tried. */
const MOST_PARTICLES = 11;
/** Groups leave no more than this many times what a law for each pair leaves, or what a law of so few knots leaves of itself, as a share. */
const AS_GOOD = 3;
const OF_KNOTS = 0.01;

/** Two kinds of particles with laws of their own: every division into two is tried, by the regression of one law a pair with its columns put together. */
export const groups: Suspect = (moving, left) => {
  const { particles, pairs } = moving.data;
  if (particles < 3 || particles > MOST_PARTICLES) return null;
  const each = lawOfEachPair(moving);
  const most = moving.unexplained(each);
  let best: { share: number; kinds: readonly number[] } | null = null;
  for (let code = 1; code < 1 << (particles - 1); code++) {
    const kinds = Array.from({ length: particles }, (_, i) => (code >> i) & 1);
    const share = moving.unexplained(together(moving, each, kinds));
    if (best === null || share < best.share) best = { share, kinds };
  }
  if (best === null || pairs < 3) return null;
  const { kinds, share } = best;
  const noise = Math.max(most, OF_KNOTS * left);
  if (share > AS_GOOD * noise) return null;
  const words = wordsFor(kinds, moving.species);
  // Laws of right labels, one a pair of them, are what was asked for.
  if (words === null || (words.kind === "species" && moving.data.laws > 1)) return null;
  return { ...words, lawless: true, explains: 1 - share / left };
};

/** What is said of kinds: that nobody labelled them, that labels were not used, or which labels do not fit; null where there are more species than kinds. */
function wordsFor(
  kinds: readonly number[],
  species: Int32Array | undefined,
): Pick<Cause, "kind" | "text" | "try"> | null {
  const number = new Set(species).size;
  if (number > 2) return null;
  if (species === undefined || number < 2) {
    const members = (kind: number): string =>
      kinds.flatMap((k, i) => (k === kind ? [`${i}`] : [])).join(", ");
    return {
      kind: "groups",
      text: `not all pairs obey one law: particles ${members(0)} and ${members(1)} (counted from 0) are of two kinds`,
      try: "Give `species`, and learn one law for each pair of them: --species separate.",
    };
  }
  // Which kind is called by which species is open: the fewer labels are the wrong ones.
  const fits = kinds.map((kind, i) => (kind === kinds[0]) === (species[i] === species[0]));
  const majority = 2 * fits.filter(Boolean).length >= kinds.length;
  const wrong = fits.flatMap((fit, i) => (fit === majority ? [] : [i]));
  const { kind, what, mend } = speciesLaws.finding;
  return wrong.length === 0
    ? { kind, text: what, try: mend }
    : {
        kind: "groups",
        text: `the species of particles ${wrong.join(", ")} (counted from 0) do not fit: the others of their species are of another kind`,
        try: "Correct `species`, and learn again.",
      };
}

/** A law for each pair, beside what acts on each particle alone. */
function lawOfEachPair(moving: Moving): Regression {
  const { pairs } = moving.data;
  const { asked, hats } = moving;
  const laws = asked.size - asked.beside;
  return moving.regression({
    size: pairs * hats.size + asked.beside,
    fill: (frame, add) => {
      moving.eachPair(frame, (p, r, n) => moving.addPair(add, p, r, n, p * hats.size));
      asked.fill(frame, (component, column, value) => {
        if (column >= laws) add(component, column - laws + pairs * hats.size, value);
      });
    },
  });
}

/** The same with one law for each pair of kinds. */
function together(moving: Moving, each: Regression, kinds: readonly number[]): Regression {
  const { pairs, pairI, pairJ } = moving.data;
  const { size } = moving.hats;
  const laws = 3;
  const of = Array.from({ length: each.size }, (_, column) => {
    const p = Math.floor(column / size);
    if (p >= pairs) return column - (pairs - laws) * size;
    const law = kinds[pairI[p] / 3] + kinds[pairJ[p] / 3];
    return law * size + (column % size);
  });
  return each.merged(of, each.size - (pairs - laws) * size);
}
