import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LEAST_SCORE, mutationDocument } from "./document.ts";
import { reasons } from "./reasons.ts";
import { readResults, score, total } from "./results.ts";

const results = await readResults();
const survivors = results.flatMap((result) => result.survivors);

describe("results of `pnpm mutation`", () => {
  it.each(results)("$area: 90 % of all changes were noticed", ({ files }) => {
    expect(score(total(Object.values(files)))).toBeGreaterThanOrEqual(LEAST_SCORE);
  });

  it("each reason is for a change that was not noticed", () => {
    const given = reasons.flatMap(({ file, changes }) =>
      changes.map(([original, replacement]) => `${file}: ${original} -> ${replacement}`),
    );
    const unnoticed = new Set(
      survivors.map(({ file, original, replacement }) => `${file}: ${original} -> ${replacement}`),
    );
    expect(given.filter((change) => !unnoticed.has(change))).toEqual([]);
  });

  it("docs/mutation.md is what they give", async () => {
    const written = await readFile(new URL("../../docs/mutation.md", import.meta.url), "utf8");
    expect(mutationDocument(results) === written, "run `pnpm mutation --document`").toBe(true);
  });
});
