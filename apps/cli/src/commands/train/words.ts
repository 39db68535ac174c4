import type { TrainResult } from "@mclnn/learning";
import { formatCount, formatNumber } from "@mclnn/studies/text";

/** Where training went back because something was not finite, in words. */
export function retreats({ retreats: all }: TrainResult): string[] {
  return all.map(
    ({ iteration, reason, to, softer }) =>
      `Iteration ${iteration} met ${reason}: back to iteration ${to}, ${softer}.`,
  );
}

/** Findings that say nothing against a pair law: how records were taken, where the law was learned without what is wrong with them. */
const HARMLESS = [
  "long-trajectories",
  "rounded",
  "repeated-records",
  "missing-records",
  "outliers",
  "sparse-records",
] as const;

/** Whether findings say nothing against a pair law. */
const explained = (findings: TrainResult["findings"]): boolean =>
  findings.every(({ kind }) => HARMLESS.some((each) => each === kind));

/** A network that is further off than this shows in a figure; nearer, it does what it is written for. */
const SEEN = 0.01;
/** A model that follows its records leaves the variance of their noise, once. */
const NOISES = 2;

/** How many times the noise variance a model leaves; null where no noise was estimated. */
function noisesLeft({ noise, bodyNoise = [], trainLoss }: TrainResult): number | null {
  if (noise === null) return null;
  const largest = Math.max(noise, ...bodyNoise);
  return trainLoss / (largest * largest);
}

/** Whether what is written leaves nothing but noise. */
export const leavesNoise = (result: TrainResult): boolean =>
  explained(result.findings) && (noisesLeft(result) ?? Number.POSITIVE_INFINITY) <= NOISES;

/** What is to be said of a network that does not follow the spline law that the data show; null where it does, within the law's own error. */
export function networkMisses(result: TrainResult): string | null {
  const { model, networkError, lawError } = result;
  if (networkError === null) return null;
  const noises = noisesLeft(result) ?? 0;
  // The error bars of a network's law have its distance to the spline in them.
  const within = lawError !== null && 2 * networkError * networkError <= lawError * lawError;
  if (noises <= NOISES && (networkError <= SEEN || within)) return null;
  const left = noises <= NOISES ? "" : `, and it leaves ${formatNumber(noises, 2)} times the noise`;
  return (
    `The network of ${formatCount(model.parameterCount)} parameters does not follow the law that the data show: its V' is ${formatNumber(100 * networkError, 2)} % off on average${left}. ` +
    "--model spline writes that law; wider --hidden, or another --seed, may follow it."
  );
}

/** Whether the target was reached, in words. */
export function targetText(result: TrainResult, target: number): string {
  const { reachedTarget, trainLoss, findings } = result;
  if (!reachedTarget) return "not reached";
  if (trainLoss <= target) return "reached";
  return explained(findings)
    ? "below the noise; the law is as good as the noise allows"
    : "below what no pair law found explains; see the findings";
}

/** How start states were taken, in words. */
export const START_STATES = {
  exact: "exact, as given",
  measured: "fitted; velocities are measurements",
  unknown: "fitted to the positions",
} as const;

/** What was chosen without being asked for, in words. */
export function choices(result: TrainResult): string[] {
  const { dt, dtSource, integrator, substeps, findings, model } = result;
  if (model.record?.optimizer === "differences")
    return ["The law is a spline, from differences of records: it was not rolled out."];
  if (result.motion !== undefined)
    return ["Noise drives these tracks: the law is a spline, by a filter (--motion overrides)."];
  switch (dtSource) {
    case "option":
      return [];
    case "provenance":
      return [`Time step ${dt}, ${integrator}, as the data's provenance says.`];
    case "measured":
      return [
        integrator === "velocity-verlet"
          ? `The data were made by velocity Verlet with ${substeps} ${substeps === 1 ? "step" : "steps"} a record, as its error in them shows (--integrator and --substeps override).`
          : `Rolled out by ${integrator} with ${substeps} ${substeps === 1 ? "step" : "steps"} a record${findings.some(({ kind }) => kind === "unresolved-motion") ? "" : ": half steps change nothing that the data could show"} (--integrator and --substeps override).`,
      ];
    default:
      return [
        `Time step ${Number(dt.toPrecision(12))}, a tenth of the record spacing: the data do not say what they were made with (--dt does).`,
      ];
  }
}
