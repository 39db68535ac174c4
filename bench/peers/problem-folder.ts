import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LnnProblem, NetworkProblem, RolloutProblem } from "../speed/problems.ts";

/** All that peers get to work on. */
export interface PeerProblems {
  readonly rollout: RolloutProblem;
  readonly network: NetworkProblem;
  /** The small and the large one. */
  readonly lnn: readonly LnnProblem[];
}

type Arrays = Record<string, readonly [values: Float64Array | Int32Array, ...shape: number[]]>;

/**
 * Writes the data and tables of a run where the peers' programs find them: one raw file an array (little endian, C order; `.f64` float64, `.i32` int32), their
 * shapes and all sizes in `problem.json`, the sizes once more as lines `name value` in `sizes.txt` for those that read no JSON.
 */
export async function writeProblemFolder(folder: string, problems: PeerProblems): Promise<void> {
  await mkdir(folder, { recursive: true });
  const arrays: Record<string, { type: string; shape: readonly number[] }> = {};
  for (const [name, [values, ...shape]] of Object.entries(arraysOf(problems))) {
    const type = values instanceof Int32Array ? "i32" : "f64";
    if (shape.reduce((product, n) => product * n, 1) !== values.length)
      throw new RangeError(`${name} has ${values.length} numbers for ${shape.join(" x ")}`);
    arrays[name] = { type, shape };
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeFile(path.join(folder, `${name}.${type}`), bytes);
  }
  const sizes = sizesOf(problems);
  await writeFile(path.join(folder, "problem.json"), `${JSON.stringify({ sizes, arrays })}\n`);
  const lines = Object.entries(sizes).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(path.join(folder, "sizes.txt"), lines.join(""));
}

function sizesOf({ rollout, network, lnn }: PeerProblems): Record<string, number> {
  const { data, schedule, spline } = rollout;
  const { trajectories, records, components, pairs, residuals } = data;
  const { uniform } = schedule;
  if (uniform === null) throw new RangeError("peers know velocity Verlet on even records alone");
  const { points } = lnn[0];
  return {
    ...{ trajectories, records, components, pairs, residuals },
    ...{ stride: uniform.stride, dt: uniform.dt, "tangent-step": spline.tangentStep },
    ...{ "spline-size": spline.basis.size, "spline-cells": spline.basis.cells.count },
    "table-cells": rollout.network.cells.count,
    "network-points": network.separations.length,
    ...{ "lnn-points": points.points, "lnn-width": points.responses.length },
    ...{ "lnn-components": points.components, "lnn-idle-squares": points.idleSquares },
  };
}

function arraysOf({ rollout, network, lnn }: PeerProblems): Arrays {
  const { data, spline } = rollout;
  const { trajectories, records, components, pairs } = data;
  const { basis } = spline;
  const { points } = lnn[0];
  const row = (values: Float64Array | Int32Array) => [values, values.length] as const;
  return {
    positions: [data.positions, trajectories, records, components],
    "start-velocities": [data.startVelocities, trajectories, components],
    "pair-i": [data.pairI, pairs],
    "pair-j": [data.pairJ, pairs],
    "scale-i": [data.scaleI, pairs],
    "scale-j": [data.scaleJ, pairs],
    "network-weights": row(network.weights),
    "network-separations": row(network.separations),
    "pair-weights": row(rollout.network.weights),
    "spline-coefficients": [spline.coefficients, basis.size],
    "spline-curve": [spline.curve, basis.cells.count, 4],
    "spline-first": [basis.firstBasis, basis.cells.count],
    "spline-polynomials": [basis.polynomials, basis.cells.count, 4, 4],
    ...cellArrays("spline", basis.cells),
    ...cellArrays("table", rollout.network.cells),
    ...Object.fromEntries(
      lnn.map(({ weights, hidden }) => [`lnn-${hidden[0]}-weights`, row(weights)]),
    ),
    "lnn-inputs": [points.inputs, points.points, points.responses.length],
    "lnn-targets": [points.targets, points.points, points.responses.length],
    "lnn-responses": row(points.responses),
  };
}

function cellArrays(name: string, cells: RolloutProblem["network"]["cells"]): Arrays {
  return {
    [`${name}-left`]: [cells.left, cells.count],
    [`${name}-inverse-widths`]: [cells.inverseWidths, cells.count],
    [`${name}-index`]: [cells.index, cells.index.length],
    [`${name}-scale`]: [Float64Array.of(cells.binsPerLength[0], cells.end[0]), 2],
  };
}
