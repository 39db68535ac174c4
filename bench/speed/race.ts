import type { Contender, TimeRow } from "./measurement.ts";
import { processorSeconds } from "./processor-time.ts";
import { spreadOf } from "./statistics.ts";

/** Work is done in one turn until so many seconds of it are done, once at least. */
const TURN = 0.05;
/** Who has worked for so many seconds has no more turns. */
const ENOUGH = 12;
/** Before the first turn that counts it is done for so long: compilers and caches warm up. */
const WARM_UP = 0.1;

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
  const slow = ({ first = [] }: Contender): boolean => sum(first) > ENOUGH;
  const all = contenders.map((one): number[] => (slow(one) ? [...(one.first ?? [])] : []));
  const repeats: number[] = [];
  const timesIn = (length: number, seconds: readonly number[]): number =>
    Math.max(1, Math.ceil(length / Math.max(1e-6, Math.min(...seconds))));
  for (const contender of contenders) {
    if (slow(contender)) {
      repeats.push(1);
      continue;
    }
    const first = await contender.run(1);
    const warm = timesIn(WARM_UP, first);
    repeats.push(timesIn(TURN, warm > 1 ? await contender.run(warm) : first));
  }
  for (let round = 0; round < rounds; round++)
    for (const [k, contender] of contenders.entries()) {
      const done = all[k];
      if (sum(done) > ENOUGH) continue;
      done.push(...(await contender.run(repeats[k])));
    }
  const spreads = all.map(spreadOf);
  const own = spreads[0]?.minimum ?? Number.NaN;
  return contenders.map(({ who, note }, k) => {
    const seconds = spreads[k];
    return {
      work,
      who,
      seconds,
      ...(k === 0 ? {} : { ratio: seconds.minimum / own }),
      ...(note === undefined ? {} : { note }),
    };
  });
}

const sum = (seconds: readonly number[]): number => seconds.reduce((total, s) => total + s, 0);

/** Ours: a function of this process, by its processor time. */
export function own(who: string, work: () => unknown): Contender {
  return {
    who,
    async run(times) {
      const seconds: number[] = [];
      for (let k = 0; k < times; k++) {
        const began = processorSeconds();
        await work();
        seconds.push(processorSeconds() - began);
      }
      return seconds;
    },
  };
}
