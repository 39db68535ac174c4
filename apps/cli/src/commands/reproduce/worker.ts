import { doStudyJob, type StudyJob, type StudyOutcome } from "@mclnn/studies/paper";
import { workOnJobs } from "../../jobs/work-on-jobs.ts";

workOnJobs<StudyJob, StudyOutcome>(doStudyJob);
