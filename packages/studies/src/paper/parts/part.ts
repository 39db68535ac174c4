import type { DataTable } from "../../data/data-table.ts";
import type { DocumentBlock } from "../../data/document.ts";
import type { Settings } from "../experiment/settings.ts";
import type { Results } from "../results/results.ts";
import type { StudyJob } from "../studies/study-job.ts";

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
  readonly present: (results: Results, settings: Settings) => Presentation;
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
