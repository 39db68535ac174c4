import type { StopSignal } from "@mclnn/learning";

/** How far a job is. */
export interface JobProgress {
  /** Share done, 0 to 1, where known. */
  readonly fraction?: number;
  readonly detail: string;
}

/** What a job is given beside its task. */
export interface JobHooks {
  readonly onProgress?: (progress: JobProgress) => void;
  readonly signal?: StopSignal;
}
