import { createHash } from "node:crypto";
import { experiments } from "@mclnn/datasets";
import type { PairPotential } from "@mclnn/physics";
import type { SystemPlan } from "@mclnn/studies";
import { ownTimes } from "@mclnn/studies";
import { checkBetween } from "../../inputs/guarded-potential.ts";
import { oneLaw, resolvePotential } from "../../inputs/potential.ts";
import { builtInSystem, resolveSystem } from "../../inputs/system.ts";
import { badOption, conflictingOptions, missingOption } from "../../options/errors.ts";
import type { CompareOptions } from "./declare.ts";

/** Loss to which `compare` trains pair laws unless told otherwise. */
const DEEP_LOSS = 1e-12;
/** Accelerations that judge the baseline: this share of those it learns from. */
const BASELINE_VALIDATION_SHARE = 0.2;

/**
 * What to compare: built-in systems, or one of the user's own.
 *
 * @param remark - told what was chosen for the user
 * @throws MclnnError of kind `input`
 */
export async function makePlans(
  options: CompareOptions,
  remark: (text: string) => void,
): Promise<SystemPlan[]> {
  const { seed, hidden, trajectories, validationTrajectories, records } = options;
  const { rolloutRecords, lnnPoints, stride, until = DEEP_LOSS } = options;
  const common = {
    seed,
    until,
    hidden,
    trajectories,
    validationTrajectories,
    records,
    stride,
    rolloutRecords,
    baselinePoints: lnnPoints,
    baselineValidationPoints: Math.ceil(BASELINE_VALIDATION_SHARE * lnnPoints),
    baselineEpochs: options.lnnEpochs ?? null,
  };
  const { potential, initial, systems } = options;
  if (potential === undefined) {
    if (initial !== undefined)
      throw missingOption(
        "--potential",
        "P, the law that the state moves by",
        "--initial alone",
        "--initial needs --potential",
      );
    return systemNames(systems).map((name) => {
      const { title, dt } = builtInSystem(name, "--systems");
      return { ...common, name, title, dt: options.dt ?? dt, source: { kind: "experiment", name } };
    });
  }
  if (systems !== undefined)
    throw conflictingOptions("--potential", "one of --systems and --potential");
  if (initial === undefined)
    throw missingOption("--initial", "FILE, a state with masses, positions and velocities");
  // Refused before anything is made.
  oneLaw(await resolvePotential(potential));
  const { system, start, own } = await resolveSystem({ potential, initial, remark }, "train");
  const { pair, kind, spec, remark: told } = own as NonNullable<typeof own>;
  if (told !== undefined) remark(told);
  const { dt, range, remarks } = ownTimes(system, start, {
    ...options,
    trajectories: trajectories + validationTrajectories,
  });
  // One law: what has laws by species was refused above.
  for (const text of [...remarks, ...checkBetween(pair as PairPotential, range)]) remark(text);
  return [
    {
      ...common,
      name: kind === "formula" ? "own" : slug(pair.name),
      title: pair.name,
      dt,
      source: {
        kind: "own",
        potential: spec,
        masses: system.masses,
        dimension: system.dimension,
        charges: system.charges ?? null,
        time: start.time,
        positions: start.positions,
        velocities: start.velocities,
      },
    },
  ];
}

/** Name of the folder that a comparison goes to: none is put in another's place but one of the same laws. */
export function subjectOf(plans: readonly SystemPlan[]): string {
  const names = plans.map(({ name }) => name);
  const [source] = plans.map((plan) => plan.source);
  if (source?.kind !== "own")
    return experiments.every(({ name }) => names.includes(name)) ? "paper" : names.join("-");
  const { potential } = source;
  const [name] = names;
  if (potential === name) return potential;
  // Two formulas, or two modules of one name, may differ in what a file name leaves out.
  const mark = createHash("sha256").update(potential).digest("hex").slice(0, 6);
  return `${name === "own" ? slug(potential) : name}-${mark}`;
}

function systemNames(list: string | undefined): string[] {
  if (list === undefined) return experiments.map(({ name }) => name);
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0)
    throw badOption(
      "--systems",
      `names from ${experiments.map(({ name }) => name).join(", ")}, commas between`,
      JSON.stringify(list),
      { what: "--systems names nothing" },
    );
  return [...new Set(names)];
}

/** A name that can be part of a file name. */
function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return plain === "" ? "own" : plain;
}
