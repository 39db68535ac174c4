import type { Contender, TimeRow } from "./measurement.ts";
import { spreadOf } from "./statistics.ts";

/** Work goes on in one turn until so many seconds of it are done, once at least. */
const TURN = 0.05;

/**
 * Times contenders turn by turn, so that what slows the machine down for a while slows all of them.
 *
 * @param contenders - ours first: ratios are to it
 * @param rounds - turns that each of them gets
 */
export async function race(
  work: string,
  contenders: readonly Contender[],
  rounds: number,
): Promise<TimeRow[]> {
  const all = contenders.map((): number[] => []);
  const repeats: number[] = [];
  for (let round = 0; round < rounds; round++)
    for (const [k, contender] of contenders.entries()) {
      const seconds = await contender.run(repeats[k] ?? 1);
      (all[k] as number[]).push(...seconds);
      repeats[k] ??= Math.max(1, Math.ceil(TURN / Math.max(1e-6, Math.min(...seconds))));
    }
  const spreads = all.map(spreadOf);
  const own = spreads[0]?.minimum ?? Number.NaN;
  return contenders.map(({ who, note }, k) => {
    const seconds = spreads[k] as (typeof spreads)[number];
    return {
      work,
      who,
      seconds,
      ...(k === 0 ? {} : { ratio: seconds.minimum / own }),
      ...(note === undefined ? {} : { note }),
    };
  });
}

/** Ours: a function of this process. */
export function own(who: string, work: () => unknown): Contender {
  return {
    who,
    async run(times) {
      const seconds: number[] = [];
      for (let k = 0; k < times; k++) {
        const began = performance.now();
        await work();
        seconds.push((performance.now() - began) / 1000);
      }
      return seconds;
    },
  };
}
