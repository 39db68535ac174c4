import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * @typedef {object} Browser
 * @property {string} name - with its version, as it tells
 * @property {string} command
 * @property {(profile: string) => readonly string[]} options - for a run without a window, with a profile of its own
 */

/** Answers to what a new profile asks first, and no limit on how long a script may run. */
const FIREFOX_SETTINGS = `
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("dom.max_script_run_time", 0);
`;

const KINDS = {
  chromium: {
    commands: ["chromium", "chromium-browser", "google-chrome"],
    options: (/** @type {string} */ profile) => [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      `--user-data-dir=${profile}`,
    ],
  },
  firefox: {
    commands: ["firefox-esr", "firefox"],
    options: (/** @type {string} */ profile) => {
      writeFileSync(path.join(profile, "user.js"), FIREFOX_SETTINGS);
      return ["--headless", "--no-remote", "--profile", profile];
    },
  },
};

/** The browser of a kind, where there is one. @param {keyof typeof KINDS} kind @returns {Browser | undefined} */
export function findBrowser(kind) {
  const { commands, options } = KINDS[kind];
  for (const command of commands) {
    const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
    if (status === 0)
      return { name: /^.*?[\d.]+/.exec(stdout.trim())?.[0] ?? kind, command, options };
  }
  return undefined;
}

/**
 * Runs a module in a page of a browser without a window.
 *
 * @param {Browser} browser
 * @param {string} code - calls `report(value)` once, with what JSON can hold
 * @param {{ seconds?: number }} [options] - how long to wait. Default 600
 * @returns {Promise<any>} what it reported
 */
export async function runInBrowser({ name, command, options }, code, { seconds = 600 } = {}) {
  /** @type {(value: any) => void} */
  let tell = () => {};
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    const script = request.url === "/program.js";
    if (request.url === "/result") {
      /** @type {Buffer[]} */
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        response.end();
        tell(JSON.parse(Buffer.concat(parts).toString("utf8")));
      });
      return;
    }
    response.setHeader("content-type", script ? "text/javascript" : "text/html; charset=utf-8");
    response.end(script ? code : PAGE);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const profile = mkdtempSync(path.join(tmpdir(), "mclnn-browser-"));
  // A group of its own, so that its helpers end with it.
  const child = spawn(command, [...options(profile), `http://127.0.0.1:${address.port}/`], {
    stdio: "ignore",
    detached: true,
  });
  const ended = once(child, "close");
  try {
    const over = new AbortController();
    const late = new Promise((resolve) => {
      const timer = setTimeout(resolve, 1000 * seconds, "late");
      over.signal.addEventListener("abort", () => clearTimeout(timer));
    });
    const result = await Promise.race([told, late, ended.then(() => "gone")]);
    over.abort();
    if (result === "late") throw new Error(`${name} told nothing in ${seconds} seconds`);
    if (result === "gone") throw new Error(`${name} ended by itself, without a word`);
    if (result?.error !== undefined) throw new Error(`in ${name}: ${result.error}`);
    return result;
  } finally {
    if (child.exitCode === null && child.pid !== undefined) {
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>.</title><script>
  globalThis.report = (value) => fetch("/result", { method: "POST", body: JSON.stringify(value) });
  addEventListener("error", ({ message }) => report({ error: message }));
  addEventListener("unhandledrejection", ({ reason }) => report({ error: String(reason?.stack ?? reason) }));
</script><script type="module" src="/program.js"></script>`;
