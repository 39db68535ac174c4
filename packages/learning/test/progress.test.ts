import { afterEach, describe, expect, it, vi } from "vitest";
import { SensitivityPass } from "../src/engine/sensitivity.ts";
import { sortedSeparations } from "../src/records/training-data.ts";
import { LossLog } from "../src/runs/loss-log.ts";
import type { TrainProgress } from "../src/runs/train-options.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { useKernels } from "../src/wasm/work.ts";
import { randomProblem } from "./random-problem.ts";

afterEach(() => {
  useKernels(true);
  vi.useRealTimers();
});

describe("progress in the middle of a long pass", () => {
  it.each([true, false])("every chunk of trajectories is told of (kernels: %s)", (kernels) => {
    useKernels(kernels);
    let told = 0;
    const { data, schedule } = randomProblem(1, { particles: 2, dimension: 3, trajectories: 12 });
    const watched = { ...data, watch: () => told++ };
    const basis = buildBasis(sortedSeparations(data), { cells: 8 });
    const curve = new Float64Array(4 * basis.cells.count);
    new SensitivityPass(watched, schedule, basis).normalEquations(curve);
    // Chunks of four trajectories; plain TypeScript is slower, and tells of each.
    expect(told).toBe(kernels ? 3 : 12);
  });

  it("where training was last is said again after half a second of silence, with the time it has taken", () => {
    vi.useFakeTimers({ now: 0, toFake: ["performance"] });
    const said: TrainProgress[] = [];
    const log = new LossLog(performance.now(), { until: 0, onProgress: (p) => said.push(p) });
    log.goesOn();
    expect(said).toHaveLength(0);
    log.progress("smoothing", 3, 0.25);
    vi.advanceTimersByTime(400);
    log.goesOn();
    expect(said).toHaveLength(1);
    vi.advanceTimersByTime(200);
    log.goesOn();
    log.goesOn();
    expect(said).toEqual([
      { phase: "smoothing", iteration: 3, loss: 0.25, seconds: 0 },
      { phase: "smoothing", iteration: 3, loss: 0.25, seconds: 0.6 },
    ]);
  });
});
