import type { CompareJob, CompareOutcome } from "@mclnn/studies";
import type { JobReply, JobRequest } from "../../jobs/job-pool.ts";
import { workerTask } from "../../jobs/worker-task.ts";
import { COMPARE_CREW } from "./job.ts";

const work: (request: JobRequest<CompareJob>) => Promise<JobReply<CompareOutcome>> = workerTask(
  COMPARE_CREW.doJob,
);

export default work;
