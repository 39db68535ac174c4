import type { SplittingStage } from "@mclnn/integrators";
import { MclnnError } from "@mclnn/physics";
import { checkArgument, checkLength, type Requirement } from "@mclnn/physics/arguments";

/**
 * A rollout written out as events: q += drift v; compare with record; v += kick a(q).
 *
 * Neighbouring kicks and drifts of steps that meet are merged, so an event with a kick is one force evaluation.
 */
export interface Schedule {
  readonly events: number;
  /** [events] */
  readonly drift: Float64Array;
  /** [events], 0 where no force is evaluated */
  readonly kick: Float64Array;
  /** Number of the record to compare with after the drift, or -1. [events] */
  readonly record: Int32Array;
  /** [events] */
  readonly time: Float64Array;
  /** Ordinal of each kick among the kicks. [events] */
  readonly kickIndex: Int32Array;
  readonly kicks: number;
  /**
   * Substeps a record and their length, when every event drifts by the same dt and is kicked by it (velocity Verlet on equally spaced
   * records); else null. Only such schedules can be differentiated with coarse tangents.
   */
  readonly uniform: { readonly stride: number; readonly dt: number } | null;
}

/** What {@link createSchedule} makes. */
export const SCHEDULE: Requirement = {
  events: "count",
  drift: "floats",
  kick: "floats",
  record: "numbers",
  time: "floats",
  kickIndex: "numbers",
  kicks: "index",
};

/**
 * Writes out a splitting method over the records.
 *
 * @param times - of the records, increasing
 * @param stages - of one step
 * @param substeps - steps a record; one number for each interval where they differ
 * @param dt - length of a step where it is known better than as a difference of times
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-times`, `bad-shape`, `not-finite`
 */
export function createSchedule(
  times: Float64Array,
  stages: readonly SplittingStage[],
  substeps: number | ArrayLike<number>,
  dt?: number,
): Schedule {
  checkSteps(times, stages, substeps, dt);
  const drift = [0];
  const kick = [0];
  const record = [0];
  const time = [times[0]];
  for (let k = 1; k < times.length; k++) {
    const steps = typeof substeps === "number" ? substeps : substeps[k - 1];
    const h = dt ?? (times[k] - times[k - 1]) / steps;
    for (let s = 0; s < steps; s++)
      for (const [kind, weight] of stages) {
        const e = drift.length - 1;
        if (kind === "kick") kick[e] = kick[e] + weight * h;
        else if (kick[e] !== 0 || record[e] >= 0) {
          drift.push(weight * h);
          kick.push(0);
          record.push(-1);
          time.push(time[e] + weight * h);
        } else {
          drift[e] = drift[e] + weight * h;
          time[e] = time[e] + weight * h;
        }
      }
    record[record.length - 1] = k;
    time[time.length - 1] = times[k];
  }
  // Nothing is compared after the last record, so its kick would be a force evaluation for nothing.
  kick[kick.length - 1] = 0;
  const kickIndex = new Int32Array(kick.length);
  let kicks = 0;
  kick.forEach((w, e) => {
    kickIndex[e] = kicks;
    if (w !== 0) kicks++;
  });
  const step = drift[1];
  const stride = (drift.length - 1) / (times.length - 1);
  const uniform =
    Number.isInteger(stride) &&
    drift.every((h, e) => e === 0 || h === step) &&
    kick.every((h, e) => h === (e === 0 ? 0.5 * step : e === kick.length - 1 ? 0 : step));
  return {
    events: drift.length,
    drift: Float64Array.from(drift),
    kick: Float64Array.from(kick),
    record: Int32Array.from(record),
    time: Float64Array.from(time),
    kickIndex,
    kicks,
    uniform: uniform ? { stride, dt: step } : null,
  };
}

/** More substeps between two records are no rollout that anyone waits for. */
const MOST_SUBSTEPS = 1e6;

function checkSteps(
  times: Float64Array,
  stages: readonly SplittingStage[],
  substeps: number | ArrayLike<number>,
  dt: number | undefined,
): void {
  checkArgument("times", times, "numbers");
  for (let k = 0; k < times.length; k++)
    if (k > 0 && !(times[k] > times[k - 1]))
      throw new MclnnError("times cannot be used", {
        code: "bad-times",
        argument: "times",
        expected: "times that increase",
        got: `${times[k]} after ${times[k - 1]} at record ${k}`,
      });
  if (times.length < 1) checkLength("times", times, [1, "record or more"]);
  checkArgument("stages", stages, "list");
  for (const stage of Array.from(stages)) {
    checkArgument("stages", stage, "list");
    checkArgument("stages", stage[0], ["kick", "drift"]);
    checkArgument("stages", stage[1], "number");
  }
  if (dt !== undefined) checkArgument("dt", dt, "positive");
  const each = typeof substeps === "object" ? substeps : [substeps];
  checkArgument("substeps", each, "list");
  if (each === substeps) checkLength("substeps", each, [times.length - 1, "intervals"]);
  for (let k = 0; k < each.length; k++) {
    checkArgument("substeps", each[k], "count");
    if (each[k] > MOST_SUBSTEPS)
      throw new MclnnError("substeps cannot be used", {
        code: "bad-option",
        argument: "substeps",
        expected: `at most ${MOST_SUBSTEPS}`,
        got: `${each[k]}`,
      });
  }
}
