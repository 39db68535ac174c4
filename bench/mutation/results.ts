import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { type Area, areas } from "./areas.ts";

const ROOT = new URL("../../", import.meta.url);

/** What became of the mutants of one source. */
export interface FileCounts {
  /** A test failed. */
  killed: number;
  /** A test did not end in time, or went round a loop a hundred times as often. */
  timeouts: number;
  /** All tests that reach it passed. */
  survived: number;
  /** No test reaches it. */
  untested: number;
  /** The source did not load. */
  broken: number;
  /** Texts of errors, which are not changed. */
  wording: number;
}

/** A mutant that no test noticed. */
export interface Survivor {
  /** From the root. */
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
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly files: Readonly<Record<string, FileCounts>>;
  /** SHA-256 of each source as it was, those in which there is nothing to change among them. */
  readonly sums: Readonly<Record<string, string>>;
  readonly survivors: readonly Survivor[];
}

/** Sum over all sources. */
export function total(files: Iterable<FileCounts>): FileCounts {
  const sum = { killed: 0, timeouts: 0, survived: 0, untested: 0, broken: 0, wording: 0 };
  for (const counts of files)
    for (const key of Object.keys(sum) as (keyof FileCounts)[]) sum[key] += counts[key];
  return sum;
}

/** Share of mutants noticed, of those that load. */
export function score({ killed, timeouts, survived, untested }: FileCounts): number {
  const noticed = killed + timeouts;
  return noticed / (noticed + survived + untested);
}

function place({ name }: Area): URL {
  return new URL(`results/${name}.json`, import.meta.url);
}

/** The last result of every area that was ever run. */
export async function readResults(): Promise<AreaResult[]> {
  const texts = areas.map(place).filter((url) => existsSync(url));
  return await Promise.all(
    // Nothing is known of the sources of the oldest results.
    texts.map(async (url) => ({ sums: {}, ...JSON.parse(await readFile(url, "utf8")) })),
  );
}

/** Keeps a result. @param part - whether it is of some sources only; what is kept of the others stays */
export async function writeResult(area: Area, result: AreaResult, part: boolean): Promise<void> {
  const kept = part ? (await readResults()).find((each) => each.area === area.name) : undefined;
  const now = await sumsOf(area);
  /** What was known of the area's other sources. */
  const others = <T>(known: Readonly<Record<string, T>> = {}): [string, T][] =>
    Object.entries(known).filter(([file]) => !(file in result.sums) && file in now);
  const joined: AreaResult = {
    ...result,
    // Of the oldest part.
    date: [result.date, kept?.date ?? result.date].sort()[0] as string,
    files: sorted([...Object.entries(result.files), ...others(kept?.files)]),
    sums: sorted([...Object.entries(result.sums), ...others(kept?.sums)]),
    survivors: [
      ...result.survivors,
      ...(kept?.survivors ?? []).filter(({ file }) => !(file in result.sums) && file in now),
    ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
  };
  await writeFile(place(area), `${JSON.stringify(joined, null, 2)}\n`);
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** SHA-256 of sources as they are, by their names from the root. @param sources - globs; default: all of the area */
export async function sumsOf(
  { sources: all }: Area,
  sources: readonly string[] = all,
): Promise<Record<string, string>> {
  const files = await glob([...sources], { cwd: fileURLToPath(ROOT), ignore: ["**/node_modules"] });
  return sorted(
    await Promise.all(
      files.map(async (file) => {
        const bytes = await readFile(new URL(file, ROOT));
        return [file, createHash("sha256").update(bytes).digest("hex")] as const;
      }),
    ),
  );
}

/** What changed since a result: sources with other contents than then, and those that are not in it. */
export function changedSince(
  { sums }: AreaResult,
  now: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(now).filter((file) => sums[file] !== now[file]);
}
