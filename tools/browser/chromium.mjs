import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The browser's command where there is one. */
export const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/**
 * Runs a module in a headless Chromium and hands back what it leaves as JSON in `document.body.textContent`, between RESULT and END.
 *
 * @param {string} browser
 * @param {string} code
 * @returns {any}
 */
export function runInChromium(browser, code) {
  const folder = mkdtempSync(path.join(tmpdir(), "mclnn-browser-"));
  try {
    const page = path.join(folder, "index.html");
    const script = code.replaceAll("</script", "<\\/script");
    writeFileSync(
      page,
      `<!doctype html><meta charset="utf-8"><body><script type="module">${script}</script></body>`,
    );
    const dom = execFileSync(
      browser,
      [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${path.join(folder, "profile")}`,
        "--virtual-time-budget=60000",
        "--dump-dom",
        `file://${page}`,
      ],
      { encoding: "utf8", timeout: 120_000, stdio: ["ignore", "pipe", "ignore"] },
    );
    const found = /RESULT(.*)END/.exec(dom)?.[1];
    if (found === undefined) throw new Error(`no result in the page: ${dom.slice(-300)}`);
    return JSON.parse(
      found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
