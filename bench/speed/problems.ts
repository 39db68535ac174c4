import type { PeerProblems } from "../peers/problem-folder.ts";
import { lnnProblem } from "./lnn-problem.ts";
import { networkProblem } from "./network-problem.ts";
import { paperTrajectories, rolloutProblem } from "./rollout-problem.ts";

/** The pieces of work of a run; each made once, when first asked for. */
export function createProblems(quick: boolean): () => PeerProblems {
  const make = {
    rollout: () =>
      rolloutProblem(
        paperTrajectories("linear-spring", quick ? { trajectories: 5, records: 5 } : {}),
        quick ? 12 : 36,
      ),
    network: () => networkProblem(quick ? 100 : 10_000),
    lnn: () =>
      [
        [10, 10],
        [256, 256],
      ].map((hidden) => lnnProblem(hidden, quick ? 20 : 10_000)),
  };
  const made: { -readonly [K in keyof PeerProblems]?: PeerProblems[K] } = {};
  const problems: PeerProblems = {
    get rollout() {
      made.rollout ??= make.rollout();
      return made.rollout;
    },
    get network() {
      made.network ??= make.network();
      return made.network;
    },
    get lnn() {
      made.lnn ??= make.lnn();
      return made.lnn;
    },
  };
  return () => problems;
}
