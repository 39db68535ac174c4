import { workOnJobs } from "../../jobs/work-on-jobs.ts";
import { COMPARE_CREW } from "./job.ts";

workOnJobs(COMPARE_CREW.doJob);
