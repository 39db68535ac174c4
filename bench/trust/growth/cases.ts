import type { TrajectorySet } from "@mclnn/datasets";

/** A command; where it is refused, the error's code, which it prints under `--json`. */
export type Case = readonly [line: string, error?: string];

/** The least that can be given, and too much. */
export const LEAST: readonly Case[] = [
  ["generate --system gravity --trajectories 1 --records 1 --out no.npz", "bad-option"],
  ["inspect one-record.npz"],
  ["train --data one-record.npz", "too-few-records"],
  ["generate --system gravity --trajectories 1 --records 2 --out b.npz"],
  ["train --data b.npz", "too-little-data"],
  ["generate --system gravity --trajectories 1 --records 20 --out one.npz"],
  ["train --data one.npz --model spline --out one.st"],
  [
    "generate --potential 0.5*(r-1)^2 --initial two.json --trajectories 1 --records 20 --out two.npz",
  ],
  ["train --data two.npz --model spline --out two.st"],
  ["simulate --model two.st --initial two.json --records 2 --out frames.npz"],
  ["train --data alone.npz", "too-few-particles"],
];

/** More than Node reads at once: gigabytes, of which it takes half a minute to know that they are no archive. */
export const HUGE_FILE: Case = ["train --data huge.npz", "bad-zip"];

/** All that is done with data, with and without noise, with and without velocities: each command reads what the one before wrote. */
const chain = (name: string, options: string): readonly Case[] => [
  [`generate --system linear-spring --trajectories 30 --seed 3${options} --out ${name}.npz`],
  ...["spline", "mclnn"].flatMap((model): Case[] => {
    const file = `${name}-${model}.safetensors`;
    const evaluate = `evaluate --model ${file} --data ${name}.npz`;
    return [
      [`train --data ${name}.npz --model ${model} --threads 2 --out ${file}`],
      [`law --model ${file} --out ${name}-${model}.csv`],
      [`simulate --model ${file} --initial two.json --out ${name}-${model}.npz`],
      options.includes("--drop-velocities") ? [evaluate, "missing-velocities"] : [evaluate],
    ];
  }),
];

/** What a user would put together; and many particles for long. */
export const COMBINATIONS: readonly Case[] = [
  ...chain("exact", ""),
  ...chain("noisy", " --noise 1e-3"),
  ...chain("tracks", " --noise 1e-3 --drop-velocities"),
  ...chain("clean-tracks", " --drop-velocities"),
  ...chain("gaps", " --noise 1e-3 --missing 0.1 --shortest 8"),
  ["generate --system quartic-spring --trajectories 10 --records 2000 --out chaos.npz"],
  ["train --data chaos.npz --model spline --out chaos-spline.safetensors"],
  ["train --data chaos.npz --out chaos.safetensors"],
  [
    "generate --potential lennard-jones --initial s125.json --trajectories 4 --dt 0.002 --out many.npz",
  ],
  ["train --data many.npz --model spline --out many.safetensors"],
  [
    "simulate --model many.safetensors --initial s125.json --records 20 --dt 0.002 --out many-run.npz",
  ],
  [
    "generate --potential lennard-jones --initial s64.json --trajectories 1 --records 2000 --dt 0.002 --out long.npz",
  ],
  ["train --data long.npz --model spline --out long.safetensors"],
];

/** Bytes of `huge.npz`. */
export const HUGE = 3 * 2 ** 30;
/** Two particles. */
export const TWO = '{"masses":[1,1],"positions":[[0,0],[1.2,0]],"velocities":[[0,0.1],[0,-0.1]]}';

/** One trajectory of so many particles and records. */
export function trajectory(particles: number, records: number): TrajectorySet {
  const size = 2 * particles * records;
  return {
    ...{ trajectories: 1, records, particles, dimension: 2, provenance: {} },
    masses: new Float64Array(particles).fill(1),
    times: Float64Array.from({ length: records }, (_, k) => 0.1 * k),
    positions: Float64Array.from({ length: size }, (_, k) => k),
    velocities: new Float64Array(size),
  };
}
