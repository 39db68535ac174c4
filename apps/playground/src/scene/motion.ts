import { createRun, type Run } from "@mclnn/integrators";
import type { ParticleSystem, State } from "@mclnn/physics";
import { createObserver, type RecordedThrow } from "./observe.ts";
import { RECORD_EVERY, type Scene, STEP } from "./scene.ts";

/** A throw that was recorded, so that it can be thrown again: its start, the record it was recorded from, and how many. */
export interface ThrowPlan {
  /** Seed of its start, or the start itself where a hand has moved it. */
  readonly start: number | State;
  readonly from: number;
  readonly records: number;
}

/** A throw under way: dots in motion, and what is recorded of them. */
export interface Motion {
  readonly state: Readonly<State>;
  /** What was recorded; null before that. */
  readonly seen: RecordedThrow | null;
  /** Records that passed before the first one that was kept. */
  readonly from: number;
  /** Begins to record at the next record time. */
  record(): void;
  /** Goes on by one step. @returns whether a record was kept. @throws MclnnError `diverged` */
  step(): boolean;
}

/** Begins a throw. @param index - of the throw in its recording, for its noise */
export function createMotion(
  scene: Scene,
  system: ParticleSystem,
  start: State,
  index: number,
): Motion {
  const run: Run = createRun(system, start, { dt: STEP });
  const observer = createObserver(scene, index);
  let steps = 0;
  let from = -1;
  let recording = false;
  const look = (): boolean => {
    if (!recording || steps % RECORD_EVERY !== 0) return false;
    if (from < 0) from = steps / RECORD_EVERY;
    observer.look(run.state);
    return true;
  };
  return {
    get state() {
      return run.state;
    },
    get seen() {
      return from < 0 ? null : observer.seen;
    },
    get from() {
      return from;
    },
    record() {
      if (recording) return;
      recording = true;
      look();
    },
    step() {
      run.step();
      steps++;
      return look();
    },
  };
}

/** A throw again, as it was recorded. @returns the same numbers, in the same bits */
export function replay(
  scene: Scene,
  system: ParticleSystem,
  { start, from, records, index }: { start: State; from: number; records: number; index: number },
): RecordedThrow {
  const motion = createMotion(scene, system, start, index);
  for (let step = 0; step < from * RECORD_EVERY; step++) motion.step();
  motion.record();
  for (let kept = 1; kept < records; ) if (motion.step()) kept++;
  return motion.seen ?? { positions: [], velocities: [], observed: [] };
}

/** Whether a dot that is recorded has left the stage. */
export function escaped({ positions }: Readonly<State>, dots: number, reach: number): boolean {
  for (let i = 0; i < dots; i++) {
    const [x, y] = [positions[2 * i] as number, positions[2 * i + 1] as number];
    if (Math.abs(x) > (4 / 3) * reach || Math.abs(y) > reach) return true;
  }
  return false;
}
