import { suggestTimeStep } from "@mclnn/datasets";
import { rolloutIterator } from "@mclnn/integrators";
import { hamiltonian, kineticEnergy, type ParticleSystem, type State } from "@mclnn/physics";
import { formatCount, formatNumber } from "../data/number-text.ts";
import { blame } from "../measure/blame.ts";
import { separationRange } from "../measure/separation-range.ts";

/** What a comparison is to take; a step that is not given is chosen. */
export interface AskedTimes {
  readonly dt?: number | undefined;
  readonly stride: number;
  readonly records: number;
  readonly trajectories: number;
  readonly rolloutRecords: number;
}

/** A system's own time step, and in words why, how long the runs then are and where they go. */
export interface OwnTimes {
  readonly dt: number;
  /** Nearest and farthest separations of a trial run. */
  readonly range: readonly [number, number];
  readonly remarks: readonly string[];
}

/** Largest error of the energy, as a share of the largest kinetic energy, that a step is kept with. */
const ENERGY_ERROR = 1e-3;
/** Halvings before a step is used as it is. */
const HALVINGS = 4;
/** A trial run is as long as the training run, or as long as this many pair forces take. */
const TRIAL_FORCES = 3e6;
/** Particles this much farther apart than at the start have flown apart. */
const FLOWN = 5;

/**
 * Time step and durations of a system of the user's own, from its own time scale: a step that resolves the fastest motion and keeps the energy
 * on a trial run. Numbers of steps and records being given, every duration follows.
 *
 * @throws MclnnError `bad-potential` where the trial run leaves the potential's range
 */
export function ownTimes(system: ParticleSystem, start: State, asked: AskedTimes): OwnTimes {
  const suggestion = suggestTimeStep(system, start);
  let dt = asked.dt ?? suggestion.dt;
  let trial = trialRun(system, start, dt, asked);
  for (
    let k = 0;
    k < HALVINGS && asked.dt === undefined && !(trial.energyError <= ENERGY_ERROR);
    k++
  ) {
    dt = Number((dt / 2).toPrecision(3));
    trial = trialRun(system, start, dt, asked);
  }
  const { records, trajectories, stride, rolloutRecords } = asked;
  const spacing = stride * dt;
  const training = trajectories * records * spacing;
  const rollout = (rolloutRecords - 1) * spacing;
  const inScales = (time: number): string =>
    Number.isFinite(suggestion.timeScale)
      ? `${formatNumber(time, 3)} time units, ${formatCount(Math.round(time / suggestion.timeScale))} times that`
      : `${formatNumber(time, 3)} time units`;
  const kept = `energy then holds to ${formatNumber(trial.energyError, 1)} of the kinetic energy`;
  const remarks = [
    asked.dt === undefined
      ? `Time step ${dt}: ${suggestion.reason}; ${kept} (--dt chooses another).`
      : `Time step ${dt}, as given: ${suggestion.reason}; ${kept}.`,
    `Training data: ${trajectories} x ${records} records, ${formatNumber(spacing, 3)} apart, of one run over ${inScales(training)}. Rollouts: ${formatCount(rolloutRecords)} records, ${inScales(rollout)}.`,
    `Separations that occur${trial.whole ? "" : ` in the first ${formatNumber(trial.time, 3)} time units`}: ${formatNumber(trial.nearest, 3)} to ${formatNumber(trial.farthest, 3)}.`,
  ];
  if (trial.energyError > ENERGY_ERROR)
    remarks.push(
      `Energy is not kept to ${ENERGY_ERROR} even so: close encounters need a smaller --dt.`,
    );
  if (trial.flown)
    remarks.push(
      "The bodies fly apart: most of the data will be of separations where nothing happens. A smaller --trajectories keeps to the time when they are together.",
    );
  return { dt, range: [trial.nearest, trial.farthest], remarks };
}

interface TrialRun {
  /** Largest |H - H(0)| over the largest kinetic energy; infinite where the run diverged. */
  readonly energyError: number;
  readonly nearest: number;
  readonly farthest: number;
  readonly time: number;
  /** Whether it was as long as the training run. */
  readonly whole: boolean;
  /** Whether at its end the particles are far beyond where they started, and farther than ever. */
  readonly flown: boolean;
}

function trialRun(
  system: ParticleSystem,
  start: State,
  dt: number,
  { stride, records, trajectories }: AskedTimes,
): TrialRun {
  const particles = system.masses.length;
  const { dimension } = system;
  const pairs = (particles * (particles - 1)) / 2;
  const wanted = trajectories * records;
  const affordable = Math.floor(TRIAL_FORCES / (pairs * stride));
  const length = Math.max(2, Math.min(wanted, affordable));
  const energy = hamiltonian(system, start);
  const [, atStart] = separationRange(start.positions, { particles, dimension });
  let [nearest, farthest, last] = [Number.POSITIVE_INFINITY, 0, 0];
  let [error, kinetic] = [0, 0];
  let diverged = false;
  try {
    for (const state of rolloutIterator(system, start, { dt, stride, records: length })) {
      const range = separationRange(state.positions, { particles, dimension });
      nearest = Math.min(nearest, range[0]);
      farthest = Math.max(farthest, range[1]);
      last = range[1];
      error = Math.max(error, Math.abs(hamiltonian(system, state) - energy));
      kinetic = Math.max(kinetic, kineticEnergy(system, state.velocities));
    }
  } catch (caught) {
    const blamed = blame(caught);
    if (blamed !== caught || (caught as { code?: unknown }).code !== "diverged") throw blamed;
    diverged = true;
  }
  return {
    energyError: diverged ? Number.POSITIVE_INFINITY : kinetic === 0 ? 0 : error / kinetic,
    nearest,
    farthest,
    time: (length - 1) * stride * dt,
    whole: length === wanted,
    flown: last === farthest && farthest > FLOWN * atStart,
  };
}
