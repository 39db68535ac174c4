import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { smallMarkdown } from "../reproduction/small-markdown.mjs";
import { verdictDiff } from "../reproduction/verdict-diff.mjs";

describe("docs/reproduction", () => {
  const rows: [Record<string, string>, Record<string, string>, string[]][] = [
    [{ a: "holds" }, { a: "holds" }, []],
    [{ a: "holds" }, { a: "does not hold" }, ["- a: holds", "+ a: does not hold"]],
    [{ a: "holds", b: "holds" }, { a: "holds" }, ["- b: holds"]],
    [{}, { c: "holds" }, ["+ c: holds"]],
  ];
  for (const [committed, found, expected] of rows)
    it(`verdicts ${JSON.stringify(committed)} against ${JSON.stringify(found)}`, () => {
      expect(verdictDiff(committed, found)).toEqual(expected);
    });

  it("keeps the figures it is told to, with their descriptions, and no others", () => {
    const text = [
      "# Title",
      "Words.",
      "## Systems, data and starts",
      "Long.",
      "## One",
      "Found.",
      "About a.",
      "![A](figures/a.svg)",
      "About b.",
      "![B](figures/b.svg)",
      "```sh\ncommand\n```",
    ].join("\n\n");
    expect(smallMarkdown(`${text}\n`, ["b"])).toBe(
      "<!-- Written by `pnpm reproduction`; do not edit. -->\n\n# Title\n\nWords.\n\n## One\n\nFound.\n\nAbout b.\n\n![B](figures/b.svg)\n\n```sh\ncommand\n```\n",
    );
  });

  it("has every picture that its text shows, and a verdict for every row of the ledger", () => {
    const at = (name: string): URL => new URL(`../../docs/reproduction/${name}`, import.meta.url);
    const text = readFileSync(at("README.md"), "utf8");
    const pictures = [...text.matchAll(/\]\((figures\/[^)]*)\)/g)].map(
      ([, name]) => name as string,
    );
    expect(pictures.length).toBeGreaterThan(3);
    for (const name of pictures) expect(readFileSync(at(name), "utf8")).toMatch(/^<svg /);
    const verdicts = Object.values<string>(JSON.parse(readFileSync(at("verdicts.json"), "utf8")));
    for (const verdict of new Set(verdicts))
      expect(
        [...text.matchAll(new RegExp(`\\| ${verdict} +\\|`, "g"))].length,
        verdict,
      ).toBeGreaterThanOrEqual(verdicts.filter((each) => each === verdict).length);
  });
});
