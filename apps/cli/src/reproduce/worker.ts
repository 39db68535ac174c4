import type { JobReply, JobRequest } from "../jobs/job-pool.ts";
import { workerTask } from "../jobs/worker-task.ts";
import { doStudyJob, type StudyJob, type StudyOutcome } from "./study-job.ts";

const work: (request: JobRequest<StudyJob>) => Promise<JobReply<StudyOutcome>> =
  workerTask(doStudyJob);

export default work;
