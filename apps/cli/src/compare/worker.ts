import type { JobReply, JobRequest } from "../jobs/job-pool.ts";
import { workerTask } from "../jobs/worker-task.ts";
import { doJob, type Job, type JobOutcome } from "./job.ts";

const work: (request: JobRequest<Job>) => Promise<JobReply<JobOutcome>> = workerTask(doJob);

export default work;
