import { describe, expect, it } from "vitest";
import { doJobs } from "../src/jobs/job-pool.ts";

const crew = {
  doJob: async (job: string) => job,
  worker: new URL("./crashing-worker.mjs", import.meta.url),
  title: (job: string) => `the job that ${job}`,
};

describe("jobs in threads", () => {
  it("come back in their order", async () => {
    const jobs = ["a", "b", "c", "d", "e"];
    expect(await doJobs(jobs, 2, crew, () => ({ hooks: {} }))).toEqual(jobs);
  });

  it.each([
    ["exits", /none, and no error/],
    ["throws outside its task", /thrown from nowhere/],
  ])(
    "whose thread ends (%s) are named, others are stopped, and nothing hangs",
    async (job, got) => {
      const began = performance.now();
      const error = await doJobs([job, "waits"], 2, crew, () => ({ hooks: {} })).catch((e) => e);
      expect(error).toMatchObject({
        code: "worker-crashed",
        kind: "failure",
        message: expect.stringContaining(`the thread that did the job that ${job} ended`),
        got: expect.stringMatching(got),
      });
      expect(performance.now() - began).toBeLessThan(10_000);
    },
  );
});
