import { defineConfig } from "vitest/config";
import LongestFirst from "./tools/longest-first.mjs";

// Tests resolve workspace packages to src/, so they need no build.
const conditions = ["@mclnn/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // A busy machine is no failure.
    testTimeout: 30_000,
    // By itself vitest leaves a core to its main process, which idles most of the time: on two cores that is half of them.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./tools/closing-line-reporter.mjs"],
    projects: [
      ...[
        "physics",
        "integrators",
        "datasets",
        "metrics",
        "models",
        "learning",
        "tfjs",
        "studies",
        "report",
      ].map((name) => ({
        extends: true as const,
        test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts"] },
      })),
      {
        extends: true as const,
        test: { name: "playground", root: "apps/playground", include: ["test/**/*.test.ts"] },
      },
      { extends: true as const, test: { name: "tools", root: "tools" } },
      { extends: true as const, test: { name: "bench", root: "bench", testTimeout: 60_000 } },
      {
        extends: true as const,
        test: {
          name: "cli",
          root: "apps/cli",
          include: ["test/**/*.test.ts"],
          globalSetup: `${import.meta.dirname}/apps/cli/test/bundle-program.ts`,
          testTimeout: 120_000,
        },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
