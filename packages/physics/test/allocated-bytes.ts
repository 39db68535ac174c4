/**
 * Bytes that one `run` allocates, the median of many rounds: a collection within a round makes a difference of heap sizes negative,
 * a compilation makes it large. Rounds are repeated until one batch is no more than `enough`, since on a busy machine the optimising
 * compiler may come late; what allocates every time is never low.
 */
export function allocatedBytes(run: () => void, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 10 && least > enough; batch++) {
    for (let k = 0; k < 10; k++) run();
    const rounds: number[] = [];
    for (let round = 0; round < 31; round++) {
      const before = process.memoryUsage().heapUsed;
      run();
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0) rounds.push(grown);
    }
    rounds.sort((a, b) => a - b);
    least = Math.min(least, rounds[rounds.length >> 1] ?? Number.POSITIVE_INFINITY);
  }
  return least;
}
