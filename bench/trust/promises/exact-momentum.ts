import { velocityVerlet } from "@mclnn/integrators";
import { exactMomentum, gridMomentum } from "@mclnn/integrators/exact-momentum";
import type { ParticleSystem, State } from "@mclnn/physics";
import { boundLaws, threeBodies } from "../laws.ts";
import type { Promised } from "../promise.ts";

const STEPS = { quick: 20_000, full: 10_000_000 };
const THERE_AND_BACK = { quick: 5000, full: 100_000 };
/** Total momentum is looked at after so many steps. */
const LOOK = 1000;
const DT = 0.01;
const integrator = exactMomentum(velocityVerlet);

export const exactMomenta: Promised = {
  name: "exact-momentum",
  promise:
    "With --exact-momentum the total never changes in a bit, whatever the order of particles, and a run turned round returns to its start bit for bit",
  check(size, tally) {
    for (const pair of boundLaws()) {
      const { system, start: given } = threeBodies(pair);
      const start = afterSteps(system, given, 0);
      const first = gridMomentum(system, start);

      const running = copyOf(start);
      const step = integrator.start(system, running);
      for (let k = 1; k <= STEPS[size]; k++) {
        step(DT);
        if (k % LOOK === 0)
          tally.expect(same(gridMomentum(system, running), first), `${pair.name}: step ${k}`);
      }

      const n = THERE_AND_BACK[size];
      const back = turned(afterSteps(system, turned(afterSteps(system, start, n)), n));
      tally.expect(
        same(back.positions, start.positions) && same(back.velocities, start.velocities),
        `${pair.name}: ${n} steps there and back do not end at the start`,
      );

      const order = [2, 0, 1];
      const other = threeBodies(pair, order);
      const here = afterSteps(system, start, n).positions;
      const there = afterSteps(other.system, other.start, n).positions;
      tally.expect(
        order.every((i, k) =>
          same(here.subarray(3 * i, 3 * i + 3), there.subarray(3 * k, 3 * k + 3)),
        ),
        `${pair.name}: another order of particles, other bits`,
      );
    }
    tally.notes.push(`${STEPS[size]} steps a law`);
  },
};

function copyOf({ time, positions, velocities }: State): State {
  return { time, positions: positions.slice(), velocities: velocities.slice() };
}

function afterSteps(system: ParticleSystem, start: State, steps: number): State {
  const state = copyOf(start);
  const step = integrator.start(system, state);
  for (let k = 0; k < steps; k++) step(DT);
  return state;
}

function turned({ time, positions, velocities }: State): State {
  return { time, positions, velocities: velocities.map((v) => -v) };
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((x, k) => Object.is(x, b[k]) || (x === 0 && b[k] === 0));
}
