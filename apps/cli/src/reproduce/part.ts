import { MclnnError } from "@mclnn/physics";
import type { DocumentBlock, Numbers } from "@mclnn/report";
import type { Settings } from "./settings.ts";
import type { Studies, StudyError, StudyJob, StudyName } from "./study-job.ts";

/** A figure, a table or another section of the paper, or of ours. */
export interface Part {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  /** What the paper shows there. */
  readonly paper: string;
  /** Not in a run that names no parts. */
  readonly onRequest?: string;
  /** What must have been done before. */
  readonly jobs: (settings: Settings) => readonly StudyJob[];
  readonly present: (results: Results, settings: Settings) => Promise<Presentation>;
}

/** What a part shows. */
export interface Presentation {
  /** What we find, one paragraph each. */
  readonly found: readonly string[];
  /** Figures and tables in order; figures by names that are unique on the page. */
  readonly blocks: readonly DocumentBlock[];
  /** The numbers behind figures and tables. */
  readonly data: readonly DataTable[];
  /** Single numbers, for `results.json`. */
  readonly numbers: unknown;
  /** Further files. */
  readonly files?: readonly { readonly name: string; readonly contents: string }[];
}

/** Columns of equal length, for CSV and JSON. */
export interface DataTable {
  /** For file names. */
  readonly name: string;
  readonly columns: Readonly<Record<string, Numbers | readonly (string | number | null)[]>>;
}

/** Results of jobs, as parts ask for them. */
export interface Results {
  /** @throws MclnnError `study-failed` with the job's own error */
  of<S extends StudyName>(job: StudyJob<S>): Studies[S][1];
  has(job: StudyJob): boolean;
}

/** @param failures - by name of the job */
export function resultsFrom(
  done: ReadonlyMap<string, unknown>,
  failures: ReadonlyMap<string, StudyError>,
): Results {
  return {
    of<S extends StudyName>({ name, title }: StudyJob<S>) {
      const result = done.get(name);
      if (result !== undefined) return result as Studies[S][1];
      throw new MclnnError(`${title} failed`, {
        code: "study-failed",
        expected: `a result of ${name}`,
        got: failures.get(name)?.message ?? "none",
        kind: "failure",
      });
    },
    has: ({ name }) => done.has(name),
  };
}
