import type { ReadTrajectories } from "@mclnn/datasets/formats";

/** What `train` will do with trajectories, in a sentence. */
export function whatTrainDoes({ set, timeUnit, wrapped }: ReadTrajectories): string {
  const { records, particles, velocities, observed, periodic, species } = set;
  if (particles < 2) return "refuses them: there is no pair to learn the law of";
  if (records < 2) return "refuses them: one record is a state, and shows no motion";
  const inBox = periodic?.includes(1) === true;
  if (wrapped === true && !inBox)
    return "refuses them: particles jump through the walls of a box that is not known (--box Lx,Ly,Lz)";
  if (inBox && velocities === undefined) return "refuses them: in a box it needs velocities";
  if (velocities !== undefined && timeUnit !== "time")
    return `refuses them without --dt, the time of one ${timeUnit}`;
  const laws = new Set(species ?? []).size > 1 ? "a law for each pair of species" : "a pair law";
  const how =
    velocities === undefined
      ? "from positions alone, and their noise with it"
      : "from positions and velocities";
  const unit = timeUnit === "time" ? "" : `, in units of time of one ${timeUnit}`;
  const gaps = observed === undefined ? "" : "; what was not observed is left open";
  const near = inBox ? " between nearest images, up to a cutoff" : "";
  return `learns ${laws}${near} ${how}${unit}${gaps}`;
}
