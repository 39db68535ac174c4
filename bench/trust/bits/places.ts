import { execFile } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { findBrowser, runInBrowser } from "../../../tools/browser/browsers.mjs";
import type { BitsBundle } from "./bundle.ts";
import type { BitsOptions, BitsRun } from "./program.ts";

/** What one engine made of the program. */
export interface Outcome {
  readonly engine: string;
  /** Whether WebAssembly kernels had to be called; else none may have been. */
  readonly kernels: boolean;
  readonly run: BitsRun;
}

/** Somewhere that programs run: an engine, a version of it, or a machine as the engine sees it. */
export interface Place {
  readonly name: string;
  /** Runs everything, or by plain TypeScript a part; or says why that cannot be done here. @param plainWithout - how names of cases begin that only kernels run */
  readonly outcomes: (
    bundle: BitsBundle,
    plainWithout?: string,
  ) => Promise<readonly Outcome[] | string>;
}

const execute = promisify(execFile);
const entry = path.join(import.meta.dirname, "node-entry.mjs");

async function runBy(
  command: readonly string[],
  { program }: BitsBundle,
  options: BitsOptions,
): Promise<BitsRun> {
  const [file = "", ...args] = command;
  const { stdout } = await execute(file, [...args, entry, program, JSON.stringify(options)], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout);
}

/** By kernels, and by plain TypeScript. */
async function both(
  engine: string,
  command: readonly string[],
  bundle: BitsBundle,
  plainWithout?: string,
): Promise<Outcome[]> {
  const plain = plainWithout === undefined ? {} : { without: plainWithout };
  return [
    { engine, kernels: true, run: await runBy(command, bundle, { kernels: true }) },
    { engine, kernels: false, run: await runBy(command, bundle, { kernels: false, ...plain }) },
  ];
}

/** This Node. */
export const thisNode: Place = {
  name: "this Node",
  outcomes: (bundle, plainWithout) =>
    both(`Node ${process.versions.node}`, [process.execPath], bundle, plainWithout),
};

/** A program that npm brings. */
function byNpx(name: string, specifier: string): Place {
  return {
    name,
    async outcomes(bundle) {
      const command = ["npx", "-y", specifier];
      try {
        const { stdout } = await execute("npx", ["-y", specifier, "--version"]);
        const version = stdout.trim().replace(/^v/, "");
        return both(`${name.split(" ")[0]} ${version}`, command, bundle);
      } catch (error) {
        const [reason] = String(error instanceof Error ? error.message : error).split("\n");
        return `${name}: npm does not bring ${specifier} (${reason})`;
      }
    },
  };
}

/** This Node made to believe that it runs on another machine, or to compile otherwise. @param without - cases that it would take minutes for */
function byFlags(name: string, flags: string, kernels: boolean, without?: string): Place {
  return {
    name,
    async outcomes(bundle) {
      const options = { kernels: true, ...(without === undefined ? {} : { without }) };
      const run = await runBy([process.execPath, ...flags.split(" ")], bundle, options);
      return [{ engine: name, kernels, run }];
    },
  };
}

function inBrowser(kind: "chromium" | "firefox"): Place {
  return {
    name: kind,
    async outcomes({ page }) {
      const browser = findBrowser(kind);
      if (browser === undefined) return `${kind}: not installed here`;
      const runs: BitsRun[] = await runInBrowser(browser, await page(), { seconds: 1800 });
      if (runs.length !== 2) return `${kind}: told nothing`;
      return runs.map((run, k) => ({ engine: browser.name, kernels: k === 0, run }));
    },
  };
}

/** Everywhere else. */
export const otherPlaces: readonly Place[] = [
  byNpx("Node 20", "node@20"),
  byNpx("Node 22", "node@22"),
  byNpx("Node 24", "node@24"),
  byNpx("Bun (JavaScriptCore, Safari's engine)", "bun@1"),
  inBrowser("chromium"),
  inBrowser("firefox"),
  byFlags(
    "V8 on a processor without AVX and fused operations",
    ...(["--no-enable-avx --no-enable-fma3", true] as const),
  ),
  byFlags("V8 on a processor whose vectors WebAssembly cannot use", "--no-enable-sse4-1", false),
  byFlags("V8 without its optimising compilers", "--no-opt --liftoff-only", true),
  byFlags("V8 that optimises everything at once", "--always-turbofan --no-liftoff", true),
  byFlags("V8 as an interpreter, without WebAssembly", "--jitless", false, "training"),
];
