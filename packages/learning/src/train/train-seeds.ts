import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { TrainResultData } from "../runs/result-data.ts";
import type { StopSignal, TrainOptions, TrainResult } from "../runs/train-options.ts";
import type { Threads } from "../threads/threads.ts";

export interface TrainSeedsOptions
  extends Omit<TrainOptions, "seed" | "signal" | "onProgress" | "onLaw" | "checkpoints"> {
  /** One law a pair of species, as `trainSpecies`. Default false. */
  readonly separateSpecies?: boolean;
  readonly signal?: StopSignal;
  /** Told of each training as it ends, in whatever order. */
  readonly onSeed?: (result: SeedResult) => void;
}

/** The training of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly result: TrainResult;
}

/**
 * Trains once with each of some seeds; with `threads`, several at a time.
 *
 * Each result is that of `train` with this seed, bit for bit, whoever made it. After an abort only those come that were done.
 *
 * @returns in the order of the seeds
 * @throws MclnnError as `train`, of the first seed (in order) whose training failed; `bad-option` without seeds
 */
export async function trainSeeds(
  data: TrajectorySet,
  seeds: readonly number[],
  options: TrainSeedsOptions = {},
): Promise<SeedResult[]> {
  checkTrajectorySet("data", data);
  checkArgument("seeds", seeds, "list");
  for (const seed of Array.from(seeds)) checkArgument("seeds", seed, "whole");
  checkArgument("options", options, { separateSpecies: "flag?", onSeed: "function?" });
  if (seeds.length === 0)
    throw new MclnnError("there is nothing to train", {
      code: "bad-option",
      argument: "seeds",
      expected: "one seed or more",
      got: "none",
    });
  const { threads, validation, signal, onSeed, separateSpecies = false, after, ...plain } = options;
  const { seedsTask } = await import("./seeds-task.ts");
  const { resultFromData, resultToData } = await import("../runs/result-data.ts");
  const open = (packed: TrainResultData, part: number): SeedResult => ({
    seed: seeds[part],
    result: resultFromData(packed, `seed ${seeds[part]}`),
  });
  const shared = { data, ...(validation === undefined ? {} : { validation }) };
  const args = {
    seeds,
    options: plain,
    separateSpecies,
    after: after && resultToData(after),
  };
  const done: SeedResult[] = [];
  const onDone = (part: number, packed: TrainResultData): void => {
    done[part] = open(packed, part);
    onSeed?.(done[part]);
  };
  let ended = false;
  const own = seedsTask(shared, args, {
    get aborted() {
      return ended || signal?.aborted === true;
    },
  });
  try {
    await (threads ?? alone).spread({
      task: "training of seeds",
      shared,
      args,
      parts: seeds.length,
      own,
      onDone,
      signal,
    });
  } finally {
    ended = true;
  }
  return done.filter((each) => each !== undefined);
}

/** Where there are no threads to share with. */
const alone: Pick<Threads, "spread"> = {
  async spread({ parts, own, onDone, signal }) {
    const results: Awaited<ReturnType<typeof own>>[] = [];
    for (let part = 0; part < parts && signal?.aborted !== true; part++) {
      const result = await own(part);
      results[part] = result;
      onDone?.(part, result);
    }
    return results;
  },
};
