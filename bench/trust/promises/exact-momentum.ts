import { createRandom, type Random } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { exactMomentum, gridMomentum } from "@mclnn/integrators/exact-momentum";
import { createMclnnModel } from "@mclnn/models";
import {
  createSystem,
  gravity,
  lennardJones,
  linearSpring,
  type PairPotential,
  type ParticleSystem,
  pairwise,
  quarticSpring,
  type State,
} from "@mclnn/physics";
import type { Promised } from "../promise.ts";

const STEPS = { quick: 20_000, full: 10_000_000 };
const THERE_AND_BACK = { quick: 5000, full: 100_000 };
/** Total momentum is looked at after so many steps. */
const LOOK = 1000;
const DT = 0.01;
const MASSES = [1, 2.3, 0.7];
const integrator = exactMomentum(velocityVerlet);

export const exactMomenta: Promised = {
  name: "exact-momentum",
  promise:
    "With --exact-momentum the total never changes in a bit, whatever the order of particles, and a run turned round returns to its start bit for bit",
  check(size, tally) {
    for (const pair of laws()) {
      const { system, state } = problem(pair, [0, 1, 2]);
      const start = afterSteps(system, state, 0);
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
      const other = problem(pair, order);
      const here = afterSteps(system, state, n).positions;
      const there = afterSteps(other.system, other.state, n).positions;
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

/** Built-in laws and a learned one; the forces are soft enough for bound motion of a million steps. */
function laws(): readonly PairPotential[] {
  const random: Random = createRandom(7);
  const learned = createMclnnModel({
    hidden: [10, 10],
    weights: Float64Array.from({ length: 141 }, () => 0.3 * random.normal()),
    separations: {
      ranges: [[0.1, 4]],
      edges: Float64Array.of(0.1, 4),
      counts: Float64Array.of(1),
    },
    record: {
      seed: 7,
      trainLoss: 0,
      validationLoss: null,
      iterations: 0,
      reachedTarget: true,
      optimizer: "none",
      dt: DT,
      stride: 10,
      data: {},
    },
  }).pair;
  // The learned force alone need not hold the particles together.
  const held: PairPotential = {
    name: "learned, with a spring",
    energy: (r) => learned.energy(r) + 0.5 * r * r,
    slope: (r) => learned.slope(r) + r,
  };
  return [linearSpring(), quarticSpring(), gravity({ G: 0.1 }), lennardJones(), held];
}

/** Three unlike particles, in any order. */
function problem(pair: PairPotential, order: readonly number[]): { system: ParticleSystem; state: State } {
  const positions = [0.61, 0.72, 0.13, -0.74, 0.35, -0.21, 0.02, -0.86, 0.43];
  const velocities = [-0.11, 0.12, 0.11, 0.03, -0.15, 0.05, 0.06, 0.06, -0.08];
  const picked = (values: readonly number[]): Float64Array =>
    Float64Array.from(order.flatMap((i) => values.slice(3 * i, 3 * i + 3)));
  return {
    system: createSystem({
      masses: order.map((i) => MASSES[i] as number),
      dimension: 3,
      potential: pairwise(pair),
    }),
    state: { time: 0, positions: picked(positions), velocities: picked(velocities) },
  };
}

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
