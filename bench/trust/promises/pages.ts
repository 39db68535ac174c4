import { findBrowser } from "../../../tools/browser/browsers.mjs";
import { visit } from "../pages/browser.ts";
import { type HostilePage, hostilePages } from "../pages/hostile-pages.ts";
import { dangersIn } from "../pages/inspect-markup.ts";
import { payloads } from "../pages/payloads.ts";
import type { Promised } from "../promise.ts";

/** Payloads put raw into a page: what a check that works must see. */
const CONTROL = 10;

export const pages: Promised = {
  name: "pages",
  promise:
    "A page or picture cannot attack: hostile names of data, potentials and files stay text; nothing runs, nothing is asked for",
  async check(size, tally) {
    const all = async (beacon: string): Promise<readonly HostilePage[]> =>
      (await Promise.all(payloads(beacon).map(hostilePages))).flat();
    for (const { name, html } of await all("http://127.0.0.1:9/beacon")) {
      const dangers = dangersIn(html);
      tally.expect(dangers.length === 0, () => `${name}: ${dangers.slice(0, 3).join(", ")}`);
      if (name !== "picture")
        tally.expect(html.includes("default-src 'none'"), `${name}: no content security policy`);
    }
    for (const payload of payloads("http://127.0.0.1:9/beacon").slice(0, CONTROL))
      tally.expect(dangersIn(`<body>${payload}`).length > 0, `not seen in markup: ${payload}`);
    if (size === "quick") return;
    const chromium = findBrowser("chromium");
    if (chromium === undefined) {
      tally.skipped.push("a browser: no chromium here");
      return;
    }
    const { pages: visited, attacked, requests } = await visit(chromium, all);
    tally.cases += visited;
    for (const name of attacked) tally.failures.push(`${name}: a script ran`);
    for (const request of requests) tally.failures.push(`asked for ${request}`);
    const control = await visit(chromium, async (beacon) =>
      payloads(beacon)
        .slice(0, CONTROL)
        .map((payload) => ({ name: "control", html: `<!doctype html><body>${payload}` })),
    );
    tally.expect(
      control.attacked.length === CONTROL && control.requests.length >= CONTROL,
      `a browser shows ${control.attacked.length} of ${CONTROL} attacks that do run`,
    );
    tally.notes.push(`${visited} pages opened in ${chromium.name}`);
  },
};
