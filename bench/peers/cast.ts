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

/** What became of a peer: its program, or why there is none. */
type Started = PeerProgram | { readonly missing: string };

/** The programs of a run's peers: each is prepared and started when first needed, and kept until {@link Cast.stop}. */
export class Cast implements PeerPrograms {
  private readonly options: CastOptions;
  private readonly started = new Map<string, Promise<Started>>();
  private written: Promise<void> | undefined;

  constructor(options: CastOptions) {
    this.options = options;
  }

  async contenders(
    work: Work,
    judge: Judge,
  ): Promise<{ ready: PeerContender[]; absent: Omit<TimeRow, "work">[] }> {
    const ready: PeerContender[] = [];
    const absent: Omit<TimeRow, "work">[] = [];
    for (const peer of this.options.peers) {
      const tolerance = peer.works[work];
      if (tolerance === undefined) continue;
      const found = await this.tryOut(peer, work, judge, tolerance);
      if ("run" in found) ready.push(found);
      else absent.push({ who: peer.title, seconds: null, note: found.missing });
    }
    return { ready, absent };
  }

  /** The peer at work once, its result checked. */
  private async tryOut(
    peer: Peer,
    work: Work,
    judge: Judge,
    tolerance: number,
  ): Promise<PeerContender | { readonly missing: string }> {
    const program = await this.program(peer);
    if (!(program instanceof PeerProgram)) return program;
    const solve = async (
      times: number,
    ): Promise<{ seconds: readonly number[]; result: Float64Array }> => {
      const { seconds, result } = await program.run(work, times);
      return { seconds, result: await program.read(result) };
    };
    try {
      const { seconds, result } = await solve(1);
      const off = judge.of(result);
      const verdict = `${judge.words(off)} (at most ${tolerance.toExponential()})`;
      if (!(off <= tolerance)) return { missing: `no time: ${verdict}` };
      return {
        who: peer.title,
        run: async (times) => (await program.run(work, times)).seconds,
        solve,
        first: seconds,
        note: off === 0 ? "the same numbers" : verdict,
      };
    } catch (error) {
      if (!isMclnnError(error)) throw error;
      return { missing: error.message };
    }
  }

  private program(peer: Peer): Promise<Started> {
    const known = this.started.get(peer.name);
    if (known !== undefined) return known;
    const starting = this.start(peer);
    this.started.set(peer.name, starting);
    return starting;
  }

  private async start(peer: Peer): Promise<Started> {
    const { folder, python, problems, say } = this.options;
    this.written ??= writeProblemFolder(folder, problems());
    await this.written;
    const command = await peer.prepare({ folder, python });
    if ("missing" in command) {
      say(`${peer.title}: ${command.missing}; to install: ${peer.install}`);
      return { missing: `${command.missing} (${peer.install})` };
    }
    try {
      return await PeerProgram.start(peer.name, command, folder);
    } catch (error) {
      if (!isMclnnError(error)) throw error;
      say(`${peer.title}: ${error.message}`);
      return { missing: error.message };
    }
  }

  /** Versions that the programs told: "PyTorch" to { torch: "2.15.0" }. */
  async versions(): Promise<Record<string, Readonly<Record<string, string>>>> {
    const out: Record<string, Readonly<Record<string, string>>> = {};
    for (const peer of this.options.peers) {
      const program = await this.started.get(peer.name);
      if (program instanceof PeerProgram) out[peer.title] = program.versions;
    }
    return out;
  }

  /** Ends all programs. */
  async stop(): Promise<void> {
    for (const starting of this.started.values()) {
      const program = await starting;
      if (program instanceof PeerProgram) program.stop();
    }
  }
}
