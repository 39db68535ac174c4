import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type Area, areas } from "./areas.ts";

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
    texts.map(async (url) => JSON.parse(await readFile(url, "utf8")) as AreaResult),
  );
}

/** Keeps a result. @param part - whether it is of some sources only; what is kept of the others stays */
export async function writeResult(area: Area, result: AreaResult, part: boolean): Promise<void> {
  const kept = part ? (await readResults()).find((each) => each.area === area.name) : undefined;
  const others = Object.entries(kept?.files ?? {}).filter(([file]) => !(file in result.files));
  const joined: AreaResult = {
    ...result,
    // Of the oldest part.
    date: [result.date, kept?.date ?? result.date].sort()[0] as string,
    files: Object.fromEntries(
      [...Object.entries(result.files), ...others].sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    survivors: [
      ...result.survivors,
      ...(kept?.survivors ?? []).filter(({ file }) => !(file in result.files)),
    ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
  };
  await writeFile(place(area), `${JSON.stringify(joined, null, 2)}\n`);
}
