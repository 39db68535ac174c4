import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Area, areas } from "../../mutation/areas.ts";
import { LEAST_SCORE } from "../../mutation/document.ts";
import { reasonFor } from "../../mutation/reasons.ts";
import {
  type AreaResult,
  changedSince,
  readResults,
  score,
  sumsOf,
  total,
} from "../../mutation/results.ts";
import type { Promised, Tally } from "../promise.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** One source, small, whose tests are quick. */
const SAMPLE = "packages/metrics/src/chaos-floor.ts";

export const mutation: Promised = {
  name: "mutation",
  promise: `The tests can fail: of all small changes to physics, integrators, metrics, adjoint and file readers they notice ${100 * LEAST_SCORE} %; the rest is listed in docs/mutation.md`,
  async check(size, tally) {
    const kept = await readResults();
    for (const area of areas)
      if (size === "full") {
        process.stderr.write(`  ${area.name} ...\n`);
        await runAnew(area, tally);
      } else await look(area, kept, tally);
    if (size === "quick") await runAnew(SAMPLED, tally);
  },
};

const SAMPLED: Area = {
  ...(areas.find(({ name }) => name === "metrics") as Area),
  sources: [SAMPLE],
};

/** Makes every change of an area once more. */
async function runAnew({ name, sources }: Area, tally: Tally): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...["--import=tsx", "--conditions=@mclnn/source", "bench/mutation/main.ts"],
        ...["--json", "--only", name, ...sources.flatMap((glob) => ["--sources", glob])],
      ],
      { cwd: ROOT, maxBuffer: 2 ** 28 },
    );
    // Stryker itself writes there too.
    const [result] = JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as AreaResult[];
    const { files, survivors } = result as AreaResult;
    const { killed, timeouts } = total(Object.values(files));
    // One of them is counted with the score.
    tally.cases += killed + timeouts + survivors.length - 1;
    judge(result as AreaResult, tally);
  } catch (error) {
    tally.expect(false, () => `the run of ${name} did not end well: ${error}`);
  }
}

/** Looks at what the last run of an area came to, and whether it was of these sources. */
async function look(area: Area, kept: readonly AreaResult[], tally: Tally): Promise<void> {
  const result = kept.find((each) => each.area === area.name);
  tally.expect(result !== undefined, `${area.name} was never run`);
  if (result === undefined) return;
  const now = await sumsOf(area);
  const changed = changedSince(result, now);
  const known = Object.keys(result.sums).length;
  const since =
    changed.length === 0
      ? "of these sources"
      : `of sources that ${known === 0 ? "were not noted" : `are others now: ${changed.length} of ${Object.keys(now).length}`}`;
  judge(result, tally, `, on ${result.date} ${since}`);
}

function judge({ area, files, survivors }: AreaResult, tally: Tally, when = ""): void {
  const counts = total(Object.values(files));
  const changes = counts.killed + counts.timeouts + survivors.length;
  const share = `${(100 * score(counts)).toFixed(1)} %`;
  const open = survivors.filter((survivor) => reasonFor(survivor) === undefined);
  tally.notes.push(
    `${area}: ${share} of ${changes}, ${survivors.length} not noticed, ${open.length} of these without a reason${when}`,
  );
  tally.expect(score(counts) >= LEAST_SCORE, () => `the tests of ${area} notice ${share}`);
}
