import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "@mclnn/datasets/node";
import type { Studies, StudyJob, StudyName } from "@mclnn/studies/paper";
import { decodeResult, encodeResult } from "./encoding.ts";

/** Finished results, one file a job, so that an interrupted reproduction goes on where it was. */
export interface Store {
  /** The result of a job if it was done before, on the same input by the same software. */
  read<S extends StudyName>(job: StudyJob<S>): Promise<Studies[S][1] | undefined>;
  write<S extends StudyName>(job: StudyJob<S>, result: Studies[S][1]): Promise<void>;
}

/** Where results are, from the folder of a reproduction. */
export const RESULTS = "parts";

/** Path of a job's result, from the folder of a reproduction. */
export function resultPath({ name }: StudyJob): string {
  return `${RESULTS}/${name}.json`;
}

/** @param software - fingerprint of what computes the results */
export function openStore(folder: string, software: string): Store {
  const keyOf = ({ study, input }: StudyJob): string =>
    createHash("sha256")
      .update(JSON.stringify([study, input, software]))
      .digest("hex");
  return {
    async read<S extends StudyName>(job: StudyJob<S>) {
      let stored: unknown;
      try {
        stored = decodeResult(await readFile(join(folder, resultPath(job)), "utf8"));
      } catch {
        // Not there, or not whole: the job is done again.
        return undefined;
      }
      const { format, key, result } = stored as Record<string, unknown>;
      return format === "mclnn-study" && key === keyOf(job) ? (result as Studies[S][1]) : undefined;
    },
    async write(job, result) {
      await mkdir(join(folder, RESULTS), { recursive: true });
      const { study, title, input } = job;
      await writeFileAtomic(
        join(folder, resultPath(job)),
        `${encodeResult({ format: "mclnn-study", version: 1, key: keyOf(job), study, title, input, result })}\n`,
        { force: true },
      );
    },
  };
}
