import { amberNetcdf } from "./amber-netcdf.ts";
import type { Format } from "./format.ts";
import { h5md } from "./h5md.ts";
import { lammpsData } from "./lammps-data.ts";
import { lammpsDump } from "./lammps-dump.ts";
import { lammpsYaml } from "./lammps-yaml.ts";
import { npy, npz } from "./numpy.ts";
import { tracks } from "./tracks.ts";
import { xyz } from "./xyz.ts";

/** All that is read and written, in the order in which they are tried: tables last, since much looks like one. */
export const formats: readonly Format[] = [
  npz,
  npy,
  h5md,
  amberNetcdf,
  lammpsDump,
  lammpsYaml,
  lammpsData,
  xyz,
  tracks,
];
