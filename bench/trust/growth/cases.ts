import type { TrajectorySet } from "@mclnn/datasets";

const words = (line: string): string[] => line.split(" ");

/** A command, what it ends with, and the error's code where it is refused. */
export interface Case {
  readonly args: readonly string[];
  readonly code: number;
  readonly error?: string;
}

/** The least that can be given, and too much. */
export const LEAST: readonly Case[] = [
  {
    args: words("generate --system gravity --trajectories 1 --records 1 --out no.npz --json"),
    code: 2,
    error: "bad-option",
  },
  { args: words("inspect one-record.npz"), code: 0 },
  { args: words("train --data one-record.npz --json"), code: 2, error: "too-few-records" },
  { args: words("generate --system gravity --trajectories 1 --records 2 --out b.npz"), code: 0 },
  { args: words("train --data b.npz --json"), code: 2, error: "too-little-data" },
  { args: words("generate --system gravity --trajectories 1 --records 20 --out one.npz"), code: 0 },
  { args: words("train --data one.npz --model spline --out one.st"), code: 0 },
  {
    args: words(
      "generate --potential 0.5*(r-1)^2 --initial two.json --trajectories 1 --records 20 --out two.npz",
    ),
    code: 0,
  },
  { args: words("train --data two.npz --model spline --out two.st"), code: 0 },
  {
    args: words("simulate --model two.st --initial two.json --records 2 --out frames.npz"),
    code: 0,
  },
  { args: words("train --data huge.npz --json"), code: 2, error: "unreadable-file" },
  { args: words("train --data alone.npz --json"), code: 2, error: "too-few-particles" },
];
/** All that is done with data, with and without noise, with and without velocities: each command reads what the one before wrote. */
const chain = (name: string, options: string, velocities: boolean): readonly Case[] => [
  {
    args: words(
      `generate --system linear-spring --trajectories 30 --seed 3${options} --out ${name}.npz`,
    ),
    code: 0,
  },
  ...["spline", "mclnn"].flatMap((model): Case[] => {
    const file = `${name}-${model}.safetensors`;
    return [
      {
        args: words(`train --data ${name}.npz --model ${model} --threads 2 --out ${file}`),
        code: 0,
      },
      { args: words(`law --model ${file} --out ${name}-${model}.csv`), code: 0 },
      {
        args: words(`simulate --model ${file} --initial two.json --out ${name}-${model}.npz`),
        code: 0,
      },
      velocities
        ? { args: words(`evaluate --model ${file} --data ${name}.npz`), code: 0 }
        : {
            args: words(`evaluate --model ${file} --data ${name}.npz --json`),
            code: 2,
            error: "missing-velocities",
          },
    ];
  }),
];

/** What a user would put together; and many particles for long. */
export const COMBINATIONS: readonly Case[] = [
  ...chain("exact", "", true),
  ...chain("noisy", " --noise 1e-3", true),
  ...chain("tracks", " --noise 1e-3 --drop-velocities", false),
  ...chain("clean-tracks", " --drop-velocities", false),
  ...chain("gaps", " --noise 1e-3 --missing 0.1 --shortest 8", true),
  ...[
    "generate --system quartic-spring --trajectories 10 --records 2000 --out chaos.npz",
    "train --data chaos.npz --model spline --out chaos-spline.safetensors",
    "train --data chaos.npz --out chaos.safetensors",
    "generate --potential lennard-jones --initial s125.json --trajectories 4 --dt 0.002 --out many.npz",
    "train --data many.npz --model spline --out many.safetensors",
    "simulate --model many.safetensors --initial s125.json --records 20 --dt 0.002 --out many-run.npz",
    "generate --potential lennard-jones --initial s64.json --trajectories 1 --records 2000 --dt 0.002 --out long.npz",
    "train --data long.npz --model spline --out long.safetensors",
  ].map((line) => ({ args: words(line), code: 0 })),
];

/** Bytes of `huge.npz`: more than Node reads at once. */
export const HUGE = 3 * 2 ** 30;
/** Trajectories of one record, and of one particle. */
export const LEAST_DATA: Readonly<Record<string, TrajectorySet>> = {
  "one-record.npz": trajectory(2, 1),
  "alone.npz": trajectory(1, 20),
};

function trajectory(particles: number, records: number): TrajectorySet {
  const size = 2 * particles * records;
  return {
    trajectories: 1,
    records,
    particles,
    dimension: 2,
    masses: new Float64Array(particles).fill(1),
    times: Float64Array.from({ length: records }, (_, k) => 0.1 * k),
    positions: Float64Array.from({ length: size }, (_, k) => k),
    velocities: new Float64Array(size),
    provenance: {},
  };
}
/** Two particles. */
export const STARTS: Readonly<Record<string, string>> = {
  "two.json": JSON.stringify({
    masses: [1, 1],
    positions: [
      [0, 0],
      [1.2, 0],
    ],
    velocities: [
      [0, 0.1],
      [0, -0.1],
    ],
  }),
};
