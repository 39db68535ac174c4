import type { Reason } from "../reasons.ts";

const PAIR_SUM = "packages/physics/src/forces/pair-sum.ts";
const OBSERVABLES = "packages/physics/src/observables.ts";
const BUILT_IN = "packages/physics/src/potentials/built-in.ts";
const DERIVATIVE = "packages/physics/src/potentials/numerical-derivative.ts";
const TABULATED = "packages/physics/src/potentials/tabulated.ts";
const FORMULA = "packages/physics/src/potentials/formula.ts";
const BEYOND = "what is written beyond the end of a typed array is lost";
const CHECK = "packages/physics/src/potentials/check.ts";
const BY_SPECIES = "packages/physics/src/forces/pairwise-by-species.ts";

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
    file: OBSERVABLES,
    why: "spares a look from end to end, which finds nothing where lengths fit and results are finite",
    changes: [
      [
        "(dimension === 2 || dimension === 3) && vectors?.length === bodies.masses?.length * dimension && ...",
        "false",
      ],
      ["dimension === 2 || dimension === 3", "dimension === 2 && dimension === 3"],
      ["dimension === 2", "false"],
      ["dimension === 3", "false"],
      ["bodies.masses?.length * dimension", "bodies.masses?.length / dimension"],
      ["vectors.length > 0", "true"],
      ["vectors.length > 0", "vectors.length >= 0"],
      ["vectors.length > 0", "vectors.length <= 0"],
      ["!Number.isFinite(x)", "true"],
      ["!(m > 0)", "true"],
      ["m > 0", "false"],
      ["positions?.length !== particles * dimension", "true"],
      ["particles * dimension", "particles / dimension"],
      ["Number.isNaN(r)", "true"],
    ],
  },
  {
    file: OBSERVABLES,
    why: "what is wrong with these has been said before, by the same name",
    changes: [
      ['"bodies"', '""'],
      ['"system"', '""'],
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
    why: BEYOND,
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
  {
    file: OBSERVABLES,
    why: BEYOND,
    changes: [
      ["c < dimension", "c <= dimension"],
      ["i < masses.length", "i <= masses.length"],
    ],
  },
  {
    file: OBSERVABLES,
    why: "dividing by 1 changes no bit",
    changes: [["m === 1", "false"]],
  },
  {
    file: OBSERVABLES,
    why: "the last particle has no partner, and neither has one behind it",
    changes: [["i < particles", "i <= particles"]],
  },
  {
    file: FORMULA,
    why: "one power more than is asked for, in a place that the result takes afterwards",
    changes: [["k < 3", "k <= 3"]],
  },
  {
    file: FORMULA,
    why: "a name of no letters is refused as such",
    changes: [["equals < 0", "equals <= 0"]],
  },
  {
    file: BUILT_IN,
    why: "the package does not load with it, so that no test begins: it is those that fail which Stryker counts",
    changes: [
      [
        '["stiffness (r - restLength)^2 / 2", "pulls back in proportion to the stretch", linearSpring]',
        "[]",
      ],
      [
        '[ "stiffness (r - restLength)^4 / 2", "soft near its rest length, stiff away from it", quarticSpr...',
        "[]",
      ],
      ['["-G m_i m_j / r", "attraction of masses", gravity]', "[]"],
      ['["k q_i q_j / r", "charges: like ones repel", coulomb]', "[]"],
      [
        '[ "4 epsilon ((sigma / r)^12 - (sigma / r)^6)", "noble gas atoms: a hard core and a short attract...',
        "[]",
      ],
      [
        '["depth ((1 - exp((restLength - r) / width))^2 - 1)", "chemical bond that can break", morse]',
        "[]",
      ],
      [
        '["strength exp(-r / range) / r", "screened charges: repulsion of a finite range", yukawa]',
        "[]",
      ],
      [
        '["-strength / sqrt(r^2 + core^2)", "gravity without its singularity (Plummer)", softCore]',
        "[]",
      ],
      ['["strength r^exponent", "any power of r", powerLaw]', "[]"],
      [
        '["-depth exp(-(r - centre)^2 / (2 width^2))", "smooth well of a finite range", gaussianWell]',
        "[]",
      ],
    ],
  },
  {
    file: BUILT_IN,
    why: "a text has a first part always",
    changes: [['""', '"Stryker was here!"']],
  },
  {
    file: BUILT_IN,
    why: "what begins with a colon has been refused: it names no potential",
    changes: [["colon < 0", "colon <= 0"]],
  },
  {
    file: "packages/physics/src/potentials/parameters.ts",
    why: "no parameter is called that",
    changes: [["[]", '["Stryker was here"]']],
  },
  {
    file: DERIVATIVE,
    why: "the first row looks at none before it",
    changes: [["[]", '["Stryker was here"]']],
  },
  {
    file: DERIVATIVE,
    why: "of two estimates with equal errors either will do",
    changes: [["e <= error", "e < error"]],
  },
  {
    file: TABULATED,
    why: "at a row the spline has the same value, slope and bend from both sides",
    changes: [["(x[mid] as number) <= r", "(x[mid] as number) < r"]],
  },
  {
    file: TABULATED,
    why: "the ends get what they are by not-a-knot afterwards, and beyond them nothing is kept",
    changes: [
      ["k < n - 1", "k <= n - 1"],
      ["n - 1", "n + 1"],
      ["k > 0", "k >= 0"],
    ],
  },
];
