import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { areas } from "./areas.ts";
import { LEAST_SCORE, mutationDocument } from "./document.ts";
import { reasons } from "./reasons.ts";
import { type AreaResult, changedSince, readResults, score, sumsOf, total } from "./results.ts";

const results = await readResults();
const survivors = results.flatMap((result) => result.survivors);

describe("results of `pnpm mutation`", () => {
  it.each(results)("$area: 90 % of all changes were noticed", ({ files }) => {
    expect(score(total(Object.values(files)))).toBeGreaterThanOrEqual(LEAST_SCORE);
  });

  it.each(areas)(
    "$name: each pattern finds sources, and no result is of one that is gone",
    async (area) => {
      for (const pattern of area.sources)
        expect(Object.keys(await sumsOf(area, [pattern])), pattern).not.toEqual([]);
      const gone = (file: string): boolean =>
        !existsSync(new URL(`../../${file}`, import.meta.url));
      const measured = results.find((result) => result.area === area.name)?.files ?? {};
      expect(Object.keys(measured).filter(gone)).toEqual([]);
    },
  );

  it("sources count as changed that have other contents than then, or are not in the result", () => {
    const result = { sums: { same: "1", other: "2", gone: "3" } } as unknown as AreaResult;
    expect(changedSince(result, { same: "1", other: "4", added: "5" })).toEqual(["other", "added"]);
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
