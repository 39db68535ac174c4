import { MclnnError } from "@mclnn/physics";
import type { TrajectorySet } from "../trajectory-set.ts";

/** Bytes of a file, in pieces. Asked for anew, they begin anew. */
export interface ByteSource {
  /** What to call it in messages. */
  readonly name: string;
  /** Bytes in all, where that is known. */
  readonly size?: number;
  bytes(): AsyncIterable<Uint8Array>;
}

/** What a file does not say itself. Each format reads what it lacks. */
export interface ReadOptions {
  /** Time of one step, where steps are numbered, or between two records. */
  readonly dt?: number;
  /** Frames a second: records are 1 / fps apart. */
  readonly fps?: number;
  /** Times of the records. */
  readonly times?: ArrayLike<number>;
  /** Masses of the particles, in the order of their ids. */
  readonly masses?: ArrayLike<number>;
  /** Masses by type, element or label, as the file calls it. */
  readonly massOf?: Readonly<Record<string, number>>;
  /** The units of the file in the words of LAMMPS: lj, metal, real, si, ... */
  readonly units?: string;
  /** Lengths are multiplied by `factor`, and then in `unit`. */
  readonly scale?: { readonly factor: number; readonly unit?: string };
  /** Columns of a table by what they hold: `frame`, `particle`, `x`, `y`, `z`. */
  readonly columns?: Readonly<Partial<Record<ColumnRole, string>>>;
  /** What was seen with less likelihood than this was not seen. Default 0.6. */
  readonly likelihood?: number;
  /** Axes of an array in their order, for example `record,particle,component`. */
  readonly axes?: string;
  /** Positions that are NaN were not observed. */
  readonly missingAsNan?: boolean;
  /** `none`: the box is left out, and particles that crossed its walls go on outside. Numbers: edges or rows of a box that the file does not say. */
  readonly box?: "none" | ArrayLike<number>;
}

/** What a column of a table may hold. */
export type ColumnRole =
  | "frame"
  | "time"
  | "particle"
  | "trajectory"
  | "x"
  | "y"
  | "z"
  | "vx"
  | "vy"
  | "vz"
  | "mass"
  | "species"
  | "charge";

/** Beside the options of a person: what the program that reads gives. */
export interface ReadHooks {
  /** Loads an optional library, by its npm name. Default: none is there. */
  load?(library: string): Promise<unknown>;
  /** Told the box as soon as one is met: what throws here ends the reading early. */
  onBox?(periodic: readonly boolean[]): void;
}

/** What was read. */
export interface ReadTrajectories {
  /** Name of the format. */
  readonly format: string;
  readonly set: TrajectorySet;
  /** What was guessed or passed over, a sentence each. */
  readonly notes: readonly string[];
  /** What was asked and of use. */
  readonly used: ReadonlySet<keyof ReadOptions>;
  /** What the times are: those of the file or of options, or only numbers of steps or frames. */
  readonly timeUnit: "time" | "step" | "frame";
  /** Units in the file's own words; null where it says nothing. */
  readonly units: string | null;
  /** Significant digits that positions were written with; null for those of float64. */
  readonly digits: number | null;
  /** Whether positions were wrapped into the box as they stood in the file; null without a periodic box. */
  readonly wrapped: boolean | null;
  /** Names of the species, in their order. */
  readonly kinds: readonly string[];
}

/** What a format's reader finds out, all but the format's name and what the driver keeps. */
export type Found = Omit<ReadTrajectories, "format" | "notes" | "used">;

/** The first bytes of a file, unpacked, and what they are as text. */
export interface Head {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Whether that is the whole file. */
  readonly whole: boolean;
}

/** One format: how it is recognised, read and written. Adding one is adding a file and naming it in formats.ts. */
export interface Format {
  /** What people call it. */
  readonly name: string;
  /** Of paths that are written in it; the first is the usual one. */
  readonly endings: readonly string[];
  recognises(head: Head): boolean;
  /** @throws MclnnError of kind `input` for what is damaged */
  read(reading: Reading): Promise<Found>;
  /** Pieces of the file. @param ending - of its path. @throws MclnnError `unwritable-format` for what the format cannot hold */
  /** What of a set a file of it does not say, in words; null for nothing. */
  leavesOut?(set: TrajectorySet): string | null;
  write?(set: TrajectorySet, ending: string): Iterable<string | Uint8Array>;
}

/** A file while it is read: options that are asked for are noted as used. */
export class Reading {
  readonly source: ByteSource;
  readonly head: Head;
  readonly hooks: ReadHooks;
  readonly notes: string[] = [];
  readonly used: Set<keyof ReadOptions> = new Set();
  /** Share of the file that was read so far, from 0 to 1; 1 where it is not known. Set by what reads it. */
  share: () => number = () => 1;
  private readonly options: ReadOptions;

  constructor(source: ByteSource, head: Head, options: ReadOptions, hooks: ReadHooks) {
    this.source = source;
    this.head = head;
    this.options = options;
    this.hooks = hooks;
  }

  /** The same reading of other bytes: those that this file stands for. */
  of(bytes: ByteSource["bytes"]): Reading {
    return Object.assign(Object.create(Reading.prototype), this, {
      source: { name: this.source.name, bytes },
    });
  }

  option<K extends keyof ReadOptions>(name: K): ReadOptions[K] {
    if (this.options[name] !== undefined) this.used.add(name);
    return this.options[name];
  }

  /** Says once what was guessed. */
  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** The error for what is wrong with the file. @param where - line or part of it */
  refuse(where: string, expected: string, got: string, mend?: string): MclnnError {
    const name = this.source.name;
    return new MclnnError(`${where === "" ? name : `${name}, ${where}`} cannot be read`, {
      code: "bad-format",
      argument: name,
      expected,
      got,
      ...(mend === undefined ? {} : { mend }),
    });
  }
}
