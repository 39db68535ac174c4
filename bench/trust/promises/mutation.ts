import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LEAST_SCORE } from "../../mutation/document.ts";
import { reasonFor } from "../../mutation/reasons.ts";
import { type AreaResult, score, total } from "../../mutation/results.ts";
import type { Promised } from "../promise.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** One source, small, whose tests are quick. */
const SAMPLE = ["--only", "metrics", "--sources", "packages/metrics/src/chaos-floor.ts"];

export const mutation: Promised = {
  name: "mutation",
  promise: `The tests can fail: of all small changes to physics, integrators, metrics, adjoint and file readers they notice ${100 * LEAST_SCORE} %; the rest is listed in docs/mutation.md`,
  async check(size, tally) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        "--import=tsx",
        "--conditions=@mclnn/source",
        "bench/mutation/main.ts",
        "--json",
        ...(size === "quick" ? SAMPLE : []),
      ],
      { cwd: ROOT, maxBuffer: 2 ** 28 },
    );
    // Stryker itself writes there too.
    const last = stdout.slice(stdout.lastIndexOf("\n") + 1);
    for (const { area, files, survivors } of JSON.parse(last) as readonly AreaResult[]) {
      const counts = total(Object.values(files));
      tally.cases += counts.killed + counts.timeouts + survivors.length;
      const open = survivors.filter((survivor) => reasonFor(survivor) === undefined);
      if (open.length > 0) tally.notes.push(`${area}: ${open.length} missing tests`);
      tally.expect(
        score(counts) >= LEAST_SCORE,
        () => `the tests of ${area} notice ${(100 * score(counts)).toFixed(1)} %`,
      );
    }
  },
};
