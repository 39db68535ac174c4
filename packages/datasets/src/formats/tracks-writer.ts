import { unwrappedPositions } from "../set-space.ts";
import type { TrajectorySet } from "../trajectory-set.ts";

/** A long table of all that was observed, with all digits; in a box positions go on through its walls, which a table does not have. */
export function* writeTracks(set: TrajectorySet, ending: string): Generator<string> {
  const { records, particles, dimension, times, velocities, observed } = set;
  const { masses, charges, species } = set;
  const delimiter = ending === ".tsv" ? "\t" : ",";
  const positions = unwrappedPositions(set);
  const axes = ["x", "y", "z"].slice(0, dimension);
  yield `${[
    ...["trajectory", "record", "time", "particle", ...axes],
    ...(velocities === undefined ? [] : axes.map((axis) => `v${axis}`)),
    "mass",
    ...(species === undefined ? [] : ["species"]),
    ...(charges === undefined ? [] : ["charge"]),
  ].join(delimiter)}\n`;
  for (let frame = 0; frame * particles * dimension < positions.length; frame++) {
    const rows: string[] = [];
    for (let i = 0; i < particles; i++) {
      const cell = frame * particles + i;
      if (observed?.[cell] === 0) continue;
      const vector = (of: Float64Array): Float64Array =>
        of.subarray(cell * dimension, (cell + 1) * dimension);
      rows.push(
        [
          Math.floor(frame / records),
          frame % records,
          times[frame % records],
          i,
          ...vector(positions),
          ...(velocities === undefined ? [] : vector(velocities)),
          masses[i],
          ...(species === undefined ? [] : [species[i]]),
          ...(charges === undefined ? [] : [charges[i]]),
        ].join(delimiter),
      );
    }
    yield rows.map((row) => `${row}\n`).join("");
  }
}
