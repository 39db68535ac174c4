import { terms } from "@mclnn/physics/terms";
import { expect, it } from "vitest";
import { EXPLAINED } from "./explained.ts";
import { asExpected, KINDS } from "./kinds.ts";
import { runCase } from "./run-case.ts";
import { UNEXPLAINED } from "./unexplained.ts";

/** The quick ones; `pnpm findings` does all. */
const QUICK_EXPLAINED = [0, 14];
/** Without those of which the tests of `packages/learning` leave a term out. */
const QUICK_FAULTS = [6, 7, 9, 11];
/** Without those that they mend records of. */
const QUICK_KINDS = [0, 2, 7];

it("every term that can be found has a fault here that is found", () => {
  const expected = UNEXPLAINED.flatMap((row) => row.expected);
  const kinds = terms.flatMap(({ finding }) => (finding === null ? [] : [finding.kind]));
  expect(kinds.filter((kind) => !expected.includes(kind))).toEqual([]);
});

it.each(QUICK_EXPLAINED.flatMap((row) => [[EXPLAINED[row]?.system, row]] as const))(
  "%s: nothing is found in data that a pair law explains",
  async (_, row) => {
    const { findings, failed } = await runCase({ table: "explained", row, seed: 11 });
    expect([failed, ...findings.map(({ text }) => text)]).toEqual([undefined]);
  },
);

it.each(QUICK_FAULTS.map((row) => [UNEXPLAINED[row]?.title, row] as const))(
  "is named: %s",
  async (_, row) => {
    const { findings } = await runCase({ table: "unexplained", row, seed: 1, noise: 1e-3 });
    const expected = UNEXPLAINED[row]?.expected ?? [];
    expect(expected).toContain(findings[0]?.kind);
    expect(findings[0]?.text).toMatch(/\d standard deviations/);
  },
);

it.each(QUICK_KINDS.map((row) => [KINDS[row]?.title, row] as const))(
  "is said, and the law is right beside it: %s",
  async (_, row) => {
    const said = await runCase({ table: "kinds", row, seed: 1 });
    expect([asExpected(row, said), said.findings, said.law, said.failed]).toEqual([
      true,
      said.findings,
      said.law,
      undefined,
    ]);
  },
);
