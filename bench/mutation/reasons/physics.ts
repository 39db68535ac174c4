import type { Reason } from "../reasons.ts";

const PAIR_SUM = "packages/physics/src/pair-sum.ts";
const CHECK = "packages/physics/src/potentials/check.ts";
const BY_SPECIES = "packages/physics/src/pairwise-by-species.ts";

/** Of `packages/physics`. */
export const physics: readonly Reason[] = [
  {
    file: "packages/physics/src/errors.ts",
    why: "what was not given is undefined either way",
    changes: [
      ["argument !== undefined", "true"],
      ["mend !== undefined", "true"],
    ],
  },
  {
    file: PAIR_SUM,
    why: "where there is one law, weights by law are not asked for",
    changes: [
      ["kinds !== null", "true"],
      ["() => null", "() => undefined"],
    ],
  },
  {
    file: PAIR_SUM,
    why: "the last particle has no partner, and neither has one behind it",
    changes: [["i < masses.length", "i <= masses.length"]],
  },
  {
    file: PAIR_SUM,
    why: "only at one point is an energy, or a force that is 0, not finite",
    changes: [["r === 0", "true"]],
  },
  {
    file: PAIR_SUM,
    why: "in two dimensions the third component is 0, and to add it changes nothing",
    changes: [["flat", "false"]],
  },
  {
    file: BY_SPECIES,
    why: "spares an array, and nothing else",
    changes: [["ofParticles.length !== species.length", "true"]],
  },
  {
    file: BY_SPECIES,
    why: "what is written beyond the end of a typed array is lost",
    changes: [["i < species.length", "i <= species.length"]],
  },
  {
    file: BY_SPECIES,
    why: "of two equal species either may come first",
    changes: [["s <= t", "s < t"]],
  },
  {
    file: CHECK,
    why: "which side of a bound the bound itself is on is promised nowhere",
    changes: [
      ["error > TOLERANCE", "error >= TOLERANCE"],
      ["worst > TOLERANCE", "worst >= TOLERANCE"],
      ["h > 1e-7 * r", "h >= 1e-7 * r"],
      [
        "r > 1.001 * (all[k - 1] as PairPotentialKink).r",
        "r >= 1.001 * (all[k - 1] as PairPotentialKink).r",
      ],
      ["b - a > 1e-12 * b", "b - a >= 1e-12 * b"],
      ["Math.abs(jump) > roundoff", "Math.abs(jump) >= roundoff"],
      ["Math.abs(sb - sa) > ROUNDING * scale", "Math.abs(sb - sa) >= ROUNDING * scale"],
      ["to - from > 1e-12 * to", "to - from >= 1e-12 * to"],
      ["jump(nearer) > least", "jump(nearer) >= least"],
      ["jump(nearer) > 0.5 * jump(near)", "jump(nearer) >= 0.5 * jump(near)"],
      ["to - from > 1e-9 * to", "to - from >= 1e-9 * to"],
      ["Math.abs(d) > least", "Math.abs(d) >= least"],
      [
        "Math.abs(f - factor) <= 1e-4 * Math.abs(factor)",
        "Math.abs(f - factor) < 1e-4 * Math.abs(factor)",
      ],
      ["Math.abs(factor - x) < 1e-4", "Math.abs(factor - x) <= 1e-4"],
    ],
  },
  {
    file: CHECK,
    why: "of two halves with equally much to explain either will do",
    changes: [
      ["Math.abs(left) > Math.abs(right)", "Math.abs(left) >= Math.abs(right)"],
      ["Math.abs(sm - sa) > Math.abs(sb - sm)", "Math.abs(sm - sa) >= Math.abs(sb - sm)"],
    ],
  },
];
