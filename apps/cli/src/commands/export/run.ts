import { MclnnError, type ParticleSystem, pairwise, pairwiseBySpecies } from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";
import { particlesOf } from "@mclnn/studies";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import { endedAt } from "../../inputs/ended.ts";
import { lammpsEnergy, unitsOf } from "../../inputs/law-units.ts";
import { readModel, withPairLaw } from "../../inputs/model.ts";
import type { NamedStart } from "../../inputs/start.ts";
import { resolveParticles } from "../../inputs/system.ts";
import { type Agreement, compareForces, lammpsProgram } from "../../lammps/check.ts";
import { dataFile } from "../../lammps/data-file.ts";
import { FILES, inputScript, type LammpsRun, slurmScript } from "../../lammps/input-script.ts";
import { endsOf, lawsEverywhere } from "../../laws-out/everywhere.ts";
import type { ShownLaw } from "../../laws-out/format.ts";
import { lammpsTableText, POINTS } from "../../laws-out/lammps-table.ts";
import { choice } from "../../options/choice.ts";
import { required } from "../../options/required.ts";
import { claimFolder } from "../../outputs/output-folder.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import type { ExportOptions } from "./declare.ts";

/** Relative forces and energies a particle that agree. */
const AGREES = { forces: 1e-6, energy: 1e-6 };

/** Writes a folder that LAMMPS runs as it is. */
export async function exportTo(
  program: string,
  options: ExportOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  choice("program", ["lammps"])(program);
  const path = required(options.model, "--model", "FILE, a model in safetensors");
  const initial = required(options.initial, "--initial", "FILE, a state or a record to start from");
  const steps = required(options.steps, "--steps", "N, steps of the run");
  const out = required(options.out, "--out", "FOLDER");
  const model = withPairLaw(path, await readModel(path));
  const particles = await resolveParticles(
    { initial, remark: (text) => terminal.remark(text) },
    "train",
  );
  const system = particlesOf(particles, endedAt(model.potential, options.cutoff));
  const units = options.units ?? unitsOf(model.record) ?? "lj";
  const laws: readonly ShownLaw[] =
    model.kind === "species"
      ? model.laws.map((law) => ({ ...law, modelKind: "species", terms: model.terms }))
      : [{ model, modelKind: model.kind, terms: model.terms }];
  const { cutoff: to } = options;
  const written = { laws, options: { units, ...(to !== undefined && { to }) } };
  const { dimension } = particles;
  const run: LammpsRun = {
    ...{ units, dimension, steps, dt: options.dt ?? model.record.dt, points: POINTS },
    laws: lawsEverywhere(written),
  };
  checkEnds(run, system.space?.reach);
  const data = dataFile(system, particles.start, units);
  const files = new Map([
    [FILES.input, inputScript(data, run)],
    [FILES.data, data.text],
    [FILES.table, lammpsTableText(written)],
    [FILES.slurm, slurmScript()],
  ]);
  const folder = await claimFolder(out, { command: "export", force: options.force });
  let agreement: Agreement | null = null;
  try {
    const lammps = options.check === true ? lammpsProgram() : null;
    if (lammps !== null)
      agreement = compareForces(
        lammps,
        files,
        { system: asWritten(particles, written), state: particles.start, data, run },
        lammpsEnergy(units),
      );
    else if (options.check === true)
      terminal.warn("Not checked: no LAMMPS (lmp) is installed here.");
    for (const [name, text] of files) await folder.write(name, text);
    await folder.publish();
  } finally {
    await folder.discard();
  }
  terminal.remark(endsOf(written));
  if (agreement !== null)
    terminal.print(
      ` LAMMPS' forces agree to ${formatNumber(agreement.forces)} (relative), energies to ${formatNumber(agreement.energy)} a particle, in ${formatCount(agreement.configurations)} configurations`,
    );
  terminal.print(
    ` ${out}/: lmp -in ${FILES.input}, mpirun -np 4 lmp -in ${FILES.input}, or sbatch ${FILES.slurm}`,
  );
  terminal.printJson({ out, units, files: [...files.keys()], steps, dt: run.dt, check: agreement });
  const agrees =
    agreement === null ||
    (agreement.forces <= AGREES.forces && agreement.energy <= AGREES.energy * lammpsEnergy(units));
  if (agrees) return DONE;
  terminal.warn("LAMMPS' forces are not ours: do not trust a run of this folder.");
  return FAILED;
}

/** The particles under the laws as they are written: continued below what was seen. */
function asWritten(
  particles: NamedStart,
  written: Parameters<typeof lawsEverywhere>[0],
): ParticleSystem {
  const laws = lawsEverywhere(written).map(({ law, to, species = [0, 0] as const }) => ({
    species,
    pair: withCutoff(law, { cutoff: to }),
  }));
  const [first] = laws;
  return particlesOf(
    particles,
    laws.length === 1 && first !== undefined ? pairwise(first.pair) : pairwiseBySpecies(laws),
  );
}

/** @throws MclnnError `bad-cutoff` for laws that end beyond half the box */
function checkEnds({ laws }: LammpsRun, reach = Number.POSITIVE_INFINITY): void {
  const farthest = Math.max(...laws.map(({ to }) => to));
  if (farthest <= reach) return;
  throw new MclnnError("the law is longer than half the box", {
    code: "bad-cutoff",
    argument: "--cutoff",
    expected: `at most ${reach}, half the least width of the box`,
    got: String(farthest),
  });
}
