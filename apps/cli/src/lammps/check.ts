import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@mclnn/datasets";
import { MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
import { exact } from "../laws-out/everywhere.ts";
import type { DataFile } from "./data-file.ts";
import { FILES, type LammpsRun, setUp } from "./input-script.ts";

/** How LAMMPS' forces agree with ours. */
export interface Agreement {
  readonly configurations: number;
  /** Root mean square difference over the root mean square force. */
  readonly forces: number;
  /** Largest difference of the energy, a particle. */
  readonly energy: number;
}

const PROGRAMS = ["lmp", "lmp_mpi", "lmp_serial", "lammps"];
const CONFIGURATIONS = 1000;
/** Forces that are compared, at most, and configurations at least. */
const MOST = 600_000;
const LEAST = 3;
/** How far particles are moved, over the cutoff. */
const MOVED = 0.01;

/** LAMMPS on this machine; null where there is none. */
export const lammpsProgram = (): string | null =>
  PROGRAMS.find((name) => spawnSync(name, ["-h"], { stdio: "ignore" }).status === 0) ?? null;

/**
 * Compares LAMMPS' forces and energies in the exported files with ours, in configurations about the state.
 *
 * @param energyUnit - of LAMMPS over ours
 * @throws MclnnError `check-failed` where LAMMPS does not run
 */
export function compareForces(
  program: string,
  files: ReadonlyMap<string, string>,
  {
    system,
    state,
    data,
    run,
  }: { system: ParticleSystem; state: State; data: DataFile; run: LammpsRun },
  energyUnit: number,
): Agreement {
  const n = system.masses.length;
  const configurations = Math.max(LEAST, Math.min(CONFIGURATIONS, Math.floor(MOST / n)));
  const folder = mkdtempSync(join(tmpdir(), "mclnn-lammps-"));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const places = movedPlaces(state, { configurations, run });
    writeFileSync(join(folder, "check.dump"), dumpOf(system, places));
    writeFileSync(join(folder, FILES.check), checkScript(data, run));
    const ended = spawnSync(program, ["-in", FILES.check, "-log", "none"], {
      ...{ cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
      env: { ...process.env, OMP_NUM_THREADS: "1" },
    });
    if (ended.status !== 0) throw notRun(program, `${ended.stdout}\n${ended.stderr}`);
    return agreementOf(system, places, folder, energyUnit);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The state's places, moved a little, once a configuration. */
function movedPlaces(
  { positions }: State,
  { configurations, run }: { configurations: number; run: LammpsRun },
): Float64Array[] {
  const random = createRandom(100);
  const far = MOVED * Math.max(...run.laws.map(({ to }) => to));
  return Array.from({ length: configurations }, () =>
    positions.map((x) => x + far * (2 * random.uniform() - 1)),
  );
}

function dumpOf({ masses, dimension }: ParticleSystem, places: readonly Float64Array[]): string {
  return places
    .map((x, step) => {
      const rows = Array.from(masses, (_, i) => {
        const at = [0, 1, 2].map((c) => (c < dimension ? (x[i * dimension + c] as number) : 0));
        return `${i + 1} ${at.map(exact).join(" ")}`;
      });
      const head = `ITEM: TIMESTEP\n${step}\nITEM: NUMBER OF ATOMS\n${masses.length}\n`;
      const box = "ITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n";
      return `${head}${box}ITEM: ATOMS id xu yu zu\n${rows.join("\n")}\n`;
    })
    .join("");
}

const checkScript = (data: DataFile, run: LammpsRun): string =>
  [
    ...setUp(data, run),
    "thermo_style custom step pe",
    "thermo_modify norm no format float %.17g",
    "thermo 1",
    "dump forces all custom 1 check.forces id fx fy fz",
    "dump_modify forces sort id format float %.17g",
    "variable energy equal pe",
    'fix told all print 1 "$(step) $(pe:%.17g)" file check.energies screen no',
    "rerun check.dump dump x y z box no scaled no wrapped no",
    "",
  ].join("\n");

function agreementOf(
  system: ParticleSystem,
  places: readonly Float64Array[],
  folder: string,
  energyUnit: number,
): Agreement {
  const { masses, dimension, potential } = system;
  const n = masses.length;
  const frames = readFileSync(join(folder, "check.forces"), "utf8")
    .split("ITEM: TIMESTEP\n")
    .slice(1);
  const energies = new Map(
    readFileSync(join(folder, "check.energies"), "utf8")
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(" ").map(Number) as [number, number]),
  );
  let differences = 0;
  let squares = 0;
  let energy = 0;
  for (const [step, x] of places.entries()) {
    const own = new Float64Array(n * dimension);
    potential.addForces(system, x, own);
    const lines = (frames[step] ?? "").split("\n").slice(-n - 1, -1);
    for (let i = 0; i < n; i++) {
      const row = (lines[i] ?? "").split(" ").map(Number);
      for (let c = 0; c < dimension; c++) {
        const f = energyUnit * (own[i * dimension + c] as number);
        const d = (row[1 + c] as number) - f;
        differences += d * d;
        squares += f * f;
      }
    }
    const v = energyUnit * (potential.energy?.(system, x) ?? Number.NaN);
    energy = Math.max(energy, Math.abs((energies.get(step) ?? Number.NaN) - v) / n);
  }
  return { configurations: places.length, forces: Math.sqrt(differences / squares), energy };
}

function notRun(program: string, said: string): MclnnError {
  const error = /ERROR[^\n]*/.exec(said)?.[0] ?? said.trim().slice(-300);
  return new MclnnError(`${program} does not run what was exported`, {
    code: "check-failed",
    argument: "--check",
    expected: "forces of LAMMPS",
    got: error,
    kind: "failure",
  });
}
