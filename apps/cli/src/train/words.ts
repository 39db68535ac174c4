import type { TrainResult } from "@mclnn/learning";

/** Where training went back because something was not finite, in words. */
export function retreats({ retreats: all }: TrainResult): string[] {
  return all.map(
    ({ iteration, reason, to, softer }) =>
      `Iteration ${iteration} met ${reason}: back to iteration ${to}, ${softer}.`,
  );
}

/** Whether findings say nothing against a pair law. */
export const explained = (findings: TrainResult["findings"]): boolean =>
  findings.every(({ kind }) => kind === "long-trajectories");

/** Whether the target was reached, in words. */
export function targetText(
  { reachedTarget, trainLoss, findings }: TrainResult,
  target: number,
): string {
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
export function choices({ dt, dtSource, integrator, substeps, findings }: TrainResult): string[] {
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
        `Time step ${dt}, a tenth of the record spacing: the data do not say what they were made with (--dt does).`,
      ];
  }
}
