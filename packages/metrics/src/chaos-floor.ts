import type { ParticleSystem, State, Trajectory } from "@mclnn/physics";
import { checkArgument, checkState, checkSystem } from "@mclnn/physics/arguments";
import { type ErrorSeries, errorSeries } from "./errors.ts";

/**
 * Errors of the true system started a little away from the true start: below this floor, pointwise error says nothing about a law.
 *
 * @param truth - the true run
 * @param roll - rolls the true system out from a start, with the records of `truth`
 * @param offset - shift of the first particle along its first axis, opposed by the others so that the centre of mass stays. Default 1e-4
 * @throws MclnnError `bad-option` for the offset; as {@link errorSeries}
 */
export function chaosFloor(
  system: ParticleSystem,
  start: State,
  truth: Trajectory,
  roll: (start: State) => Trajectory,
  offset = 1e-4,
): ErrorSeries {
  checkArgument("offset", offset, "positive");
  checkArgument("roll", roll, "function");
  checkSystem(system);
  checkState("start", start, system);
  const { masses, dimension } = system;
  const positions = Float64Array.from(start.positions);
  let total = 0;
  for (const m of masses) total += m;
  const back = (offset * (masses[0] as number)) / total;
  for (let i = 0; i < masses.length; i++)
    positions[i * dimension] = (positions[i * dimension] as number) + (i === 0 ? offset : 0) - back;
  return errorSeries(
    system,
    roll({ time: start.time, positions, velocities: Float64Array.from(start.velocities) }),
    truth,
  );
}
