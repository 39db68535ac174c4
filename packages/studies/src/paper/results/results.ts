import { MclnnError } from "@mclnn/physics";
import type { Studies, StudyError, StudyJob, StudyName } from "../studies/study-job.ts";

/** Results of jobs, as parts ask for them. */
export interface Results {
  /** @throws MclnnError `study-failed` with the job's own error */
  of<S extends StudyName>(job: StudyJob<S>): Studies[S][1];
  has(job: StudyJob): boolean;
}

/** @param failures - by name of the job */
export function resultsFrom(
  done: ReadonlyMap<string, unknown>,
  failures: ReadonlyMap<string, StudyError>,
): Results {
  return {
    of<S extends StudyName>({ name, title }: StudyJob<S>) {
      const result = done.get(name);
      if (result !== undefined) return result as Studies[S][1];
      throw new MclnnError(`${title} failed`, {
        code: "study-failed",
        expected: `a result of ${name}`,
        got: failures.get(name)?.message ?? "none",
        kind: "failure",
      });
    },
    has: ({ name }) => done.has(name),
  };
}
