import { isMclnnError } from "@mclnn/physics";
import type { Judge, PeerContender, PeerPrograms, TimeRow } from "../speed/measurement.ts";
import type { Peer, Work } from "./peer.ts";
import { type PeerProblems, writeProblemFolder } from "./problem-folder.ts";
import { PeerProgram } from "./program.ts";

interface CastOptions {
  readonly peers: readonly Peer[];
  readonly problems: () => PeerProblems;
  readonly python: string;
  readonly folder: string;
  readonly say: (text: string) => void;
}

type Absent = Omit<TimeRow, "work">;
/** What became of a peer: its program, or why there is none. */
type Started = PeerProgram | { readonly missing: string };

/** The programs of a run's peers: each is prepared and started when first needed, and kept until {@link Cast.stop}. */
export class Cast implements PeerPrograms {
  readonly #options: CastOptions;
  readonly #started = new Map<Peer, Promise<Started>>();
  #written: Promise<void> | undefined;

  constructor(options: CastOptions) {
    this.#options = options;
  }

  async contenders(
    work: Work,
    judge: Judge,
  ): Promise<{ ready: PeerContender[]; absent: Absent[] }> {
    const ready: PeerContender[] = [];
    const absent: Absent[] = [];
    for (const peer of this.#options.peers) {
      const tolerance = peer.works[work];
      if (tolerance === undefined) continue;
      const starting = this.#started.get(peer) ?? this.#start(peer);
      this.#started.set(peer, starting);
      const found = await orMissing(async () => {
        const started = await starting;
        if (!(started instanceof PeerProgram)) return started;
        return tryOut(peer.title, started, work, judge, tolerance);
      });
      if ("run" in found) ready.push(found);
      else absent.push({ who: peer.title, seconds: null, note: found.missing });
    }
    return { ready, absent };
  }

  async #start(peer: Peer): Promise<Started> {
    const { folder, python, problems, say } = this.#options;
    this.#written ??= writeProblemFolder(folder, problems());
    await this.#written;
    const command = await peer.prepare({ folder, python });
    if ("missing" in command) {
      say(`${peer.title}: ${command.missing}; to install: ${peer.install}`);
      return { missing: `${command.missing} (${peer.install})` };
    }
    const started = await orMissing(() => PeerProgram.start(peer.name, command, folder));
    if ("missing" in started) say(`${peer.title}: ${started.missing}`);
    return started;
  }

  /** Versions that the programs told: "PyTorch" to { torch: "2.15.0" }. */
  async versions(): Promise<Record<string, Readonly<Record<string, string>>>> {
    const out: Record<string, Readonly<Record<string, string>>> = {};
    for (const [peer, starting] of this.#started) {
      const started = await starting;
      if (started instanceof PeerProgram) out[peer.title] = started.versions;
    }
    return out;
  }

  /** Ends all programs. */
  async stop(): Promise<void> {
    for (const starting of this.#started.values()) {
      const started = await starting;
      if (started instanceof PeerProgram) started.stop();
    }
  }
}

/** The peer at work once, its result checked. */
async function tryOut(
  who: string,
  program: PeerProgram,
  work: Work,
  judge: Judge,
  tolerance: number,
): Promise<PeerContender | { readonly missing: string }> {
  const solve = async (times: number) => {
    const { seconds, result } = await program.run(work, times);
    return { seconds, result: await program.read(result) };
  };
  const { seconds: first, result } = await solve(1);
  const off = judge.of(result);
  const verdict = `${judge.words(off)} (at most ${tolerance.toExponential()})`;
  if (!(off <= tolerance)) return { missing: `no time: ${verdict}` };
  const run = async (times: number) => (await program.run(work, times)).seconds;
  return { who, run, solve, first, note: off === 0 ? "the same numbers" : verdict };
}

async function orMissing<T>(work: () => Promise<T>): Promise<T | { readonly missing: string }> {
  try {
    return await work();
  } catch (error) {
    if (!isMclnnError(error)) throw error;
    return { missing: error.message };
  }
}
