import { doStudyJob, type StudyJob, type StudyOutcome } from "@mclnn/studies/paper";
import type { JobReply, JobRequest } from "../../jobs/job-pool.ts";
import { workerTask } from "../../jobs/worker-task.ts";

const work: (request: JobRequest<StudyJob>) => Promise<JobReply<StudyOutcome>> =
  workerTask(doStudyJob);

export default work;
