import { MclnnError } from "@mclnn/physics";
import { checkArgument, checkLength } from "@mclnn/physics/arguments";
import type { TrajectorySet } from "./trajectory-set.ts";

const SHAPE = {
  trajectories: "index",
  records: "count",
  particles: "count",
  dimension: "dimension",
  masses: "masses",
  times: "floats",
  positions: "float64",
  velocities: "float64?",
  charges: "numbers?",
  species: "list?",
  observed: "bytes?",
  box: "numbers?",
  origin: "numbers?",
  periodic: "bytes?",
  images: "list?",
  provenance: {},
} as const;

/**
 * Refuses what is no set of trajectories: arrays of other lengths than it says, or numbers that are none where something was observed.
 *
 * @param argument - what to call it
 * @param contents - whether positions and velocities are looked through. Default true
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-dimension`, `bad-mass`, `bad-shape`, `not-finite`
 */
export function checkTrajectorySet(argument: string, set: TrajectorySet, contents = true): void {
  checkArgument(argument, set, SHAPE, {
    mend: "generateTrajectories() and decodeTrajectorySet() make it.",
  });
  checkArgument(`${argument}.masses`, set.masses, "float64");
  const { trajectories, records, particles, dimension, masses, times } = set;
  const { positions, velocities, charges, species, observed } = set;
  const frames = [
    [trajectories, "trajectories"],
    [records, "records"],
    [particles, "particles"],
  ] as const;
  checkLength(`${argument}.times`, times, [records, "records"]);
  for (const [key, array] of Object.entries({ masses, charges, species }))
    if (array !== undefined) checkLength(`${argument}.${key}`, array, [particles, "particles"]);
  if (observed !== undefined) checkLength(`${argument}.observed`, observed, ...frames);
  checkBox(argument, set);
  for (const [key, array] of Object.entries({ positions, velocities })) {
    if (array === undefined) continue;
    checkLength(`${argument}.${key}`, array, ...frames, [dimension]);
    if (!contents) continue;
    for (let k = 0; k < array.length; k++)
      if (!Number.isFinite(array[k]) && observed?.[Math.floor(k / dimension)] !== 0)
        throw new MclnnError(`${argument}.${key} cannot be used`, {
          code: "not-finite",
          argument: `${argument}.${key}`,
          expected: "finite numbers where `observed` is not 0",
          got: `${array[k]} at ${placeIn(set, k)}`,
        });
  }
}

/** Refuses a box that is none: arrays of other lengths, or images without a box. */
function checkBox(argument: string, set: TrajectorySet): void {
  const { trajectories, records, particles, dimension, box, origin, periodic, images } = set;
  if (origin !== undefined) checkLength(`${argument}.origin`, origin, [3, "components"]);
  if (periodic !== undefined) checkLength(`${argument}.periodic`, periodic, [3, "directions"]);
  if (box !== undefined && box.length !== 9)
    checkLength(`${argument}.box`, box, [records, "records"], [3, "rows"], [3, "components"]);
  if (images !== undefined)
    checkLength(
      `${argument}.images`,
      images,
      [trajectories, "trajectories"],
      [records, "records"],
      [particles, "particles"],
      [dimension],
    );
  if (box === undefined && (images !== undefined || periodic?.includes(1) === true))
    throw new MclnnError(`${argument} repeats itself in space without saying how`, {
      code: "missing-key",
      argument: `${argument}.box`,
      expected: "the rows a, b, c of the box",
      got: "none",
    });
}

/** Where in positions or velocities an index lies, in words. */
function placeIn({ records, particles, dimension }: TrajectorySet, index: number): string {
  const particle = Math.floor(index / dimension);
  const record = Math.floor(particle / particles);
  return `trajectory ${Math.floor(record / records)}, record ${record % records}, particle ${particle % particles}`;
}
