import type { DocumentBlock } from "../../data/document.ts";
import { CLAIMS, ledgerOf } from "../claims/ledger.ts";
import type { Part } from "./part.ts";
import { studyData, studyTable } from "./spec.ts";

/** The ledger: every claim with its verdict. */
export const claimsPart: Part = {
  name: "claims",
  title: "Claims ledger",
  paper: "What it says of itself, of the baseline and of the data, quoted below with its section.",
  jobs: (settings) => CLAIMS.flatMap((claim) => claim.jobs(settings)),
  present(results, settings) {
    const ledger = ledgerOf(results, settings);
    const count = (verdict: string): number =>
      ledger.filter((entry) => entry.verdict === verdict).length;
    const verdicts = studyTable(
      "Verdicts, computed from the numbers of this run",
      ledger,
      [
        ["claim", ({ short }) => short],
        ["section", ({ section }) => section],
        ["verdict", ({ verdict }) => verdict],
        ["our number", ({ number }) => number],
      ],
      { wrap: true },
    );
    const each = ledger.flatMap(
      ({ short, quote, section, verdict, number, rule, depends, figure }): DocumentBlock[] => [
        {
          kind: "verdict",
          text: `${short[0]?.toUpperCase()}${short.slice(1)}`,
          verdict,
          number,
          figure,
        },
        { kind: "quote", text: `"${quote}" (${section})` },
        {
          kind: "folded",
          text: "The rule",
          rows: [
            ["holds, if", rule.holds],
            ["holds within limits, if", rule["holds within limits"]],
            ["does not hold", rule["does not hold"]],
            ["depends on", depends],
          ],
        },
      ],
    );
    const missing = count("not measured");
    return {
      found: [
        `Of ${ledger.length} claims ${count("holds")} hold, ${count("holds within limits")} hold within limits, ${count("does not hold")} do not hold${missing === 0 ? "" : `, ${missing} were not measured`}. A verdict is what its rule makes of this run's numbers; nobody writes it by hand.`,
      ],
      blocks: [...each, { kind: "table", table: verdicts }],
      data: [
        studyData("claims", ledger, {
          name: ({ name }) => name,
          claim: ({ short }) => short,
          section: ({ section }) => section,
          verdict: ({ verdict }) => verdict,
          "our number": ({ number }) => number,
        }),
      ],
      numbers: Object.fromEntries(
        ledger.map(({ name, verdict, number }) => [name, { verdict, number }]),
      ),
    };
  },
};
