import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LnnProblem } from "../speed/lnn-problem.ts";
import type { NetworkProblem } from "../speed/network-problem.ts";
import type { RolloutProblem } from "../speed/rollout-problem.ts";

/** All that peers get to work on. */
export interface PeerProblems {
  readonly rollout: RolloutProblem;
  readonly network: NetworkProblem;
  /** The small and the large one. */
  readonly lnn: readonly LnnProblem[];
}

type Values = Float64Array | Int32Array;

/**
 * Writes the data and tables of a run where the peers' programs find them: one raw file an array (little endian, C order; `.f64` float64, `.i32` int32), their
 * shapes and all sizes in `problem.json`, the sizes once more as lines `name value` in `sizes.txt` for those that read no JSON.
 */
export async function writeProblemFolder(folder: string, problems: PeerProblems): Promise<void> {
  const { rollout, network, lnn } = problems;
  const { data, schedule, spline } = rollout;
  const { trajectories, records, components, pairs } = data;
  const { uniform } = schedule;
  if (uniform === null) throw new RangeError("peers know velocity Verlet on even records alone");
  const arrays: Record<string, readonly [values: Values, ...shape: number[]]> = {
    positions: [data.positions, trajectories, records, components],
    "start-velocities": [data.startVelocities, trajectories, components],
    "pair-i": [data.pairI, pairs],
    "pair-j": [data.pairJ, pairs],
    "scale-i": [data.scaleI, pairs],
    "scale-j": [data.scaleJ, pairs],
    "network-weights": [network.weights, network.weights.length],
    "network-separations": [network.separations, network.separations.length],
    "pair-weights": [rollout.network.weights, rollout.network.weights.length],
    "spline-coefficients": [spline.coefficients, spline.basis.size],
    "spline-curve": [spline.curve, spline.basis.cells.count, 4],
    "spline-first": [spline.basis.firstBasis, spline.basis.cells.count],
    "spline-polynomials": [spline.basis.polynomials, spline.basis.cells.count, 4, 4],
    ...cellArrays("spline", spline.basis.cells),
    ...cellArrays("table", rollout.network.cells),
  };
  lnn.forEach(({ points, weights, hidden }) => {
    const name = `lnn-${hidden[0]}`;
    const width = points.responses.length;
    arrays[`${name}-weights`] = [weights, weights.length];
    arrays["lnn-inputs"] = [points.inputs, points.points, width];
    arrays["lnn-targets"] = [points.targets, points.points, width];
    arrays["lnn-responses"] = [points.responses, width];
  });
  const firstLnn = lnn[0]?.points;
  const sizes = {
    trajectories,
    records,
    components,
    pairs,
    stride: uniform.stride,
    dt: uniform.dt,
    residuals: data.residuals,
    "spline-size": spline.basis.size,
    "spline-cells": spline.basis.cells.count,
    "tangent-step": spline.tangentStep,
    "table-cells": rollout.network.cells.count,
    "network-points": network.separations.length,
    "lnn-points": firstLnn?.points ?? 0,
    "lnn-width": firstLnn?.responses.length ?? 0,
    "lnn-components": firstLnn?.components ?? 0,
    "lnn-idle-squares": firstLnn?.idleSquares ?? 0,
  };
  await mkdir(folder, { recursive: true });
  const described: Record<string, { type: string; shape: readonly number[] }> = {};
  for (const [name, [values, ...shape]] of Object.entries(arrays)) {
    const type = values instanceof Int32Array ? "i32" : "f64";
    if (shape.reduce((product, n) => product * n, 1) !== values.length)
      throw new RangeError(`${name} has ${values.length} numbers for ${shape.join(" x ")}`);
    described[name] = { type, shape };
    await writeFile(
      path.join(folder, `${name}.${type}`),
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  }
  await writeFile(
    path.join(folder, "problem.json"),
    `${JSON.stringify({ sizes, arrays: described }, null, 1)}\n`,
  );
  await writeFile(
    path.join(folder, "sizes.txt"),
    Object.entries(sizes)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(""),
  );
}

function cellArrays(
  name: string,
  cells: RolloutProblem["network"]["cells"],
): Record<string, readonly [Values, ...number[]]> {
  return {
    [`${name}-left`]: [cells.left, cells.count],
    [`${name}-inverse-widths`]: [cells.inverseWidths, cells.count],
    [`${name}-index`]: [cells.index, cells.index.length],
    [`${name}-scale`]: [Float64Array.of(cells.binsPerLength[0], cells.end[0]), 2],
  };
}
