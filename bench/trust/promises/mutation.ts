import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Area, areas } from "../../mutation/areas.ts";
import { kindOf } from "../../mutation/kinds.ts";
import { type AreaResult, score, total } from "../../mutation/run-area.ts";
import type { Promised, Tally } from "../promise.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Share of changes that the tests of every area notice at least. */
const LEAST_SCORE = 0.9;

export const mutation: Promised = {
  name: "mutation",
  promise: `The tests can fail: of all small changes to physics, integrators, metrics, adjoint and file readers they notice ${100 * LEAST_SCORE} %, but for those beside which the sources say why not`,
  onlyInFull: true,
  async check(_, tally) {
    for (const area of areas) {
      tally.tell(`${area.name} ...`);
      await runAnew(area, tally);
    }
  },
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

function judge({ area, files, survivors }: AreaResult, tally: Tally): void {
  const counts = total(Object.values(files));
  const changes = counts.killed + counts.timeouts + survivors.length;
  const share = `${(100 * score(counts)).toFixed(1)} %`;
  const open = survivors.filter((survivor) => kindOf(survivor) === undefined);
  tally.notes.push(
    `${area}: ${share} of ${changes}, ${survivors.length} not noticed, ${open.length} of these of no known kind`,
  );
  tally.expect(score(counts) >= LEAST_SCORE, () => `the tests of ${area} notice ${share}`);
}
