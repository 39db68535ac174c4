import { performance } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";
import type { TrajectorySet } from "@mclnn/datasets";
import { type Integrator, rolloutIterator } from "@mclnn/integrators";
import type { ParticleSystem, Provenance, State } from "@mclnn/physics";
import { blame, particlesOf, type Recorded, recorderFor } from "@mclnn/studies";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import { endedAt } from "../../inputs/ended.ts";
import { checkWhereItWent } from "../../inputs/guarded-potential.ts";
import { checkFitsModel, directPotential, readModel } from "../../inputs/model.ts";
import { type NamedSystem, resolveParticles, resolveSystem } from "../../inputs/system.ts";
import { conflictingOptions } from "../../options/errors.ts";
import { given } from "../../options/given.ts";
import { exactlyOne } from "../../options/required.ts";
import { checkNpzSize } from "../../outputs/npz-size.ts";
import { claimTrajectories } from "../../outputs/trajectory-output.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import { softwareVersions } from "../../process/software.ts";
import type { Session } from "../../session/session.ts";
import { listenForInterrupt } from "../../terminal/interruption.ts";
import { balanceOf, balanceTable } from "./balance.ts";
import { conserved, conservedTable, energyMade, inBox } from "./conserved.ts";
import type { SimulateOptions } from "./declare.ts";
import { chosenSteps } from "./steps.ts";
import { unseenAlong } from "./unseen.ts";

/** The event loop gets a turn after this many milliseconds, so that Ctrl-C is heard. */
const TURN = 50;

/** Rolls out a law from a start, and says what the run conserved. */
export async function simulate(options: SimulateOptions, { terminal }: Session): Promise<ExitCode> {
  const { model, system: systemName, potential, records, stride } = options;
  exactlyOne({ "--model": model, "--system": systemName, "--potential": potential });
  const out = await claimTrajectories(options.out, { force: options.force });
  const named = await resolveLaw(options, (text) => terminal.remark(text));
  const { dt, integrator, remark } = chosenSteps(options, named.model);
  if (remark !== null) terminal.remark(remark);
  const { system, start, own } = named;
  if (own?.remark !== undefined) terminal.remark(own.remark);
  const { dimension, masses } = system;
  checkNpzSize({ trajectories: 1, records, particles: masses.length, dimension }, "--records");

  const task = terminal.progress.start(`simulating ${named.name}`);
  const interruption = listenForInterrupt(() =>
    terminal.warn("Stopping; the records so far are kept. Ctrl-C again leaves at once."),
  );
  let run: Run;
  try {
    run = await record(system, start, { dt, stride, records, integrator }, (done) => {
      task.update({ fraction: done / records, detail: `record ${formatCount(done)}` });
      return interruption.happened;
    });
    if (own !== undefined)
      for (const text of checkWhereItWent(own.pair, run.positions, run)) terminal.remark(text);
  } catch (error) {
    task.fail("the run could not go on");
    interruption.stop();
    throw blame(error);
  }
  task.finish(`${formatCount(run.records)} records`);
  const unseen = named.model === undefined ? null : unseenAlong(named.model, run, system);
  if (typeof unseen?.remark === "string") terminal.remark(unseen.remark);

  const kept = conserved(system, run);
  const { motion } = integrator;
  const lost = motion === undefined ? energyMade(system, run) : null;
  const noise = motion === undefined ? {} : { motion, seed: options.seed };
  await out.write(savedRun(named, run, integrator, { dt, stride, ...noise }), terminal);
  interruption.stop();

  const box = inBox(system);
  if (motion === undefined)
    terminal.print(conservedTable(kept, terminal.colours, system.potential, { box }));
  const brought = box || motion !== undefined ? null : balanceOf(named.model, system, run);
  if (brought !== null) terminal.print(balanceTable(brought, terminal.colours));
  const steps = (run.records - 1) * stride;
  const secondsPerStep = steps > 0 ? run.seconds / steps : null;
  const speed =
    secondsPerStep === null ? "" : `, ${formatNumber(secondsPerStep * 1e6)} microseconds a step`;
  terminal.print(` ${formatCount(run.records)} records${speed}: ${out.path}`);
  terminal.printJson({
    run: out.path,
    records: run.records,
    secondsPerStep,
    ...kept,
    balance: brought,
    diverged: lost !== null,
    unseenSeparations: unseen?.share ?? null,
    integrator: integrator.name,
    dt,
    stride,
    direct: options.direct === true,
    interrupted: interruption.happened && run.records < records,
  });
  if (lost !== null) {
    terminal.warn(lost);
    return FAILED;
  }
  if (!interruption.happened || run.records === records) return DONE;
  terminal.warn(`Interrupted; ${formatCount(run.records)} records are in ${out.path}.`);
  return interruption.exitCode;
}

