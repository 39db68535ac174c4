import { createRandom } from "@mclnn/datasets";
import type { State } from "@mclnn/physics";
import type { Scene } from "./scene.ts";

/** What was recorded of one throw: [records x dots x 2], and [records x dots] of 1 where a dot was seen. */
export interface RecordedThrow {
  readonly positions: number[];
  readonly velocities: number[];
  readonly observed: number[];
}

/** Share of the positions that are lost, where some are. */
const LOST = 0.1;
/** Keeps noise apart from starts of the same seed. */
const NOISE_STREAM = 0x6e6f;

/**
 * Looks at one throw as an imperfect instrument does: with noise, without some dots. Every record draws as many random numbers, so that its noise
 * does not depend on what else is asked.
 *
 * @param index - of the throw in its recording
 */
export function createObserver(
  scene: Scene,
  index: number,
): { readonly seen: RecordedThrow; look(state: Readonly<State>): void } {
  const random = createRandom((scene.seed * 64 + index) ^ NOISE_STREAM);
  const seen: RecordedThrow = { positions: [], velocities: [], observed: [] };
  return {
    seen,
    look({ positions, velocities }) {
      for (let i = 0; i < scene.dots; i++) {
        const noise = Array.from({ length: 4 }, () => scene.noise * random.normal());
        const there = !(scene.lost && random.uniform() < LOST);
        if (!scene.lost) random.uniform();
        seen.observed.push(there ? 1 : 0);
        for (let c = 0; c < 2; c++) {
          const k = 2 * i + c;
          const [q, v] = [positions[k] as number, velocities[k] as number];
          seen.positions.push(there ? q + (noise[c] as number) : Number.NaN);
          seen.velocities.push(there ? v + (noise[c + 2] as number) : Number.NaN);
        }
      }
    },
  };
}

/** Numbers of a throw that is recorded. */
export function recordsOf(seen: RecordedThrow, dots: number): number {
  return seen.observed.length / dots;
}
