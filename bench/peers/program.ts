import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { MclnnError } from "@mclnn/physics";
import type { PeerCommand } from "./peer.ts";

/** One answer of a program. */
interface Answer {
  readonly seconds?: readonly number[];
  /** Name of a file of float64 in the folder. */
  readonly result?: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** Longest time that a program may think about one request. */
const PATIENCE = 3_600_000;

/**
 * A peer's program, running.
 *
 * It is started with the run's folder and its own name, says `{"versions": {...}}` when it is ready, and then answers each line `WORK TIMES` on its standard
 * input with one line of JSON: `{"seconds": [...], "result": "FILE"}` (processor time of each repetition, or iteration) or `{"error": "..."}`.
 */
export class PeerProgram {
  /** What it runs on: "torch" to "2.15.0". */
  versions: Readonly<Record<string, string>> = {};
  readonly #name: string;
  readonly #folder: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaints = "";

  private constructor(name: string, { command, args, env = {} }: PeerCommand, folder: string) {
    this.#name = name;
    this.#folder = folder;
    const child = spawn(command, [...args, folder, name], { env: { ...process.env, ...env } });
    // Its end is seen in its output; writing to a program that has ended must not end this one.
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    child.stderr.on("data", (chunk) => {
      this.#complaints = (this.#complaints + chunk).slice(-5000);
    });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws MclnnError `peer-failed` */
  static async start(name: string, command: PeerCommand, folder: string): Promise<PeerProgram> {
    const program = new PeerProgram(name, command, folder);
    program.versions = (await program.#next()).versions ?? {};
    return program;
  }

  /** Does a piece of work so many times. @throws MclnnError `peer-failed` */
  async run(
    work: string,
    times: number,
  ): Promise<{ readonly seconds: readonly number[]; readonly result: string }> {
    this.#child.stdin.write(`${work} ${times}\n`);
    const { seconds, result } = await this.#next();
    if (seconds?.length !== times || result === undefined)
      throw this.#failed(`${times} times and a result`, JSON.stringify({ seconds, result }));
    return { seconds, result };
  }

  /** The numbers of a result. */
  async read(result: string): Promise<Float64Array> {
    const bytes = await readFile(path.join(this.#folder, path.basename(result)));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  /** Ends the program. */
  stop(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async #next(): Promise<Answer> {
    const timer = setTimeout(() => this.#child.kill(), PATIENCE);
    const next = await this.#answers.next();
    clearTimeout(timer);
    if (next.done === true) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const lines = this.#complaints.trim().split("\n");
      const told = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
      throw this.#failed("an answer", told || "the end of the program");
    }
    let answer: Answer;
    try {
      answer = JSON.parse(next.value) as Answer;
    } catch {
      throw this.#failed("a line of JSON", next.value.slice(0, 200));
    }
    if (answer.error !== undefined) throw this.#failed("a result", answer.error);
    return answer;
  }

  #failed(expected: string, got: string): MclnnError {
    const message = `the peer ${this.#name} failed`;
    return new MclnnError(message, { code: "peer-failed", expected, got, kind: "failure" });
  }
}
