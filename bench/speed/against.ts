import type { Work } from "../peers/peer.ts";
import { sameAs } from "./judges.ts";
import type { Bench, Goal, TimeRow } from "./measurement.ts";
import { own, race } from "./race.ts";

/** Turns of each contender. */
const ROUNDS = 9;
const QUICK_ROUNDS = 2;

/** Our time for a piece of work and those of the peers that do it too. */
export interface Comparison {
  readonly times: readonly TimeRow[];
  /** A goal for the ratio of minima between a peer and us: ours over theirs where the sense is `most`, theirs over ours where it is `least`. */
  goal(
    who: string,
    goal: { readonly what: string; readonly sense: Goal["sense"]; readonly bound: number },
  ): Goal;
}

/** Races us against the peers that do the same work. @param result - does it once and gives what peers' results are checked against */
export async function against(
  { quick, peers }: Bench,
  name: Work,
  { work, result }: { readonly work: string; readonly result: () => Float64Array },
): Promise<Comparison> {
  const { ready, absent } =
    peers === null
      ? { ready: [], absent: [] }
      : await peers.contenders(name, sameAs(result().slice()));
  const timed = await race(work, [own("MCLNN", result), ...ready], quick ? QUICK_ROUNDS : ROUNDS);
  const times = [...timed, ...absent.map((row) => ({ work, ...row }))];
  return {
    times,
    goal(who, { what, sense, bound }) {
      const row = times.find((time) => time.who === who);
      const ratio = row?.ratio;
      if (ratio === undefined)
        return {
          what,
          measured: null,
          bound,
          sense,
          unit: "x",
          note: row?.note ?? (peers === null ? "with --peers" : `${who} does not do it`),
        };
      return { what, measured: sense === "most" ? 1 / ratio : ratio, bound, sense, unit: "x" };
    },
  };
}
