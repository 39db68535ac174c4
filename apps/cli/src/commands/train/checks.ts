import { MclnnError } from "@mclnn/physics";
import { conflictingOptions } from "../../options/errors.ts";
import { refuseUnread } from "../../options/unread.ts";

/** Refuses what `--seeds` makes no sense with. @throws MclnnError `conflicting-options` */
export function refuseBesideSeeds(isGiven: (name: string) => boolean): void {
  const beside = ["seed", "checkpoint", "resume"].find(isGiven);
  if (beside !== undefined) throw conflictingOptions("--seeds", `one of --seeds and --${beside}`);
}

/** Refuses what several sets cannot be learned from with. @throws MclnnError `conflicting-options` */
export function refuseBesideSets(isGiven: (name: string) => boolean): void {
  const beside = ["seeds", "checkpoint", "resume", "network"].find(isGiven);
  if (beside !== undefined)
    throw conflictingOptions("--data", `one --data beside --${beside}`, "several");
}

/** Refuses what the model or the optimiser that was chosen has no use for. @throws MclnnError `conflicting-options` */
export function refuseUnreadByModel({
  model,
  optimizer,
  hidden,
  learningRate,
  fitMasses,
  fitCharges,
  coupling,
}: {
  readonly model: "mclnn" | "spline" | "lnn";
  readonly optimizer: string;
  readonly hidden?: readonly number[];
  readonly learningRate?: number;
  readonly fitMasses?: boolean;
  readonly fitCharges?: boolean;
  readonly coupling?: string;
}): void {
  if (model === "spline")
    refuseUnread({ "--hidden": hidden }, "--model spline", "A spline law has no hidden layers.");
  if (model === "lnn")
    refuseUnread(
      {
        "--fit-masses": fitMasses,
        "--fit-charges": fitCharges,
        "--coupling": coupling === "none" ? undefined : coupling,
      },
      "--model lnn",
      "The models mclnn and spline can.",
    );
  if (optimizer !== "adam")
    refuseUnread(
      { "--learning-rate": learningRate },
      `--optimizer ${optimizer}`,
      "It is for --optimizer adam.",
    );
}

/** Whether each pair of species gets a law of its own. @throws MclnnError `missing-species`, `conflicting-options` */
export function separatesSpecies(
  {
    species,
    model,
  }: { readonly species: "auto" | "separate" | "together"; readonly model: string },
  kinds: Int32Array | undefined,
): boolean {
  const several = new Set(kinds ?? []).size > 1;
  if (species === "separate" && (kinds === undefined || model === "lnn"))
    throw new MclnnError("there are no laws by species here", {
      code: model === "lnn" ? "conflicting-options" : "missing-species",
      argument: "--species",
      expected: "data with a species array, and a pair law",
      got: model === "lnn" ? "the baseline, which has no pair laws" : "data without species",
    });
  return species === "separate" || (species === "auto" && several && model !== "lnn");
}
