import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";

/** Where the time step of the rollout came from; `measured`: from the integrator's own error on the data. */
export type TimeStepSource = "option" | "provenance" | "measured" | "tenth-of-record-spacing";

/** Time step and substeps a record for a trajectory set. */
export function chooseTimeStep(
  set: TrajectorySet,
  dt?: number,
): { dt: number; stride: number; source: TimeStepSource } {
  const spacing = recordSpacing(set);
  const made = set.provenance.dt;
  const source: TimeStepSource =
    dt !== undefined
      ? "option"
      : typeof made === "number"
        ? "provenance"
        : "tenth-of-record-spacing";
  const step = dt ?? (typeof made === "number" ? made : spacing / 10);
  const stride = Math.round(spacing / step);
  if (!(step > 0) || stride < 1 || Math.abs(stride * step - spacing) > 1e-6 * spacing)
    throw new MclnnError("the time step does not fit the record spacing", {
      code: "bad-time-step",
      argument: "dt",
      expected: `a positive dt of which the record spacing ${spacing} is a whole multiple`,
      got: `${step} (${source})`,
      mend: `Try --dt ${Number((spacing / 10).toPrecision(12))}.`,
    });
  // A dt that was named is used as it is: data made with 0.01 are rolled out with exactly 0.01.
  return { dt: step, stride, source };
}

function recordSpacing(set: TrajectorySet): number {
  const { times, records } = set;
  if (records < 2)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 2 records a trajectory",
      got: `${records}`,
      missing: 2 - records,
      addRecords: 2 - records,
    });
  const span = times[records - 1] - times[0];
  const spacing = span / (records - 1);
  for (let k = 1; k < records; k++) {
    const step = times[k] - times[k - 1];
    if (!(Math.abs(step - spacing) <= 1e-6 * spacing))
      throw new MclnnError("records are not equally spaced in time", {
        code: "uneven-times",
        argument: "times",
        expected: `steps of ${spacing}`,
        got: `a step of ${step} before record ${k}`,
        mend: "Resample the trajectories to equal intervals.",
      });
  }
  return spacing;
}
