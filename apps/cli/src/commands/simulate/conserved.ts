import { conservation, motionSeries, observableSeries } from "@mclnn/metrics";
import type { Force, ParticleSystem, Trajectory } from "@mclnn/physics";
import { formatNumber } from "@mclnn/studies/text";
import type { Colours } from "../../terminal/colours.ts";
import { formatTable } from "../../terminal/table.ts";

/** A quantity at the start, and its largest distance from there; null where it overflowed. */
type Kept<Value> = { readonly start: Value; readonly maxDrift: number } | null;

/** What a run conserved. */
export interface Conserved {
  /** By the law that was simulated; null where it has none. */
  readonly hamiltonian: Kept<number>;
  readonly linearMomentum: Kept<number[]>;
  readonly angularMomentum: Kept<number[]>;
}

/** Whether space repeats. */
export const inBox = ({ space }: ParticleSystem): boolean => space?.periodic.some(Boolean) === true;

/** Energy and momenta along a run: start and largest drift. */
export function conserved(system: ParticleSystem, run: Trajectory): Conserved {
  const { times } = run;
  const { linearMomentum, angularMomentum } = motionSeries(system, run);
  const vector = (values: Float64Array, components: number): Kept<number[]> => {
    if (!values.every(Number.isFinite)) return null;
    const { start, maxDrift } = conservation(times, values, components);
    return { start: Array.from(start), maxDrift };
  };
  const energy =
    system.potential.energy === undefined
      ? null
      : vector(observableSeries(system, run).hamiltonian, 1);
  return {
    hamiltonian: energy && { start: energy.start[0] as number, maxDrift: energy.maxDrift },
    linearMomentum: vector(linearMomentum, system.dimension),
    // Nothing conserves it where space repeats.
    angularMomentum: inBox(system) ? null : vector(angularMomentum, system.dimension === 3 ? 3 : 1),
  };
}

/** A drift of the energy by this share of the largest kinetic energy is no motion of the law: sound runs stay below 0.01. */
const MADE_UP = 0.5;
/** This share of the potential energy is roundoff and the law's table: bodies at rest. */
const ROUNDING = 1e-6;

/** What is to be said of a run whose energy was made by its steps; null where it was not. */
export function energyMade(system: ParticleSystem, run: Trajectory): string | null {
  if (system.potential.energy === undefined) return null;
  const { hamiltonian, kineticEnergy, potentialEnergy } = observableSeries(system, run);
  const first = hamiltonian[0] as number;
  const drifts = hamiltonian.map((h) => Math.abs(h - first));
  let most = 0;
  for (let k = 0; k < drifts.length; k++) {
    const still = ROUNDING * Math.abs(potentialEnergy[k] as number);
    most = Math.max(most, kineticEnergy[k] as number, still);
    // Not a number is more than any share.
    if ((drifts[k] as number) <= MADE_UP * most) continue;
    return (
      `The run diverged at t = ${formatNumber(run.times[k], 4)}: energy went from ${formatNumber(first, 4)} to ${formatNumber(hamiltonian[k], 4)}, ` +
      "which the steps made and not the law. Take a smaller --dt, or a start whose particles stay further apart."
    );
  }
  return null;
}

/** The table of what was conserved. */
export function conservedTable(
  { hamiltonian, linearMomentum, angularMomentum }: Conserved,
  { bold }: Colours,
  { energy, conserves }: Force,
  { box }: { readonly box: boolean },
): string {
  const changed = (name: string, stays: boolean): string =>
    stays ? name : `${name} (changed by the law)`;
  const row = (name: string, kept: Kept<number[]>): string[] =>
    kept === null
      ? [name, "not finite along the run", ""]
      : [
          name,
          kept.start.map((value) => formatNumber(value, 6)).join(", "),
          formatNumber(kept.maxDrift),
        ];
  return formatTable(
    [{ title: "conserved" }, { title: "at the start" }, { title: "largest drift" }],
    [
      energy !== undefined
        ? row("energy", hamiltonian && { ...hamiltonian, start: [hamiltonian.start] })
        : ["energy", "the law has none", ""],
      row(changed("momentum", conserves.linearMomentum), linearMomentum),
      box
        ? ["angular momentum", "not conserved in a box", ""]
        : row(changed("angular momentum", conserves.angularMomentum), angularMomentum),
    ],
    bold,
  );
}
