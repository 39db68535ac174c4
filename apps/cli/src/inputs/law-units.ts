import type { FormulaConstant } from "@mclnn/learning";
import type { TrainingRecord } from "@mclnn/models";
import type { Provenance } from "@mclnn/physics";
import { badOption } from "../options/errors.ts";

/**
 * Energies of LAMMPS per mass x length^2 / time^2 of its units: what a law of positions, times and masses is multiplied by.
 * The numbers are LAMMPS' own `mvv2e`.
 */
const LAMMPS: Readonly<Record<string, number>> = {
  ...{ lj: 1, si: 1, cgs: 1, micro: 1, nano: 1 },
  metal: 1.0364269e-4,
  real: 48.88821291 * 48.88821291,
};

/** Energies and lengths of other programs per unit of the law. */
interface Scale {
  readonly energy: number;
  readonly length: number;
}

/** Electronvolt and angstrom. */
const ASE: Readonly<Record<string, Scale>> = {
  lj: { energy: 1, length: 1 },
  metal: { energy: 1.0364269574711572e-4, length: 1 },
  real: { energy: 103.64269574711572, length: 1 },
};

/** Kilojoule a mole and nanometre. */
const NANOMETRES: Readonly<Record<string, Scale>> = {
  lj: { energy: 1, length: 1 },
  metal: { energy: 0.01, length: 0.1 },
  real: { energy: 1e4, length: 0.1 },
};

/** What a law without --units is written in: its own. */
const among =
  <T>(known: Readonly<Record<string, T>>) =>
  (units = "lj"): T => {
    if (!Object.hasOwn(known, units))
      throw badOption("--units", `one of ${Object.keys(known).join(", ")}`, units);
    return known[units] as T;
  };

export const lammpsEnergy = among(LAMMPS);
export const aseScale = among(ASE);
export const nanometreScale = among(NANOMETRES);

/** Length, time and mass of units, in LAMMPS' words. Reduced ones (lj) have no names. */
const NAMES: Readonly<Record<string, readonly [length: string, time: string, mass: string]>> = {
  metal: ["angstrom", "ps", "g/mol"],
  real: ["angstrom", "fs", "g/mol"],
  si: ["m", "s", "kg"],
  cgs: ["cm", "s", "g"],
  micro: ["um", "us", "pg"],
  nano: ["nm", "ns", "ag"],
};

/** Names of what the numbers of a law are measured in. */
export interface UnitNames {
  readonly length: string;
  /** Undefined where times and masses have no names. */
  readonly time?: string | undefined;
  readonly mass?: string | undefined;
}

/** The units of what a law was learned from, in LAMMPS' words; undefined where it does not say. */
export function unitsOf({ data }: TrainingRecord): string | undefined {
  const { units } = provenanceOf(data);
  return typeof units === "string" && Object.hasOwn(LAMMPS, units) ? units : undefined;
}

/** What a law is measured in; undefined where its data have no units. @param units - in LAMMPS' words */
export function unitNamesOf(
  { data }: TrainingRecord,
  units: string | undefined,
): UnitNames | undefined {
  const { lengthUnit } = provenanceOf(data);
  const [length, time, mass] = NAMES[units ?? ""] ?? [];
  if (length === undefined)
    return typeof lengthUnit === "string" ? { length: lengthUnit } : undefined;
  return { length, time, mass };
}

/** What a power of a length times one of an energy, mass x length^2 / time^2, is measured in; undefined where it has no unit or no name. */
export function unitOf(
  { length, time, mass }: UnitNames,
  power: { readonly length: number; readonly energy: number },
): string | undefined {
  const { energy } = power;
  const raised = (name: string, to: number): string =>
    to === 0 ? "" : to === 1 ? name : `${name}^${to}`;
  const lengths = raised(length, power.length + 2 * energy);
  if (energy === 0) return lengths === "" ? undefined : lengths;
  if (time === undefined || mass === undefined) return undefined;
  return `${[raised(mass, energy), lengths].filter((each) => each !== "").join(" ")}/${raised(time, 2 * energy)}`;
}

/** The unit of a constant of a law's formula; empty where it has none. */
export function constantUnit(
  record: TrainingRecord | undefined,
  units: string | undefined,
): (constant: Pick<FormulaConstant, "dimension">) => string {
  const names = record && unitNamesOf(record, units);
  return ({ dimension }) => (names && dimension && unitOf(names, dimension)) ?? "";
}

const provenanceOf = (data: TrainingRecord[string] | undefined): Provenance =>
  typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Provenance) : {};
