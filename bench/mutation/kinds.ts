import type { Survivor } from "./run-area.ts";

/** A kind of change that tests need not notice, wherever it is made. What only one place explains, a comment says there: `// Stryker disable`. */
type Kind = readonly [why: string, original: RegExp, replacement: RegExp];

const KINDS: readonly Kind[] = [
  [
    "the bound itself: one round more writes beyond the end of a typed array, or which side of a bound it is on is promised nowhere",
    / [<>]=? /,
    / [<>]=? /,
  ],
  ["a default that nothing gets to", /^(""|\[\])$/, /Stryker was here/],
  [
    "the package does not load with it, and no test begins: those that fail are counted",
    /^[[{] ?(name: )?["']/,
    /^(\{\}|\[\])$/,
  ],
];

/** Why nobody need look at a change that was not noticed; undefined where a test is missing. */
export function kindOf({ original, replacement }: Survivor): string | undefined {
  return KINDS.find(
    ([, from, to]) =>
      from.test(original) &&
      to.test(replacement) &&
      // Of a bound, that it only moves by itself.
      (from.source !== to.source || original.replace("=", "") === replacement.replace("=", "")),
  )?.[0];
}
