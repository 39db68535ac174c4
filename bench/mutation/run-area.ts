import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import type { Area } from "./areas.ts";

/** How many changes of one source were noticed, and how not. */
export interface FileCounts {
  killed: number;
  /** Noticed by going round for ever. */
  timeouts: number;
  survived: number;
  /** Reached by no test. */
  untested: number;
  /** Did not load. */
  broken: number;
  /** Left alone: the wording of errors, and what a comment beside the code gives a reason for. */
  ignored: number;
}

/** A change that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** Whether any test reaches it. */
  readonly tested: boolean;
}

/** What came of one area. */
export interface AreaResult {
  readonly area: string;
  readonly files: Readonly<Record<string, FileCounts>>;
  readonly survivors: readonly Survivor[];
}

const none = (): FileCounts => ({
  killed: 0,
  timeouts: 0,
  survived: 0,
  untested: 0,
  broken: 0,
  ignored: 0,
});

/** Sum over sources. */
export function total(files: Iterable<FileCounts>): FileCounts {
  const sum = none();
  for (const counts of files)
    for (const key of Object.keys(sum) as (keyof FileCounts)[]) sum[key] += counts[key];
  return sum;
}

/** Share of changes noticed, of those that load. */
export function score({ killed, timeouts, survived, untested }: FileCounts): number {
  const noticed = killed + timeouts;
  return noticed / (noticed + survived + untested);
}

/** A whole block of statements is known by how it begins. */
const LONGEST = 100;

type Options = ConstructorParameters<typeof Stryker>[0];

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Changes every source of an area in all ways that Stryker knows, one at a time, and runs the tests that reach the change.
 *
 * @param sources - globs instead of the area's own, for a part of it
 */
export async function runArea(
  area: Area,
  { sources = area.sources, quiet }: { sources: readonly string[] | undefined; quiet: boolean },
): Promise<AreaResult> {
  process.env.MCLNN_MUTATION_AREA = area.name;
  process.env.MCLNN_MUTATION_LONGEST = String(area.longestTest);
  // Kernels and plain TypeScript part at few inputs where they part at all.
  process.env.MCLNN_KERNEL_INPUTS = "1000";
  const mutants = await new Stryker({
    mutate: [...sources],
    testRunner: "quick",
    plugins: [
      new URL("quick-runner.mjs", import.meta.url).href,
      new URL("messages.mjs", import.meta.url).href,
    ],
    ignorers: ["messages"],
    // `related` would look for the tests of a source by its imports, in every run.
    vitest: { configFile: "bench/mutation/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    // vitest asks for no types, and AssemblyScript is not TypeScript.
    disableTypeChecks: false,
    // A run on a machine with better things to do: no more than one core.
    concurrency: 1,
    timeoutMS: 4000,
    timeoutFactor: 3,
    ignorePatterns: ["bench/peers", "docs", "examples", "**/dist", ".turbo"],
    reporters: quiet ? [] : ["progress-append-only"],
    logLevel: (quiet ? "error" : "warn") as NonNullable<Options["logLevel"]>,
    allowConsoleColors: false,
    cleanTempDir: "always",
  }).runMutationTest();

  const files = new Map<string, FileCounts>();
  const survivors: Survivor[] = [];
  for (const mutant of mutants) {
    const file = path.relative(ROOT, path.resolve(mutant.fileName)).replaceAll(path.sep, "/");
    const counts = files.get(file) ?? none();
    files.set(file, counts);
    switch (mutant.status) {
      case "Killed":
        counts.killed++;
        break;
      case "Timeout":
        counts.timeouts++;
        break;
      case "Survived":
      case "NoCoverage":
        counts[mutant.status === "Survived" ? "survived" : "untested"]++;
        survivors.push({
          file,
          line: mutant.location.start.line,
          original: await excerpt(path.join(ROOT, file), mutant.location),
          replacement: oneLine(mutant.replacement ?? ""),
          tested: mutant.status === "Survived",
        });
        break;
      case "Ignored":
        counts.ignored++;
        break;
      default:
        counts.broken++;
    }
  }
  return { area: area.name, files: Object.fromEntries(files), survivors };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The text between two places, counted from 1, on one line. */
async function excerpt(
  file: string,
  { start, end }: { readonly start: Place; readonly end: Place },
): Promise<string> {
  const lines = (await readFile(file, "utf8")).split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? "").slice(0, end.column - 1);
  lines[0] = (lines[0] ?? "").slice(start.column - 1);
  return oneLine(lines.join("\n"));
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 3)}...`;
}
