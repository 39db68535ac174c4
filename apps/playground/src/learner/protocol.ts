import type { State } from "@mclnn/physics";
import type { RecordedThrow } from "../scene/observe.ts";
import type { Scene } from "../scene/scene.ts";

/** What the page asks of its learner, a worker thread, and what it gets; all of it plain data. */
export interface Answers {
  /** Learns the law of what was recorded. */
  learn: { readonly ask: LearnAsk; readonly answer: Law };
  /** Looks for the formula of the law that was learned last. */
  formula: { readonly ask: object; readonly answer: Formula };
  /** Lets both laws run from one start. */
  test: { readonly ask: TestAsk; readonly answer: Test };
  /** Opens a file. */
  open: { readonly ask: OpenAsk; readonly answer: Opened };
  /** Writes the law or the records as a file. */
  write: { readonly ask: { readonly what: FileKind }; readonly answer: Uint8Array };
}

export type AskKind = keyof Answers;
export type FileKind = "law.csv" | "law.npz" | "law.safetensors" | "records.npz" | "records.csv";

/** Where the records are: what the page recorded, or the file that the learner has open. */
export type Source = { readonly scene: Scene; readonly throws: readonly RecordedThrow[] } | "file";

export interface LearnAsk {
  readonly source: Source;
  /** A quick look, that begins with what is known; or the whole work, from nothing, which gives the same bits everywhere. */
  readonly effort: "preview" | "usual";
  /** Whether to begin with the last law, which was of fewer of these records. */
  readonly after: boolean;
  /** Terms to learn beside the pair law. */
  readonly terms: readonly string[];
  /** Separations from 0 to here are asked for; those that were seen where it is not given. */
  readonly to?: number;
}

export interface Law {
  readonly r: Float64Array;
  readonly slope: Float64Array;
  /** One standard deviation of the slope; NaN where there is none. */
  readonly slopeSd: Float64Array;
  readonly energy: Float64Array;
  /** One standard deviation of the energy, where it is known; else empty. */
  readonly energySd: Float64Array;
  /** Share of the separations that lie nearest to each r. */
  readonly share: Float64Array;
  /** Separations that were seen, from and to. */
  readonly seen: readonly (readonly [number, number])[];
  readonly records: number;
  readonly milliseconds: number;
  /** One error bar by the mean |V'|; null where there are none. */
  readonly error: number | null;
  /** Estimated standard deviation of a position; null where records are exact. */
  readonly noise: number | null;
  readonly findings: readonly FoundOut[];
  readonly terms: readonly { readonly name: string; readonly text: string }[];
  /** First digits of the hash of the law. */
  readonly hash: string;
  readonly effort: "preview" | "usual";
}

export interface FoundOut {
  readonly kind: string;
  readonly text: string;
  readonly try: string;
  /** The term that explains it and can be learned; null where there is none. */
  readonly term: string | null;
}

export interface Formula {
  readonly verdict: "identified" | "several" | "none" | "not-judged";
  readonly formulas: readonly {
    readonly name: string;
    readonly form: string;
    readonly constants: readonly {
      readonly name: string;
      readonly value: number;
      readonly sd: number;
    }[];
  }[];
}

export interface TestAsk {
  readonly scene: Scene;
  readonly start: State;
  readonly seconds: number;
}

/** Two runs from one start, [frames x dots x 2], and what is conserved. */
export interface Test {
  /** Time from one frame to the next. */
  readonly spacing: number;
  readonly truth: Float64Array;
  readonly learned: Float64Array;
  readonly dots: number;
  /** Of each frame; energies are null where a force has none. */
  readonly energy: { readonly truth: Float64Array | null; readonly learned: Float64Array | null };
  readonly momentum: Float64Array;
  readonly angularMomentum: Float64Array;
  /** Root mean square distance of the dots of the two runs. */
  readonly distance: Float64Array;
}

export interface OpenAsk {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Time from one record to the next, where the file does not say. */
  readonly dt?: number;
}

export interface Opened {
  readonly format: string;
  readonly trajectories: number;
  readonly records: number;
  readonly particles: number;
  readonly dimension: number;
  readonly velocities: boolean;
  /** Whether times are those of the file, or numbers of steps or frames. */
  readonly timeUnit: "time" | "step" | "frame";
  readonly notes: readonly string[];
  /** Paths of the first trajectory in its first two components, [records x particles x 2]. */
  readonly paths: Float64Array;
}

/** An error as plain data. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly addRecords?: number;
}

export interface Request {
  readonly id: number;
  readonly kind: AskKind;
  readonly ask: Answers[AskKind]["ask"];
}

export type Reply =
  | { readonly id: number; readonly answer: Answers[AskKind]["answer"] }
  | { readonly id: number; readonly refusal: Refusal };