/** A run as the file that is written. */
function savedRun(
  { system, provenance }: NamedSystem,
  { seconds: _, velocities, ...run }: Run,
  { name, parameters, motion }: Integrator,
  steps: { readonly dt: number; readonly stride: number },
): TrajectorySet {
  const { masses, charges, species } = system;
  return {
    ...run,
    // What has no inertia has no velocities.
    ...(motion === "overdamped" ? {} : { velocities }),
    trajectories: 1,
    masses,
    ...given({ charges, species }),
    ...boxOf(system),
    provenance: {
      command: "simulate",
      ...provenance,
      potential: system.potential.name,
      integrator: name,
      ...given({ integratorParameters: parameters }),
      ...steps,
      software: softwareVersions(),
    },
  };
}

/** The box of a system, as files keep it. */
function boxOf({ space }: ParticleSystem): Pick<TrajectorySet, "box" | "origin" | "periodic"> {
  if (space?.periodic.some(Boolean) !== true) return {};
  const { rows, origin, periodic } = space;
  return { box: rows, origin, periodic: Uint8Array.from(periodic, Number) };
}

/** The law and the start that the options name. @throws MclnnError of kind `input` */
async function resolveLaw(
  { model: path, system, potential, initial, start, cutoff, direct = false }: SimulateOptions,
  remark: (text: string) => void,
): Promise<NamedSystem> {
  if (path === undefined && direct)
    throw conflictingOptions("--direct", "--model with it", "a law that has no table", {
      what: "--direct is for --model only",
    });
  if (path === undefined)
    return resolveSystem({ system, potential, initial, start, remark, cutoff }, "train");
  const model = await readModel(path);
  const particles = await resolveParticles({ initial, start, remark }, "train");
  checkFitsModel(path, model, particles);
  return {
    name: model.kind,
    model,
    system: particlesOf(
      particles,
      endedAt(direct ? directPotential(path, model) : model.potential, cutoff),
    ),
    start: particles.start,
    provenance: {
      model: path,
      modelKind: model.kind,
      ...(direct ? { direct } : {}),
      ...startProvenance(initial, start),
    },
  };
}

function startProvenance(initial: string | undefined, start: string | undefined): Provenance {
  return initial === undefined ? { start: start as string } : { initial };
}

interface Run extends Recorded {
  readonly records: number;
  /** Spent on steps. */
  readonly seconds: number;
}

/** Rolls out, with a turn for the event loop now and then. @param look - told the records so far; true stops the run */
async function record(
  system: ParticleSystem,
  start: State,
  options: { dt: number; stride: number; records: number; integrator: Integrator },
  look: (done: number) => boolean,
): Promise<Run> {
  const { records } = options;
  const recorder = recorderFor(system, records);
  let spent = 0;
  let resumed = performance.now();
  for (const state of rolloutIterator(system, start, options)) {
    recorder.add(state);
    const now = performance.now();
    if (now - resumed < TURN) continue;
    spent += now - resumed;
    await turn();
    if (look(recorder.count)) break;
    resumed = performance.now();
  }
  spent += performance.now() - resumed;
  return { ...recorder.recorded(), records: recorder.count, seconds: spent / 1000 };
}
