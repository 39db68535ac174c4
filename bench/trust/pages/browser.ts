import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "../../../tools/browser/browsers.mjs";
import { inFolder } from "../../process.ts";
import type { HostilePage } from "./hostile-pages.ts";

/** What pages did in a browser. */
export interface Visit {
  readonly pages: number;
  /** Names of pages whose script ran. */
  readonly attacked: readonly string[];
  /** Paths that were asked for beside the pages. */
  readonly requests: readonly string[];
}

/** Milliseconds that a page gets after it has loaded. */
const STAY = 60;

/** Opens each page in a frame of its own, and sees whether anything ran or was asked for. @param make - given the address that attacks are to ask */
export async function visit(
  chromium: Browser,
  make: (beacon: string) => Promise<readonly HostilePage[]>,
): Promise<Visit> {
  let pages: readonly HostilePage[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const page = /^\/page\/(\d+)$/.exec(url)?.[1];
    if (url === "/") {
      response.setHeader("content-type", "text/html");
      response.end(driver(pages.length));
    } else if (page !== undefined) {
      const { name, html } = pages[Number(page)];
      response.setHeader("content-type", name === "picture" ? "image/svg+xml" : "text/html");
      response.end(html);
    } else {
      if (url !== "/favicon.ico") requests.push(url);
      response.end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    pages = await make(`${address}/beacon`);
    const text = await dumped(chromium, `${address}/`, 20_000 + pages.length * 20 * STAY);
    const told = /RESULT(.*?)END/s.exec(text)?.[1];
    if (told === undefined) throw new Error(`the browser told nothing: ${text.slice(0, 200)}`);
    const titles = JSON.parse(told.replaceAll("&quot;", '"')) as (string | null)[];
    const attacked = pages.filter((_, k) => titles[k] === "attacked").map(({ name }) => name);
    return { pages: titles.length, attacked, requests };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The document of a page after so many milliseconds. */
function dumped({ command, options }: Browser, address: string, patience: number): Promise<string> {
  return inFolder(async (profile) => {
    const more = [`--virtual-time-budget=${patience}`, "--dump-dom", address];
    const browser = spawn(command, [...options(profile), ...more], {
      ...{ stdio: ["ignore", "pipe", "ignore"], timeout: 10 * patience },
    });
    let text = "";
    browser.stdout?.on("data", (chunk) => {
      text += String(chunk);
    });
    await once(browser, "close");
    return text;
  });
}

/** A page that visits the others and writes their titles. A title of its own stays what it was unless a script changed it. */
function driver(count: number): string {
  return `<!doctype html><body><script>
    (async () => {
      const titles = [];
      for (let k = 0; k < ${count}; k++) {
        const frame = document.createElement("iframe");
        frame.src = "/page/" + k;
        document.body.append(frame);
        await new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
        await new Promise((done) => setTimeout(done, ${STAY}));
        let title = null;
        try { title = frame.contentDocument.title; } catch {}
        titles.push(title === "attacked" ? title : null);
        frame.remove();
      }
      document.body.textContent = "RESULT" + JSON.stringify(titles) + "END";
    })();
  </script></body>`;
}
