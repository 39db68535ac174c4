import type { FormulaResult } from "@mclnn/learning";
import type { LawGrid, MclnnModel, Model, SplineModel } from "@mclnn/models";

/** A pair law of a model. */
export interface ShownLaw {
  readonly model: MclnnModel | SplineModel;
  readonly modelKind: Model["kind"];
  /** What the model has beside its pairs. */
  readonly terms: Model["terms"];
  readonly species?: readonly [number, number];
}

/** What the command line says of a file. */
interface Wishes {
  readonly from?: number;
  readonly to?: number;
  readonly points?: number;
  readonly units?: string;
  /** Another law, to be drawn beside it. */
  readonly potential?: string;
  readonly system?: string;
}

/** What is written. */
export interface LawToWrite {
  /** One, or one for each pair of species. */
  readonly laws: readonly ShownLaw[];
  /** The laws at equal intervals, one below the other. */
  readonly table: LawGrid;
  /** The species of each row of the table, where there are several laws. */
  readonly pairs: readonly (readonly [number, number])[] | undefined;
  readonly options: Wishes;
  /** What was found of each law, where formulas were looked for. */
  readonly formulas?: readonly FoundFormula[];
}

/** What was found of a law. */
export interface FoundFormula {
  readonly result: FormulaResult;
  readonly species?: readonly [number, number];
}

/** Options that some formats read, and others have no use for. */
export type FormatOption = "potential" | "system" | "units";

/** A kind of file that a law is written to: one file of this folder and a line in the catalogue. */
export interface LawFormat {
  readonly name: string;
  /** The option that names such a file. */
  readonly option: "out" | "ase" | "openmm";
  /** Endings of its paths, for example `.csv`. */
  readonly endings: readonly string[];
  /** Whether it holds one law only: of laws by species, that of `--pair`. */
  readonly one?: boolean;
  /** Whether it holds the formulas of laws, which are then looked for. */
  readonly formula?: boolean;
  readonly reads: readonly FormatOption[];
  /** @throws MclnnError of kind `input` for what the format cannot hold */
  encode(law: LawToWrite, ending: string): string | Uint8Array | Promise<string | Uint8Array>;
  /** What a user of the file has to know. */
  remark?(law: LawToWrite): string;
}
