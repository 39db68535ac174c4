import { ase } from "./ase.ts";
import { csvColumns } from "./csv-columns.ts";
import type { LawFormat } from "./format.ts";
import { gromacsTable } from "./gromacs-table.ts";
import { json } from "./json.ts";
import { lammpsTable } from "./lammps-table.ts";
import { latex } from "./latex.ts";
import { npz } from "./npz.ts";
import { openmm } from "./openmm.ts";
import { picture } from "./picture.ts";

/** What a law is written to. */
export const LAW_FORMATS: readonly LawFormat[] = [
  csvColumns,
  json,
  npz,
  picture,
  latex,
  lammpsTable,
  gromacsTable,
  ase,
  openmm,
];
