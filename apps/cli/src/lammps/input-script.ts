import { sectionName } from "../laws-out/lammps-table.ts";
import type { AtomType, DataFile } from "./data-file.ts";

/** A law's section and where it ends. */
export interface TabledLaw {
  readonly species: readonly [number, number] | undefined;
  readonly to: number;
}

/** What LAMMPS is told of a run. */
export interface LammpsRun {
  readonly units: string;
  readonly dimension: 2 | 3;
  readonly dt: number;
  readonly steps: number;
  readonly points: number;
  readonly laws: readonly TabledLaw[];
}

/** Files of the folder, by what they are. */
export const FILES = {
  input: "in.lammps",
  data: "state.data",
  table: "law.table",
  dump: "run.lammpstrj",
  slurm: "run.slurm",
  check: "in.check",
} as const;

/** Share of the cutoff that neighbours are listed beyond it. */
const SKIN = 0.12;
/** Records of a run, about. */
const RECORDS = 100;

/** Lines up to the law: what a run and a check have in common. */
export function setUp(
  { boundary, types }: Pick<DataFile, "boundary" | "types">,
  { units, dimension, points, laws }: LammpsRun,
): string[] {
  const cutoff = Math.max(...laws.map(({ to }) => to));
  return [
    `units ${units}`,
    ...(dimension === 2 ? ["dimension 2"] : []),
    "atom_style atomic",
    `boundary ${boundary}`,
    `read_data ${FILES.data}`,
    `pair_style table spline ${points}`,
    ...pairLines(types, laws),
    `neighbor ${Number((SKIN * cutoff).toPrecision(3))} bin`,
    "neigh_modify every 1 delay 0 check yes",
  ];
}

/** The script of a run at constant energy. */
export function inputScript(data: DataFile, run: LammpsRun): string {
  const every = Math.max(1, Math.round(run.steps / RECORDS));
  return [
    "# Made by mclnn export lammps. Run it with: lmp -in in.lammps",
    "# or on several cores: mpirun -np 4 lmp -in in.lammps",
    ...setUp(data, run),
    `timestep ${run.dt}`,
    "fix motion all nve",
    ...(run.dimension === 2 ? ["fix plane all enforce2d"] : []),
    "thermo_style custom step time temp pe ke etotal press",
    "thermo_modify norm no format float %.15g",
    `thermo ${every}`,
    `dump run all custom ${every} ${FILES.dump} id type x y z ix iy iz vx vy vz`,
    "dump_modify run sort id time yes units yes format float %.17g",
    `run ${run.steps}`,
    "",
  ].join("\n");
}

/** A line for each pair of types. */
function pairLines(types: readonly AtomType[], laws: readonly TabledLaw[]): string[] {
  return types.flatMap((a, i) =>
    types.slice(i).map((b, k) => {
      const [low, high] = [Math.min(a.species, b.species), Math.max(a.species, b.species)];
      const law =
        laws.find(({ species }) => species?.[0] === low && species[1] === high) ?? laws[0];
      return `pair_coeff ${i + 1} ${i + k + 1} ${FILES.table} ${sectionName(law as TabledLaw)} ${law?.to}`;
    }),
  );
}

/** The same as a job of Slurm. */
export const slurmScript = (): string =>
  [
    "#!/bin/sh",
    "#SBATCH --job-name=mclnn",
    "#SBATCH --ntasks=16",
    "#SBATCH --time=01:00:00",
    "srun lmp -in in.lammps",
    "",
  ].join("\n");
