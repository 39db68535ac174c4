import { MclnnError, type ParticleSystem, type State, type Trajectory } from "@mclnn/physics";
import { type ErrorSeries, errorSeries } from "./errors.ts";

/**
 * Errors of the true system started a little away from the true start: below this floor, pointwise error says nothing about a law.
 *
 * @param truth - the true run
 * @param roll - rolls the true system out from a start, with the records of `truth`
 * @param offset - shift of the first particle along its first axis, opposed by the others so that the centre of mass stays. Default 1e-4
 */
export function chaosFloor(
  system: ParticleSystem,
  start: State,
  truth: Trajectory,
  roll: (start: State) => Trajectory,
  offset = 1e-4,
): ErrorSeries {
  if (!(offset > 0) || !Number.isFinite(offset))
    throw new MclnnError("the offset of the chaos floor cannot be used", {
      code: "bad-option",
      argument: "offset",
      expected: "a positive number",
      got: String(offset),
    });
  const { masses, dimension } = system;
  const positions = start.positions.slice();
  let total = 0;
  for (const m of masses) total += m;
  const back = (offset * (masses[0] as number)) / total;
  for (let i = 0; i < masses.length; i++)
    positions[i * dimension] = (positions[i * dimension] as number) + (i === 0 ? offset : 0) - back;
  return errorSeries(
    system,
    roll({ time: start.time, positions, velocities: start.velocities.slice() }),
    truth,
  );
}
