import { createRun } from "@mclnn/integrators";
import {
  angularMomentum,
  createSystem,
  hamiltonian,
  linearMomentum,
  MclnnError,
  type ParticleSystem,
  type State,
} from "@mclnn/physics";
import { lawOf } from "../scene/law-of.ts";
import { massesOf, STEP, systemOf } from "../scene/scene.ts";
import { known } from "./learn.ts";
import type { Test, TestAsk } from "./protocol.ts";

const STEPS_A_FRAME = 2;

/** Lets the true law and the learned one run from the same start. @throws MclnnError `no-law`, `diverged` */
export async function test({ scene, start, seconds }: TestAsk): Promise<Test> {
  const { result } = known;
  if (result === undefined)
    throw new MclnnError("there is no law to test", {
      code: "no-law",
      argument: "law",
      expected: "a law that was learned",
      got: "none",
    });
  const { dots } = scene;
  const frames = Math.round(seconds / (STEP * STEPS_A_FRAME)) + 1;
  const masses = massesOf(scene).slice(0, dots);
  const truth = follow(systemOf(scene, await lawOf(scene.law)), start, frames, dots);
  const system = createSystem({ masses, dimension: 2, potential: result.model.potential });
  const learned = follow(system, firstOf(start, dots), frames, dots);
  const distance = new Float64Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let k = 2 * dots * frame; k < 2 * dots * (frame + 1); k++)
      sum += ((truth.positions[k] as number) - (learned.positions[k] as number)) ** 2;
    distance[frame] = Math.sqrt(sum / dots);
  }
  return {
    spacing: STEP * STEPS_A_FRAME,
    dots,
    truth: truth.positions,
    learned: learned.positions,
    energy: { truth: truth.energy, learned: learned.energy },
    momentum: learned.momentum,
    angularMomentum: learned.angularMomentum,
    distance,
  };
}

/** The state of the dots that are recorded. */
function firstOf({ time, positions, velocities }: State, dots: number): State {
  return {
    time,
    positions: positions.slice(0, 2 * dots),
    velocities: velocities.slice(0, 2 * dots),
  };
}

interface Followed {
  readonly positions: Float64Array;
  readonly energy: Float64Array | null;
  /** How far both have gone from where they began. */
  readonly momentum: Float64Array;
  readonly angularMomentum: Float64Array;
}

function follow(system: ParticleSystem, start: State, frames: number, dots: number): Followed {
  const run = createRun(system, start, { dt: STEP });
  const positions = new Float64Array(frames * dots * 2);
  const { potential } = system;
  const energy =
    potential.energy !== undefined && potential.conserves.energy ? new Float64Array(frames) : null;
  const momentum = new Float64Array(frames);
  const turning = new Float64Array(frames);
  const momenta = ({ positions: q, velocities: v }: Readonly<State>) =>
    [linearMomentum(system, v), angularMomentum(system, q, v)] as const;
  const [p0, l0] = momenta(start);
  for (let frame = 0; frame < frames; frame++) {
    if (frame > 0) run.step(STEPS_A_FRAME);
    positions.set(run.state.positions.subarray(0, 2 * dots), frame * dots * 2);
    if (energy !== null) energy[frame] = hamiltonian(system, run.state);
    const [p, l] = momenta(run.state);
    momentum[frame] = distanceOf(p, p0);
    turning[frame] = distanceOf(l, l0);
  }
  return { positions, energy, momentum, angularMomentum: turning };
}

function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += ((a[k] as number) - (b[k] as number)) ** 2;
  return Math.sqrt(sum);
}
