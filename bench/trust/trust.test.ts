import { describe, expect, it } from "vitest";
import { promises } from "./catalogue.ts";
import { Tally } from "./promise.ts";
import { trustTable } from "./table.ts";

describe("promises, a small part of `pnpm trust`", () => {
  it.each(promises.map((each) => [each.promise, each] as const))(
    "%s",
    { timeout: 240_000 },
    async (_, { check }) => {
      const tally = new Tally();
      await check("quick", tally);
      expect(tally.failures).toEqual([]);
      expect(tally.cases).toBeGreaterThan(0);
    },
  );
});

it("the table counts cases and failures, and says what was not tried", () => {
  const tally = new Tally();
  tally.expect(true, "fine");
  tally.expect(false, "broken");
  tally.skipped.push("no mount");
  const [promised] = promises;
  if (promised === undefined) throw new Error("nothing is promised");
  const table = trustTable([{ promised, tally, seconds: 1 }]);
  expect(table).toMatch(/promise +cases +failures +seconds\n A killed training .* 2 +1 +1\.0\n/);
  expect(table).toContain("not tried: no mount");
});
