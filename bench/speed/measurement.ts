import { deviation, type Spread } from "../numbers.ts";
import type { Work } from "../peers/peer.ts";
import type { PeerProblems } from "../peers/problem-folder.ts";

/** One run of the bench. */
export interface Bench {
  /** Tiny sizes and few runs: shows that everything works, not how fast. */
  readonly quick: boolean;
  /** Scratch folder of this run. */
  readonly folder: string;
  /** Tells a person what is being done. */
  readonly say: (text: string) => void;
  /** What is worked on, made when first needed. */
  readonly problems: () => PeerProblems;
  /** Null where they were not asked for. */
  readonly peers: PeerPrograms | null;
}

/** One line of a measurement: somebody's time for the work. */
export interface TimeRow {
  /** What was done: "adjoint gradient", "N = 10". */
  readonly work: string;
  /** Who did it: "MCLNN", "C, no FMA". */
  readonly who: string;
  /** Seconds; null where there is no time to give, and the note says why. */
  readonly seconds: Spread | null;
  /** Time of it over ours (minima, in the same run); undefined for ours. */
  readonly ratio?: number;
  readonly note?: string;
}

/** A figure that is to be reached. */
export interface Goal {
  readonly what: string;
  /** null where it could not be measured, and the note says why. */
  readonly measured: number | null;
  readonly bound: number;
  /** `most`: at most the bound. */
  readonly sense: "most" | "least";
  readonly unit: "x" | "s" | "ms" | "steps/s" | "of 100" | "exponent" | "GB";
  readonly note?: string;
}

const goal =
  (sense: Goal["sense"]) =>
  (
    what: string,
    measured: number | null,
    bound: number,
    unit: Goal["unit"],
    note?: string,
  ): Goal => ({ what, measured, bound, sense, unit, ...(note === undefined ? {} : { note }) });

/** A figure that is to be no larger, or no smaller, than a bound. */
export const atMost = goal("most");
export const atLeast = goal("least");

/** Whether a goal is met; null where it was not measured. */
export function isMet({ measured, bound, sense }: Goal): boolean | null {
  if (measured === null) return null;
  return sense === "most" ? measured <= bound : measured >= bound;
}

/** What came of a measurement. */
export interface Measured {
  readonly times: readonly TimeRow[];
  readonly goals: readonly Goal[];
  /** Sizes and circumstances. */
  readonly notes: readonly string[];
}

/** Something that the bench measures. */
export interface Measurement {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  measure(bench: Bench): Promise<Measured>;
}

/** The peers' programs of a run, started when first needed. */
export interface PeerPrograms {
  /** Everybody who does this work on the run's data and got the right result; for the others, rows that say what is missing. */
  contenders(
    work: Work,
    judge: Judge,
  ): Promise<{
    readonly ready: readonly PeerContender[];
    readonly absent: readonly Omit<TimeRow, "work">[];
  }>;
}

/** Judges a peer's result: how far it is off, for which each peer has a bound, and that in words. */
export interface Judge {
  of(result: Float64Array): number;
  words(off: number): string;
}

/** Off by the largest difference over the largest number. */
export function sameAs(expected: ArrayLike<number>): Judge {
  return {
    of: (result) => deviation(result, expected),
    words: (off) => `differs by ${off.toExponential(1)}`,
  };
}

/** Somebody who does a piece of work. */
export interface Contender {
  readonly who: string;
  /** Does it so many times. @returns seconds of processor time of each */
  run(times: number): Promise<readonly number[]>;
  /** How its result was checked. */
  readonly note?: string;
  /** Seconds of what it has done so far, for the check. */
  readonly first?: readonly number[];
}

/** A peer at work. */
export interface PeerContender extends Contender {
  /** Does it with so many repetitions, or iterations. */
  solve(
    times: number,
  ): Promise<{ readonly seconds: readonly number[]; readonly result: Float64Array }>;
}
