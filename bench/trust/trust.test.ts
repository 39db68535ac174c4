import { afterAll, describe, expect, it } from "vitest";
import { promises } from "./catalogue.ts";
import { removePrograms } from "./program.ts";
import { Tally } from "./promise.ts";

describe("promises, a small part of `pnpm trust`", () => {
  afterAll(removePrograms);

  it.each(
    promises.filter(({ onlyInFull }) => !onlyInFull).map((each) => [each.promise, each] as const),
  )("%s", { timeout: 240_000 }, async (_, { check }) => {
    const tally = new Tally();
    await check("quick", tally);
    expect(tally.failures).toEqual([]);
    expect(tally.cases).toBeGreaterThan(0);
  });
});
