import { doStudyJob, type StudyJob, type StudyOutcome } from "@mclnn/studies/paper";
import type { Crew } from "../../jobs/job-pool.ts";
import { threadEntry } from "../../process/thread-entry.ts";

/** Who does the jobs of a reproduction. */
export const STUDY_CREW: Crew<StudyJob, StudyOutcome> = {
  doJob: doStudyJob,
  worker: threadEntry("commands/reproduce/worker"),
  title: ({ title }) => title,
};
