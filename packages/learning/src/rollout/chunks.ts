/**
 * Sums over trajectories are made in chunks: those of a chunk are added up in order, and then the chunks in theirs.
 *
 * Chunks depend on the number of trajectories alone, so whoever works on them, in whatever order and on however many threads, gets the
 * same bits as long as the chunks are added in order.
 */
export interface Chunk {
  /** Positions in the list of trajectories that are used: from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
}

/** Trajectories that are worked on together: the lanes of the kernels. */
const GROUP = 4;
/** Enough to keep any machine's threads busy, few enough that adding them costs nothing. */
const MOST_CHUNKS = 64;

/** @param used - number of trajectories that are used */
export function chunksOf(used: number): readonly Chunk[] {
  const size = GROUP * Math.ceil(used / (GROUP * MOST_CHUNKS));
  const chunks: Chunk[] = [];
  for (let first = 0; first < used; first += size)
    chunks.push({ first, end: Math.min(used, first + size) });
  return chunks;
}

/** Adds up one number a trajectory, chunk by chunk. @param numbers - [trajectories] */
export function sumInChunks(numbers: Float64Array): number {
  let sum = 0;
  for (const { first, end } of chunksOf(numbers.length)) {
    let own = 0;
    for (let n = first; n < end; n++) own += numbers[n];
    sum += own;
  }
  return sum;
}
