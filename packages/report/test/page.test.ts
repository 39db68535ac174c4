import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type CompareResults,
  comparePage,
  type Figure,
  overviewFigure,
  resultsTable,
  systemFigures,
} from "../src/index.ts";
import { syntheticResults, syntheticSeries } from "./synthetic-series.ts";

const NAMES = ["linear-spring", "quartic-spring", "gravity"];
let results: CompareResults;
let drawn: readonly Figure[];
let page: string;

beforeAll(async () => {
  const series = syntheticSeries({ records: 3000 });
  results = syntheticResults(series, NAMES);
  drawn = await systemFigures(series, { system: "Linear spring" });
  const overview = await overviewFigure(series, { system: "Linear spring" });
  page = comparePage({
    results,
    figures: Object.fromEntries(NAMES.map((name) => [name, drawn])),
    ...(overview === undefined ? {} : { overview }),
  });
}, 60_000);

describe("the page of three systems", () => {
  test("stays under 5 MB", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
  });

  test("loads nothing: no script, no address but namespaces", () => {
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:/);
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|base|form)\b| on\w+=|@import|url\((?!#)/i,
    );
    expect(page).toContain("default-src 'none'");
  });

  test("has a section, five figures and two starts' worth of headings for each system, in order", () => {
    const { document } = parseHTML(page);
    const sections = [...document.querySelectorAll("main > section")].map(
      ({ id }: { id: string }) => id,
    );
    expect(sections).toEqual(["results", "done", "numbers", ...NAMES, "again"]);
    for (const name of NAMES) expect(document.querySelectorAll(`#${name} figure`).length).toBe(5);
    expect(document.querySelectorAll("figure svg[role=img][aria-label]").length).toBe(3 * 27 + 9);
  });

  test("ids are there once, and every reference to one leads somewhere", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id as string);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...page.matchAll(/(?:href="#|url\(#|aria-labelledby=")([^")]+)/g)].map(
      ([, id]) => id as string,
    );
    expect(references.length).toBeGreaterThan(20);
    for (const id of references) expect(ids).toContain(id);
  });

  test("shows the table's own texts", () => {
    const { document } = parseHTML(page);
    const cells = [...document.querySelectorAll("#numbers table tbody")].map((body) =>
      [...body.querySelectorAll("tr")].map((row: { children: Iterable<{ textContent: string }> }) =>
        [...row.children].map(({ textContent }) => textContent),
      ),
    );
    const expected = (["rollout", "tilted"] as const).map((start) =>
      resultsTable(results, { start }).rows.map(({ cells: texts, first }) => [
        first ? texts[0] : "",
        ...texts.slice(1),
      ]),
    );
    expect(cells).toEqual(expected);
  });

  test.each([
    "V(r) = k (r - r0)^2 / 2, k = 1, r0 = 1",
    "0.486657678894505",
    "0.34662977410249624",
    "H = 0.8701262859588702",
    "pnpm cli compare --seed 100",
    "v20.20.2",
    "No data exist between r = 1.3 and 1.5",
    "prefers-color-scheme: dark",
    "@media print",
  ])("holds %s", (text) => {
    expect(page).toContain(text);
  });

  test("says in one sentence what came out, shows it, and tints what failed; all else is folded", () => {
    const { document } = parseHTML(page);
    const verdict = document.querySelector("header p")?.textContent ?? "";
    expect(document.querySelectorAll("header p").length).toBe(1);
    expect(verdict).toMatch(
      /^MCLNN (keeps|does not keep) .* LNN in (all|\d of) 3 systems: from unseen starts over 299\.9 time units it is off by at most \S+ in momentum, \S+ in angular momentum and \S+ in energy; LNN by up to \S+, \S+ and \S+\.$/,
    );
    const rows = [...document.querySelectorAll("#results tbody tr")];
    expect(rows.length).toBe(6);
    for (const row of rows) expect(row.querySelectorAll("td.right").length).toBe(2);
    expect(document.querySelectorAll("#results td.failed").length).toBeGreaterThan(0);
    expect(document.querySelectorAll("main > figure.overview .squares svg").length).toBe(3);
    for (const { id } of document.querySelectorAll("main > section"))
      expect(document.querySelectorAll(`#${id} > details`).length, id).toBe(
        id === "results" ? 0 : 1,
      );
  });

  test("moves particles where readers allow it, inside the frame, and by style alone", () => {
    const moved = [...page.matchAll(/@keyframes (move-\d-\d)\{(.*?)\}\}/g)];
    expect(moved.length).toBe(9);
    for (const [, name, steps = ""] of moved) {
      expect(page).toContain(`animation-name:${name}`);
      for (const [, x, y] of steps.matchAll(/translate\((-?[\d.]+)px,(-?[\d.]+)px\)/g))
        for (const place of [Number(x), Number(y)])
          expect(place === -50 || (place >= 2 && place <= 298)).toBe(true);
    }
    expect(page).toMatch(
      /\.mover \{ display: none; \}\n@media \(prefers-reduced-motion: no-preference\)/,
    );
  });

  test("no number with an exponent breaks over a line, and lines are lighter on dark ground", () => {
    const texts = page.replace(/<style>.*?<\/style>/s, "").replace(/<svg.*?<\/svg>/gs, "");
    for (const [around] of texts.matchAll(/.{16}\d\.\de-\d+/g))
      expect(around).toMatch(/<span class="n">[\d.]+e-\d+$|="[^"]*$/);
    expect(page).toMatch(
      /prefers-color-scheme: dark\) \{[^@]*\[stroke="#0072B2"\] \{ stroke: #4DA9E8; \}/s,
    );
  });

  test("numbers are numbers", () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});

test("hostile names stay text everywhere", async () => {
  const hostile = '"><script>alert(1)</script><a href="javascript:alert(2)" onload=\'x\'>&\u0007';
  const system = results.systems.gravity as CompareResults["systems"][string];
  const evil: CompareResults = {
    ...results,
    command: `pnpm cli compare --potential '${hostile}'`,
    software: { [hostile]: hostile, nested: { list: [hostile, null, 1] } },
    systems: {
      [hostile]: {
        ...system,
        title: hostile,
        formula: hostile,
        integrator: hostile,
        parameters: { [hostile]: 1 },
        models: Object.fromEntries(
          Object.entries(system.models).map(([key, model]) => [
            `${key}${hostile}`,
            { ...model, title: hostile },
          ]),
        ),
      },
      results: { truth: { hamiltonian: null }, models: {} },
      "a b": { truth: { hamiltonian: null }, models: {} },
      "a-b": { truth: { hamiltonian: null }, models: {} },
    },
  };
  const figures = await systemFigures(syntheticSeries({ records: 20 }), {
    system: hostile,
    titles: { mclnn: hostile },
  });
  const html = comparePage({ results: evil, figures: { [hostile]: figures } });
  expect(html).not.toMatch(/<script|<a href="javascript/);
  expect(html).not.toContain("\u0007");
  const { document } = parseHTML(html);
  const handlers = [...document.querySelectorAll("*")].filter(
    (element: { attributes: Iterable<{ name: string }> }) =>
      [...element.attributes].some(({ name }) => name.startsWith("on")),
  );
  expect(handlers).toEqual([]);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(document.querySelector("main")?.textContent).toContain("<script>");
});

test("a comparison without figures, starts or formula is still a page", () => {
  const html = comparePage({
    results: {
      version: 1,
      seed: 1,
      software: {},
      systems: { bare: { truth: { hamiltonian: 1 }, models: {} } },
    },
    figures: {},
  });
  expect(html).toContain('<h2 id="bare-title">Bare</h2>');
});
