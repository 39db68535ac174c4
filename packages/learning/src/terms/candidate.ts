import type { Candidate, FindingWords } from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";

/** The data that are asked. */
export interface Asked {
  readonly data: TrainingData;
  /** Of the particles, when one law was asked for all of them. */
  readonly species: Int32Array | undefined;
}

/** Something that data may ask for beside a pair law: one file, and a line in the catalogue. */
export interface CandidateKind {
  readonly name: string;
  readonly finding: FindingWords;
  /** What is asked for, together; nothing where the data cannot show it. */
  candidates(asked: Asked): readonly Candidate[];
}
