import type { Settings } from "../experiment/settings.ts";
import type { Results } from "../results/results.ts";
import { accuracyClaims } from "./accuracy.ts";
import type { Claim, Verdict } from "./claim.ts";
import { conservationClaims } from "./conservation.ts";
import { dataClaims } from "./data.ts";
import { lawClaims } from "./law.ts";

/** Every claim, in the order of the paper's argument. */
export const CLAIMS: readonly Claim[] = [
  ...conservationClaims,
  ...accuracyClaims,
  ...lawClaims,
  ...dataClaims,
];

/** A claim with its verdict. */
export interface LedgerEntry {
  readonly name: string;
  readonly short: string;
  readonly quote: string;
  readonly section: string;
  readonly verdict: Verdict | "not measured";
  readonly number: string;
  readonly rule: Readonly<Record<Verdict, string>>;
  readonly depends: string;
  readonly figure: string;
}

/** The verdicts that the results at hand allow. */
export function ledgerOf(results: Results, settings: Settings): LedgerEntry[] {
  return CLAIMS.map(({ jobs, judge, name, short, quote, section, rule, depends, figure }) => {
    const measured = jobs(settings).every((job) => results.has(job));
    return {
      name,
      short,
      quote,
      section,
      ...(measured
        ? judge(results, settings)
        : { verdict: "not measured" as const, number: "its parts were not run, or failed" }),
      rule: {
        holds: rule[0],
        "holds within limits": rule[1],
        "does not hold": rule[2] ?? "else",
      },
      depends,
      figure,
    };
  });
}
