import path from "node:path";
import { expect, it } from "vitest";
import { meanings } from "../errors/meanings.mjs";
import { errorsOf, errorsPage } from "../errors/page.mjs";

const { packages, unseen, unnamed, count } = errorsOf(path.join(import.meta.dirname, "../.."));

/** Refusals that name no argument where they are made: whoever calls says it. */
const NAMED_LATER: readonly string[] = [
  'packages/integrators/src/dormand-prince.ts: "too-many-steps"',
  'packages/integrators/src/dormand-prince.ts: "step-too-small"',
];

it("every code that the sources give says something, and no other does", () => {
  expect(unseen, "codes that nobody can list").toEqual([]);
  expect(Object.keys(meanings)).toEqual([...packages.keys()].sort());
});

it("every refusal names the argument it is about", () => {
  // The search itself works.
  expect(count).toBeGreaterThan(250);
  expect(unnamed.sort()).toEqual([...NAMED_LATER].sort());
});

it("the page has a row for every code, and its packages", () => {
  const page = errorsPage(packages);
  expect(page.match(/^\| `[a-z-]+` \| .+ \| [a-z, ]+ \|$/gm)).toHaveLength(packages.size);
  expect(page).toContain(
    "| `bad-cutoff` | a cutoff that is none, that a box has no room for, or that does not fit its onset; a law in a box that has none | learning, physics, cli |",
  );
});
