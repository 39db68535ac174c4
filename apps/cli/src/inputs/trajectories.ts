import { type TrajectorySet, unwrappedPositions } from "@mclnn/datasets";
import type { ReadOptions, ReadTrajectories } from "@mclnn/datasets/formats";
import { MclnnError } from "@mclnn/physics";
import { conflictingOptions } from "../options/errors.ts";
import { kebab } from "../options/options.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type InputOptions, readOptionsOf } from "./input-options.ts";
import { optionalLibrary } from "./optional-library.ts";
import { trajectorySource } from "./trajectory-source.ts";

/** How trajectories are to be read. */
interface Use {
  readonly options: InputOptions;
  readonly terminal: Pick<Terminal, "remark">;
  /** What is done with them: `motion` needs the time, and paths without jumps; `look` takes all. */
  readonly for: "motion" | "look";
  /** Options that mean something to the command beside what is read. */
  readonly own?: readonly (keyof ReadOptions)[];
}

/**
 * Trajectories of a file named on the command line, in any format; what was guessed is remarked.
 *
 * @throws MclnnError of kind `input`: `conflicting-options` for options that the file has no use for, `missing-times` where it is for motion
 */
export async function readTrajectories(
  path: string,
  option: string,
  { options, terminal, for: what, own = [] }: Use,
): Promise<ReadTrajectories> {
  const { readTrajectories: read } = await import("@mclnn/datasets/formats");
  const asked = await readOptionsOf(options);
  const result = await read(await trajectorySource(path, option), asked, {
    load: optionalLibrary(option),
  });
  for (const note of result.notes) terminal.remark(`${path}: ${note}.`);
  refuseUnused(path, asked, result, [
    ...own,
    "missingAsNan",
    ...(what === "motion" ? (["dt"] as const) : []),
  ]);
  if (what === "look") return result;
  refuseTimeless(path, option, result);
  // Motion goes on through the walls; forces are to nearest images all the same.
  const { images: _, ...set } = result.set;
  return { ...result, set: { ...set, positions: unwrappedPositions(result.set) } };
}

/** Options that nothing was read for would mislead; `--dt` has a meaning of its own where motion is followed, and NaN need not be there. */
function refuseUnused(
  path: string,
  asked: ReadOptions,
  { used, format }: ReadTrajectories,
  also: readonly (keyof ReadOptions)[],
): void {
  for (const name of Object.keys(asked) as (keyof ReadOptions)[]) {
    if (used.has(name) || also.includes(name)) continue;
    const flag = name === "massOf" ? "--mass" : `--${kebab(name)}`;
    throw conflictingOptions(flag, `no ${flag} with ${path}`, flag, {
      what: `${flag} is of no use with ${path}`,
      mend: `It is ${/^[aeiouxN]/i.test(format) ? "an" : "a"} ${format} that says it itself, or does not have it.`,
    });
  }
}

/** Velocities in a unit of time that is not that of the times make every law wrong. */
function refuseTimeless(path: string, option: string, { timeUnit, set }: ReadTrajectories): void {
  if (timeUnit === "time" || set.velocities === undefined) return;
  const guess = spacingByVelocities(set);
  throw new MclnnError(`${option} ${path} has velocities and no times`, {
    code: "missing-times",
    argument: "--dt",
    expected: `--dt T, the time of one ${timeUnit}`,
    got: `records counted in ${timeUnit}s`,
    ...(guess === null
      ? {}
      : {
          mend: `Positions and velocities fit --dt ${guess.toPrecision(4).replace(/\.?0+$/, "")}.`,
        }),
  });
}

/** The unit of time by which velocities are changes of positions, by the moves between neighbouring records; null for particles at rest. */
function spacingByVelocities({
  records,
  particles,
  dimension,
  times,
  positions,
  velocities,
}: TrajectorySet): number | null {
  const size = particles * dimension;
  let [along, own] = [0, 0];
  for (let k = size; k < Math.min(records, 20) * size; k++) {
    const record = Math.floor(k / size);
    const gap = (times[record] as number) - (times[record - 1] as number);
    const mean = ((velocities?.[k] as number) + (velocities?.[k - size] as number)) / 2;
    const move = (positions[k] as number) - (positions[k - size] as number);
    if (Number.isNaN(mean * move)) continue;
    along += (mean * move) / gap;
    own += mean * mean;
  }
  return own > 0 && along > 0 ? along / own : null;
}

/** `--dt` as a time step: where steps are numbered it is that of the file, and else may only tell times. */
export function stepOf(
  dt: number | undefined,
  { used, set }: ReadTrajectories,
): number | undefined {
  return used.has("dt") && set.provenance.dt === undefined ? undefined : dt;
}
