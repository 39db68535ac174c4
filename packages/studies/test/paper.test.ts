import { describe, expect, it } from "vitest";
import { formatNumber } from "../src/data/number-text.ts";
import {
  CLAIMS,
  fullSettings,
  ledgerOf,
  PARTS,
  quickSettings,
  resultsFrom,
} from "../src/paper/index.ts";

describe("parts of a reproduction", () => {
  it("have names, titles and figures of their own, and jobs of one name have one input", () => {
    for (const settings of [fullSettings(100), quickSettings(100)]) {
      const inputs = new Map<string, string>();
      for (const { jobs } of PARTS)
        for (const { name, input } of jobs(settings)) {
          const text = JSON.stringify(input);
          expect(inputs.get(name) ?? text, name).toBe(text);
          inputs.set(name, text);
        }
      expect(inputs.size).toBeGreaterThan(30);
    }
    expect(new Set(PARTS.map(({ name }) => name)).size).toBe(PARTS.length);
    expect(new Set(PARTS.map(({ title }) => title)).size).toBe(PARTS.length);
  });
});

describe("claims", () => {
  const settings = quickSettings(100);

  it("are quoted, have a section and rules, and a job each", () => {
    expect(new Set(CLAIMS.map(({ name }) => name)).size).toBe(CLAIMS.length);
    for (const { quote, section, rule, jobs, depends } of CLAIMS) {
      expect(quote.length).toBeGreaterThan(5);
      expect(section).toMatch(/\d/);
      for (const words of rule) expect(words?.length).toBeGreaterThan(5);
      expect(depends.length).toBeGreaterThan(5);
      expect(jobs(settings).length).toBeGreaterThan(0);
    }
  });

  it("are not measured where results are missing", () => {
    for (const { verdict } of ledgerOf(resultsFrom(new Map(), new Map()), settings))
      expect(verdict).toBe("not measured");
  });

  /** A made-up run of MCLNN whose errors are given ones. */
  const momentum = (max: number | null): unknown => ({
    title: "made up",
    trueDrift: 1e-5,
    models: {
      mclnn: {
        runs: {
          test: {
            errors: {
              linearMomentum: { max },
              angularMomentum: { max },
              hamiltonian: { max: max === null ? null : max * 1e7 },
            },
          },
        },
      },
    },
  });
  const rows: [number | null, string, string, string][] = [
    // |dP| <= 1e-12, 1e-9; |dLang| <= 1e-12, 1e-9 times sqrt(records); H <= 2, 10 times Verlet's 1e-5.
    [1e-13, "holds", "holds", "holds"],
    [9e-12, "holds within limits", "holds", "holds within limits"],
    [5e-10, "holds within limits", "holds within limits", "does not hold"],
    [1e-7, "does not hold", "does not hold", "does not hold"],
    [null, "does not hold", "does not hold", "does not hold"],
  ];
  for (const [max, linear, angular, energy] of rows)
    it(`errors of ${max === null ? "a run that diverged" : formatNumber(max)}: P ${linear}, Lang ${angular}, H ${energy}`, () => {
      const done = new Map(
        ["linear-spring", "quartic-spring", "gravity"].map((system) => [
          `laws-${system}`,
          momentum(max),
        ]),
      );
      const verdicts = new Map(
        CLAIMS.filter(({ name }) => name.startsWith("mclnn-")).map(({ name, judge }) => [
          name,
          judge(resultsFrom(done, new Map()), settings).verdict,
        ]),
      );
      expect(verdicts.get("mclnn-linear-momentum")).toBe(linear);
      expect(verdicts.get("mclnn-angular-momentum")).toBe(angular);
      expect(verdicts.get("mclnn-energy")).toBe(energy);
    });

  /** The verdict on one claim from made-up results of jobs. */
  function verdictOn(name: string, results: Readonly<Record<string, unknown>>): string {
    const claim = CLAIMS.find((each) => each.name === name);
    if (claim === undefined) throw new Error(`no claim ${name}`);
    return claim.judge(resultsFrom(new Map(Object.entries(results)), new Map()), settings).verdict;
  }

  /** The same made-up laws for all three systems. */
  function laws(result: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(
      ["linear-spring", "quartic-spring", "gravity"].map((system) => [
        `laws-${system}`,
        { title: system, ...result },
      ]),
    );
  }
  const mclnn = (measures: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    laws({ models: { mclnn: measures } });
  const width = (
    losses: readonly number[],
    target: "paper" | "deep",
  ): { runs: Record<string, unknown>[] } => ({
    runs: losses.map((loss) => ({ target, trainLoss: loss, validationLoss: loss })),
  });
  const widths = (paper: readonly number[], deep: readonly number[]): Record<string, unknown> =>
    Object.fromEntries(
      [4, 8].map((w, k) => [
        `widths-linear-spring-${w}`,
        {
          runs: [
            ...width([paper[k] as number], "paper").runs,
            ...width([deep[k] as number], "deep").runs,
          ],
        },
      ]),
    );
  const judged: [string, string, Record<string, unknown>, string][] = [
    ["V' 1e-4 off", "learns-the-law", mclnn({ slopeError: { relativeMean: 1e-4 } }), "holds"],
    [
      "V' 5e-3 off",
      "learns-the-law",
      mclnn({ slopeError: { relativeMean: 5e-3 } }),
      "holds within limits",
    ],
    ["V' 0.1 off", "learns-the-law", mclnn({ slopeError: { relativeMean: 0.1 } }), "does not hold"],
    ["0.5 % in the gap", "interpolates", mclnn({ gapRelative: 0.005 }), "holds"],
    ["10 % in the gap", "interpolates", mclnn({ gapRelative: 0.1 }), "holds within limits"],
    ["40 % in the gap", "interpolates", mclnn({ gapRelative: 0.4 }), "does not hold"],
    ["2 % beyond", "extrapolates", mclnn({ outsideRelative: 0.02 }), "holds"],
    ["60 % beyond", "extrapolates", mclnn({ outsideRelative: 0.6 }), "does not hold"],
    [
      "L right in range and out of it",
      "any-number",
      laws({ larger: { lagrangianRelative: 1e-4 }, harder: { lagrangianRelative: 1e-4 } }),
      "holds",
    ],
    [
      "L right in range only",
      "any-number",
      laws({ larger: { lagrangianRelative: 1e-4 }, harder: { lagrangianRelative: 0.5 } }),
      "holds within limits",
    ],
    [
      "L of a run that diverged",
      "any-number",
      laws({ larger: { lagrangianRelative: null }, harder: null }),
      "does not hold",
    ],
    [
      "V' found without velocities",
      "positions-only",
      laws({ positionsOnly: 1e-5, models: { mclnn: { slopeError: { relativeMean: 1e-5 } } } }),
      "holds",
    ],
    [
      "V' found with velocities only",
      "positions-only",
      laws({ positionsOnly: 0.1, models: { mclnn: { slopeError: { relativeMean: 1e-5 } } } }),
      "holds within limits",
    ],
    [
      "1 of 3 small networks below 1e-8",
      "two-is-too-small",
      { "widths-linear-spring-2": width([1e-3, 1e-9, 1e-3], "paper") },
      "holds within limits",
    ],
    [
      "none below 1e-8",
      "two-is-too-small",
      { "widths-linear-spring-2": width([1e-3, 1e-3, 1e-7], "paper") },
      "holds",
    ],
    ["nothing gained", "four-is-enough", widths([9e-9, 8e-9], [1e-12, 9e-13]), "holds"],
    [
      "gained where trained further",
      "four-is-enough",
      widths([9e-9, 8e-9], [1e-12, 1e-15]),
      "holds within limits",
    ],
    ["gained at once", "four-is-enough", widths([9e-9, 1e-9], [1e-12, 1e-15]), "does not hold"],
  ];
  for (const [what, name, results, expected] of judged)
    it(`${name}: ${what}, ${expected}`, () => {
      expect(verdictOn(name, results)).toBe(expected);
    });
});
