import { processorSeconds, spreadOf } from "../numbers.ts";
import type { Work } from "../peers/peer.ts";
import { type Bench, type Contender, type Goal, sameAs, type TimeRow } from "./measurement.ts";

/** Work is done in one turn until so many seconds of it are done, once at least. */
const TURN = 0.05;
/** Who has worked for so many seconds has no more turns. */
const ENOUGH = 12;
/** Before the first turn that counts it is done for so long: compilers and caches warm up. */
const WARM_UP = 0.1;

const sum = (seconds: readonly number[]): number => seconds.reduce((total, s) => total + s, 0);

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
  const timesIn = (length: number, seconds: readonly number[]): number =>
    Math.max(1, Math.ceil(length / Math.max(1e-6, Math.min(...seconds))));
  const all: { contender: Contender; done: number[]; repeats: number }[] = [];
  for (const contender of contenders) {
    const { first = [] } = contender;
    if (sum(first) > ENOUGH) all.push({ contender, done: [...first], repeats: 1 });
    else {
      const once = await contender.run(1);
      const warm = timesIn(WARM_UP, once);
      const repeats = timesIn(TURN, warm > 1 ? await contender.run(warm) : once);
      all.push({ contender, done: [], repeats });
    }
  }
  for (let round = 0; round < rounds; round++)
    for (const { contender, done, repeats } of all)
      if (sum(done) <= ENOUGH) done.push(...(await contender.run(repeats)));
  const spreads = all.map(({ done }) => spreadOf(done));
  return contenders.map(({ who, note }, k) => ({
    ...{ work, who, seconds: spreads[k] },
    ...(k === 0 ? {} : { ratio: spreads[k].minimum / spreads[0].minimum }),
    ...(note === undefined ? {} : { note }),
  }));
}

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

/** Turns of each contender against peers. */
const ROUNDS = { quick: 2, full: 9 };

/**
 * Races us against the peers that do the same work.
 *
 * @param result - does it once and gives what peers' results are checked against
 * @returns times, and a maker of goals for the ratio of minima between a peer and us: ours over theirs where the sense is `most`, theirs over ours where it is `least`
 */
export async function against(
  { quick, peers }: Bench,
  name: Work,
  { work, result }: { readonly work: string; readonly result: () => Float64Array },
): Promise<{
  readonly times: readonly TimeRow[];
  goal(who: string, what: string, sense: Goal["sense"], bound: number): Goal;
}> {
  const { ready, absent } =
    peers === null
      ? { ready: [], absent: [] }
      : await peers.contenders(name, sameAs(result().slice()));
  const rounds = ROUNDS[quick ? "quick" : "full"];
  const timed = await race(work, [own("MCLNN", result), ...ready], rounds);
  const times = [...timed, ...absent.map((row) => ({ work, ...row }))];
  return {
    times,
    goal(who, what, sense, bound) {
      const row = times.find((time) => time.who === who);
      const ratio = row?.ratio;
      const missing = row?.note ?? (peers === null ? "with --peers" : `${who} does not do it`);
      const known = { what, bound, sense, unit: "x" } as const;
      if (ratio === undefined) return { ...known, measured: null, note: missing };
      return { ...known, measured: sense === "most" ? 1 / ratio : ratio };
    },
  };
}
