import { workOnJobs } from "../../jobs/work-on-jobs.ts";
import { trainingJob } from "./training-job.ts";

workOnJobs(trainingJob);
