import type { TrajectorySet } from "../trajectory-set.ts";
import type { Found, Reading } from "./format.ts";
import type { Columns } from "./record-table.ts";

/** Times of the records: the file's own, those that options make of its steps, or else only numbers of steps or frames. */
export function timesOf(
  reading: Reading,
  { times, steps, records }: Pick<Columns, "times" | "steps" | "records">,
  counts: "step" | "frame",
): {
  times: Float64Array;
  timeUnit: Found["timeUnit"];
  /** For the provenance, where the time of a step is known: training takes it up. */
  steps: TrajectorySet["provenance"];
} {
  const listed = reading.option("times");
  if (listed !== undefined) {
    if (listed.length !== records)
      throw reading.refuse("", `${records} times, one a record`, `${listed.length}`);
    return { times: checked(reading, Float64Array.from(listed)), timeUnit: "time", steps: {} };
  }
  const numbered = steps.every((step) => step !== undefined);
  const own = times.every((time) => time !== undefined);
  if (own && increases(times)) {
    const from = Float64Array.from(times);
    return { times: from, timeUnit: "time", steps: numbered ? stepOf(from, steps) : {} };
  }
  const fps = reading.option("fps");
  const dt = fps === undefined ? reading.option("dt") : 1 / fps;
  const count = numbered
    ? Float64Array.from(steps)
    : Float64Array.from({ length: records }, (_, k) => k);
  checked(reading, count);
  if (dt !== undefined) {
    const made = count.map((n) => n * dt);
    return {
      times: made,
      timeUnit: "time",
      steps: numbered && counts === "step" ? stepOf(made, steps) : {},
    };
  }
  const unit = numbered ? counts : "frame";
  if (records > 1)
    reading.note(
      unit === "step"
        ? "the file has no times, and they are counted in steps; --dt says how long a step is"
        : "the file has no times, and they are counted in frames; --dt or --fps says how far apart frames are",
    );
  return { times: count, timeUnit: unit, steps: {} };
}

function increases(times: readonly (number | undefined)[]): boolean {
  return times.every((time, k) => k === 0 || (time as number) > (times[k - 1] as number));
}

function checked(reading: Reading, times: Float64Array): Float64Array {
  for (let k = 1; k < times.length; k++)
    if (!((times[k] as number) > (times[k - 1] as number)))
      throw reading.refuse(
        "",
        "times that increase",
        `${times[k]} after ${times[k - 1]} at record ${k}`,
      );
  return times;
}

/** Time and number of the steps between two records, where all are the same. */
function stepOf(
  times: Float64Array,
  steps: readonly (number | undefined)[],
): TrajectorySet["provenance"] {
  const last = times.length - 1;
  if (last < 1) return {};
  const stride = (steps[1] as number) - (steps[0] as number);
  const even = steps.every((step, k) => step === (steps[0] as number) + k * stride);
  if (!even || !(stride >= 1)) return {};
  const dt = Number(
    (((times[last] as number) - (times[0] as number)) / (last * stride)).toPrecision(12),
  );
  return { dt, stride };
}
