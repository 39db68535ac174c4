import { defineConfig } from "vitest/config";
import { areaByName } from "./areas.ts";

const conditions = ["@mclnn/source"];

// What Stryker runs, in its copy of the sources, which is its working directory.
export default defineConfig({
  root: process.cwd(),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [...areaByName(process.env.MCLNN_MUTATION_AREA).tests],
    // Changed sources are slow ones, and what takes too long is noticed by other means.
    testTimeout: 600_000,
    // One process for all changes, where Stryker asks for none in particular.
    ...(process.env.MCLNN_MUTATION_LOG === undefined
      ? {}
      : { runner: "./bench/mutation/many-at-once.ts", pool: "threads", maxWorkers: 1 }),
  },
});
