import {
  conservation,
  errorSeries,
  lengths,
  observableSeries,
  summarise,
  validTime,
} from "@mclnn/metrics";
import type { ParticleSystem, Trajectory } from "@mclnn/physics";
import type { RolloutErrors } from "../data/results.ts";
import type { Observable, RunSeries } from "../data/series.ts";
import type { Run } from "./run.ts";

/** A position error above this no longer follows the truth: a tenth of the systems' unit of length (paper, notes). */
export const VALID_BOUND = 0.1;

/** What is measured of a model's run: numbers for the results, series for the figures. */
export interface RunMeasures {
  readonly errors: RolloutErrors;
  readonly series: RunSeries;
}

/** The same particles with an energy; forces that have none, such as drag, get one of 0, which nobody is shown. */
function withEnergy(system: ParticleSystem): ParticleSystem {
  const { potential } = system;
  return potential.energy === undefined
    ? { ...system, potential: { ...potential, energy: () => 0 } }
    : system;
}

/** Energies along a run, which are no numbers where the forces have none. */
const energies = ({ potential }: ParticleSystem, series: Float64Array): Float64Array =>
  potential.energy === undefined ? series.map(() => Number.NaN) : series;

/** The observables along a run, by the law of `system`, as figures draw them. */
export function observablesOf(
  system: ParticleSystem,
  trajectory: Trajectory,
): Readonly<Record<Observable, Float64Array>> {
  const series = observableSeries(withEnergy(system), trajectory);
  return {
    lagrangian: energies(system, series.lagrangian),
    hamiltonian: energies(system, series.hamiltonian),
    linearMomentum: lengths(series.linearMomentum, system.dimension),
    angularMomentum: lengths(series.angularMomentum, system.dimension === 3 ? 3 : 1),
  };
}

/**
 * Compares a model's run with the true run of the same start.
 *
 * A run that diverged has no errors over the whole of it: they are null, and the series end where the run did.
 *
 * @param system - with the true law
 * @param own - the same particles with the model's law
 */
export function measureRun(
  system: ParticleSystem,
  own: ParticleSystem,
  { trajectory, divergedAt }: Run,
  truth: Trajectory,
): RunMeasures {
  const { times } = trajectory;
  const all = errorSeries(withEnergy(system), trajectory, truth);
  const errors = {
    ...all,
    lagrangian: energies(system, all.lagrangian),
    hamiltonian: energies(system, all.hamiltonian),
  };
  const ownHamiltonian = energies(own, observableSeries(withEnergy(own), trajectory).hamiltonian);
  const whole = divergedAt === null;
  const summary = (series: Float64Array): { mae: number | null; max: number | null } =>
    whole && series.every(Number.isFinite) ? summarise(series) : { mae: null, max: null };
  const kept = whole && ownHamiltonian.every(Number.isFinite);
  const left = validTime(times, errors.position, VALID_BOUND);
  return {
    errors: {
      records: times.length,
      lagrangian: summary(errors.lagrangian),
      hamiltonian: summary(errors.hamiltonian),
      linearMomentum: summary(errors.linearMomentum),
      angularMomentum: summary(errors.angularMomentum),
      position: summary(errors.position),
      ownHamiltonian: {
        start: kept || !whole ? finite(ownHamiltonian[0] as number) : null,
        maxDrift: kept ? conservation(times, ownHamiltonian).maxDrift : null,
      },
      validTime: left ?? divergedAt,
      validBound: VALID_BOUND,
      divergedAt,
    },
    series: {
      times,
      values: observablesOf(system, trajectory),
      ownHamiltonian,
      errors: {
        lagrangian: errors.lagrangian,
        hamiltonian: errors.hamiltonian,
        linearMomentum: errors.linearMomentum,
        angularMomentum: errors.angularMomentum,
        position: errors.position,
      },
      path: lastStretch(trajectory),
    },
  };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Records of the stretch that figures draw in space: the last tenth, and no more than a hundred. */
export function lastStretch({ particles, dimension, times, positions }: Trajectory): {
  times: Float64Array;
  positions: Float64Array;
} {
  const records = Math.min(times.length, 100, Math.max(2, Math.ceil(times.length / 10)));
  const first = times.length - records;
  return {
    times: times.slice(first),
    positions: positions.slice(first * particles * dimension),
  };
}
