import { writeFile } from "node:fs/promises";
import path from "node:path";
import { runMclnn } from "../mclnn-process.ts";
import type { Goal, Measurement, TimeRow } from "../measurement.ts";
import { spreadOf } from "../statistics.ts";

/** Memory that a run may take. */
const GIGABYTES = 1.5;

/** A cube of n x n x n particles at rest, a length apart. */
function cube(n: number): string {
  const side = Array.from({ length: n }, (_, k) => k - (n - 1) / 2);
  const positions = side.flatMap((x) => side.flatMap((y) => side.map((z) => [x, y, z])));
  return JSON.stringify({
    masses: positions.map(() => 1),
    positions,
    velocities: positions.map(([x, y, z]) => [
      0.1 * (y as number),
      0.1 * (z as number),
      0.1 * (x as number),
    ]),
  });
}

export const largeData: Measurement = {
  name: "large-data",
  title: "Many trajectories, many particles",
  async measure({ quick, folder, say }) {
    const start = path.join(folder, "cube.json");
    await writeFile(start, cube(quick ? 2 : 4));
    const cases = [
      {
        work: `${quick ? 50 : 10_000} trajectories x 20 records, N = 3`,
        source: ["--system", "linear-spring", "--trajectories", quick ? "50" : "10000"],
      },
      {
        work: `100 trajectories x 20 records, N = ${quick ? 8 : 64}`,
        // Softer than one between three particles: every particle has many.
        source: [
          ...["--potential", `${quick ? 0.1 : 0.02}*(r-1)^2`, "--initial", start],
          ...["--trajectories", quick ? "5" : "100", "--scheme", "random"],
        ],
      },
    ];
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    for (const [k, { work, source }] of cases.entries()) {
      const data = path.join(folder, `large-${k}.npz`);
      const model = path.join(folder, `large-${k}.safetensors`);
      const steps = [
        ["generate", ["generate", ...source, "--out", data]],
        ["train", ["train", "--data", data, "--out", model]],
      ] as const;
      for (const [who, args] of steps) {
        const { wall, processor, memory } = await runMclnn([...args, "--quiet", "--force"], folder);
        say(`  ${work}: ${who} ${wall.toFixed(1)} s`);
        const note = `${(memory / 1e9).toFixed(2)} GB at most; ${processor.toFixed(2)} s of processor time`;
        times.push({ work, who: `mclnn ${who}, by the wall`, seconds: spreadOf([wall]), note });
        goals.push({
          what: `${who}: memory of ${work}`,
          measured: memory / 1e9,
          bound: GIGABYTES,
          sense: "most",
          unit: "GB",
        });
      }
    }
    return {
      times,
      goals,
      notes: ["Whole processes; MCLNN to 1e-8 with the defaults of the command line."],
    };
  },
};
