import {
  type Cell,
  type CellResult,
  isLearned,
  type Learned,
  METHODS,
  type Method,
  type Outcome,
} from "./cell.ts";

/** A cell over all its seeds. */
export interface AveragedResult {
  readonly cell: Omit<Cell, "seed">;
  readonly seeds: number;
  /** Means over seeds; a failure of any seed is the outcome of all. */
  readonly outcomes: Readonly<Record<Method, Outcome>>;
}

/** Results with the same cell but for the seed, as one, in order of appearance. */
export function averaged(results: readonly CellResult[]): AveragedResult[] {
  const groups = new Map<string, CellResult[]>();
  for (const result of results) {
    const { seed, ...cell } = result.cell;
    const key = JSON.stringify([cell.system, cell.noise, cell.velocities, cell.trajectories]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()].map((group) => {
    const { seed, ...cell } = group[0].cell;
    const over = (method: Method): Outcome =>
      average(group.map(({ outcomes }) => outcomes[method]));
    return {
      cell,
      seeds: group.length,
      outcomes: Object.fromEntries(METHODS.map((method) => [method, over(method)])) as Record<
        Method,
        Outcome
      >,
    };
  });
}

function average(outcomes: readonly Outcome[]): Outcome {
  const failed = outcomes.find((outcome) => !isLearned(outcome));
  if (failed !== undefined) return failed;
  const learned = outcomes.filter(isLearned);
  const first = learned[0];
  if (learned.length === 1) return first;
  const over = (value: (outcome: Learned) => number | undefined | null): number | undefined =>
    mean(learned.map(value).filter((x) => x !== undefined && x !== null));
  const shares = (kind: "data" | "range"): readonly [number, number] => [
    over(({ coverage }) => coverage?.[kind][0]) as number,
    over(({ coverage }) => coverage?.[kind][1]) as number,
  ];
  const loss = over((outcome) => outcome.loss);
  const noiseRatio = over((outcome) => outcome.noiseRatio);
  const slopeByNoise = over((outcome) => outcome.slopeByNoise);
  return {
    seconds: over(({ seconds }) => seconds) as number,
    slope: {
      mean: over(({ slope }) => slope.mean) as number,
      max: over(({ slope }) => slope.max) as number,
    },
    ...(slopeByNoise === undefined ? {} : { slopeByNoise }),
    way: first.way,
    ...(loss === undefined ? {} : { loss }),
    ...(noiseRatio === undefined ? {} : { noiseRatio }),
    ...(learned.every(({ coverage }) => coverage !== undefined)
      ? { coverage: { data: shares("data"), range: shares("range") } }
      : {}),
  };
}

/** undefined of nothing. */
export function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** The middle one; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
