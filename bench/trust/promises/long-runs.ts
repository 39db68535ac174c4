import { median } from "../../numbers.ts";
import type { LongRun } from "../long-run.ts";
import { withProgram } from "../program.ts";
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
  check: (size, tally) =>
    withProgram(async ({ start }) => {
      const { iterations, hourly } = SIZES[size];
      const { code, stdout, stderr } = await start(String(iterations)).ended;
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
      tally.note(
        `in ${iterations / 2} iterations, ${seconds.toFixed(1)} s: resident memory ${bytes} bytes more, what a collection leaves ${more}`,
      );
      for (const [name, bytes] of Object.entries(loops))
        tally.expect(bytes <= NUMBERS + 1, `${name} allocates ${bytes} bytes a call`);
      const worst = Math.max(...Object.values(loops));
      tally.note(`hot loops: at most ${worst.toFixed(1)} bytes a call`);
    }, "long-run.ts"),
};

/** From the median of the first quarter to that of the last. */
function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  return Math.round(
    (median(values.slice(-quarter)) ?? 0) - (median(values.slice(0, quarter)) ?? 0),
  );
}
