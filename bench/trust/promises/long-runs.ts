import { rm } from "node:fs/promises";
import path from "node:path";
import type { LongRun } from "../long-run.ts";
import { bundled, start } from "../program.ts";
import type { Promised } from "../promise.ts";

/** Iterations, and bytes that resident memory may grow by: in an hour; in a run that is too short for that, in all. */
const SIZES = {
  quick: { iterations: 100_000, hourly: null },
  full: { iterations: 10_000_000, hourly: 1e6 },
};
const SHORT_RUN = 1e6;
/** Bytes that the loss log may grow by while iterations double: seventy entries. */
const LOSS_LOG = 65_536;
/** Bytes that one call of a hot loop may allocate: a few boxed numbers, as the compiler chooses, and no array. */
const NUMBERS = 64;

export const longRuns: Promised = {
  name: "long-runs",
  promise:
    "Long runs are clean: 1e7 iterations leave resident memory where it was (less than 1 MB an hour), hot loops allocate no arrays",
  async check(size, tally) {
    const { iterations, hourly } = SIZES[size];
    const program = await bundled("long-run.ts");
    try {
      const { code, stdout, stderr } = await start(program, [String(iterations)], ".").ended;
      if (code !== 0) throw new Error(stderr);
      const { resident, held, seconds, loops } = JSON.parse(stdout) as LongRun;
      const bytes = growth(resident);
      const rate = hourly === null ? bytes : (bytes * 3600) / seconds;
      tally.expect(
        rate < (hourly ?? SHORT_RUN),
        `resident memory grew by ${rate.toFixed(0)} bytes ${hourly === null ? "in all" : "an hour"}`,
      );
      const more = growth(held);
      tally.expect(more < LOSS_LOG, `a collection leaves ${more} bytes more`);
      tally.notes.push(
        `in ${iterations / 2} iterations, ${seconds.toFixed(1)} s: resident memory ${bytes} bytes more, what a collection leaves ${more}`,
      );
      for (const [name, bytes] of Object.entries(loops))
        tally.expect(bytes <= NUMBERS + 1, `${name} allocates ${bytes} bytes a call`);
      const worst = Math.max(...Object.values(loops));
      tally.notes.push(`hot loops: at most ${worst.toFixed(1)} bytes a call`);
    } finally {
      await rm(path.dirname(program), { recursive: true, force: true });
    }
  },
};

/** From the median of the first quarter to that of the last. */
function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  return Math.round(median(values.slice(-quarter)) - median(values.slice(0, quarter)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
