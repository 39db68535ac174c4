import { dropObservations, shortenTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { referenceData, type Watched } from "../laws/reference-data.ts";
import { lawSystemByName } from "../laws/systems/catalogue.ts";

/** Data that a pair law explains, watched in one way; any finding is a false alarm. */
export interface Explained extends Omit<Watched, "seed"> {
  readonly system: string;
  /** Share of observations that are missing. */
  readonly missing?: number;
  /** Records of the shortest trajectory, where they differ. */
  readonly shortest?: number;
}

/** What false alarms are counted over, each with as many noise seeds. */
export const EXPLAINED: readonly Explained[] = [
  { system: "linear-spring", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "linear-spring", trajectories: 20, noise: 1e-2, velocities: "given" },
  { system: "quartic-spring", trajectories: 20, noise: 1e-3, velocities: "given" },
  { system: "quartic-spring", trajectories: 20, noise: 1e-2, velocities: "unknown" },
  { system: "gravity", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "gravity", trajectories: 10, noise: 1e-4, velocities: "given" },
  { system: "coulomb-repulsion", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "morse", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "morse", trajectories: 2, noise: 1e-3, velocities: "given" },
  { system: "yukawa", trajectories: 20, noise: 1e-4, velocities: "unknown" },
  { system: "soft-core", trajectories: 20, noise: 1e-2, velocities: "unknown" },
  { system: "gaussian-well", trajectories: 20, noise: 1e-3, velocities: "given" },
  { system: "gaussian-well", trajectories: 20, noise: 1e-3, velocities: "unknown", missing: 0.15 },
  { system: "double-well", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "kink", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "long-tail", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "lennard-jones-cold", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "two-ranges", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  { system: "two-species", trajectories: 20, noise: 1e-3, velocities: "unknown" },
  {
    system: "linear-spring",
    ...{ trajectories: 20, noise: 1e-3, velocities: "unknown", missing: 0.2, shortest: 10 },
  },
];

/** In words: `gravity, noise 0.001, velocities unknown`. */
export function titleOf({
  system,
  noise,
  velocities,
  trajectories,
  missing,
  shortest,
}: Explained): string {
  return [
    system,
    `noise ${noise}`,
    `velocities ${velocities}`,
    `${trajectories} trajectories`,
    ...(missing === undefined ? [] : [`${100 * missing} % missing`]),
    ...(shortest === undefined ? [] : [`of ${shortest} to 20 records`]),
  ].join(", ");
}

export function explainedSet(explained: Explained, seed: number): TrajectorySet {
  const { system, missing, shortest } = explained;
  let { watched } = referenceData(lawSystemByName(system), { ...explained, seed });
  if (shortest !== undefined) watched = shortenTrajectories(watched, { shortest, seed });
  if (missing !== undefined) watched = dropObservations(watched, { share: missing, seed });
  return watched;
}
