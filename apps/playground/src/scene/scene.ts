import {
  createSystem,
  type Force,
  type ParticleSystem,
  pairwise,
  sumOfForces,
} from "@mclnn/physics";
import { linearDrag, uniformField } from "@mclnn/physics/forces";
import type { Preset } from "./laws.ts";

/** What breaks the law of pairs: nothing, drag, a wind, or a dot that nobody records. */
export type Fault = "none" | "drag" | "wind" | "hidden";
export const FAULTS: readonly Fault[] = ["none", "drag", "wind", "hidden"];

/** All that a recording depends on, but for the throws. Plain data: links hold it, and worker threads rebuild everything from it. */
export interface Scene {
  /** Name of a preset, `formula:` and a formula in r, or `drawn:` and V' at the handles. */
  readonly law: string;
  /** Recorded dots, 2 to 6. */
  readonly dots: number;
  /** Whether every second dot is three times as heavy. */
  readonly heavy: boolean;
  readonly fault: Fault;
  /** Standard deviation of a recorded position component. */
  readonly noise: number;
  /** Whether velocities are recorded too. */
  readonly velocities: boolean;
  /** Whether every tenth position is lost. */
  readonly lost: boolean;
  /** Of starts, noise and losses. */
  readonly seed: number;
}

export const DEFAULT_SCENE: Scene = {
  law: "bond",
  dots: 4,
  heavy: false,
  fault: "none",
  noise: 0.01,
  velocities: false,
  lost: false,
  seed: 1,
};

export const NOISES: readonly number[] = [0, 0.001, 0.01, 0.05];
export const MOST_DOTS = 6;

/** Time of a step, and steps between two records. */
export const STEP = 0.01;
export const RECORD_EVERY = 5;
/** Records that a throw has at most, and throws of a recording. */
export const THROW_RECORDS = 60;
const THROWS = 3;
/** Two dots are one pair: as much is to be seen of it in more throws. */
export const throwsOf = (dots: number): number => (dots === 2 ? 2 : 1) * THROWS;

const DRAG = 0.15;
const WIND = [0.15, 0];

/** Masses of all dots that move, those that are not recorded last. */
export function massesOf({ dots, heavy, fault }: Scene): number[] {
  const moving = dots + (fault === "hidden" ? 1 : 0);
  return Array.from({ length: moving }, (_, i) => (heavy && i % 2 === 1 ? 3 : 1));
}

/** What moves the dots. @param preset - the scene's law */
export function systemOf(scene: Scene, { pair }: Preset): ParticleSystem {
  const forces: Force[] = [pairwise(pair)];
  if (scene.fault === "drag") forces.push(linearDrag({ coefficient: DRAG, coupling: "mass" }));
  if (scene.fault === "wind") forces.push(uniformField(WIND));
  return createSystem({ masses: massesOf(scene), dimension: 2, potential: sumOfForces(...forces) });
}
