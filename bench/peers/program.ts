import { type ChildProcess, spawn } from "node:child_process";
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
/** Last lines of its complaints that are looked at. */
const KEPT = 20;

/**
 * A peer's program, running.
 *
 * It is started with the run's folder and its own name, says `{"versions": {...}}` when it is ready, and then answers each line `WORK TIMES` on its standard
 * input with one line of JSON: `{"seconds": [...], "result": "FILE"}` (processor time of each repetition, or iteration) or `{"error": "..."}`.
 */
export class PeerProgram {
  /** What it runs on: "torch" to "2.15.0". */
  readonly versions: Readonly<Record<string, string>>;
  private readonly name: string;
  private readonly folder: string;
  private readonly spawned: Spawned;

  private constructor(
    name: string,
    folder: string,
    spawned: Spawned,
    versions: Readonly<Record<string, string>>,
  ) {
    this.name = name;
    this.folder = folder;
    this.spawned = spawned;
    this.versions = versions;
  }

  /** @throws MclnnError `peer-failed` */
  static async start(
    name: string,
    { command, args, env = {} }: PeerCommand,
    folder: string,
  ): Promise<PeerProgram> {
    const child = spawn(command, [...args, folder, name], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    // Its end is seen in its output; writing to a program that has ended must not end this one.
    child.on("error", () => {});
    child.stdin?.on("error", () => {});
    const complaints: string[] = [];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      complaints.push(line);
      if (complaints.length > KEPT) complaints.shift();
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const spawned = { child, answers: lines[Symbol.asyncIterator](), complaints };
    const hello = await nextAnswer(name, spawned);
    return new PeerProgram(name, folder, spawned, hello.versions ?? {});
  }

  /** Does a piece of work so many times. @throws MclnnError `peer-failed` */
  async run(
    work: string,
    times: number,
  ): Promise<{ readonly seconds: readonly number[]; readonly result: string }> {
    this.spawned.child.stdin?.write(`${work} ${times}\n`);
    const { seconds, result } = await nextAnswer(this.name, this.spawned);
    if (seconds?.length !== times || result === undefined)
      throw failed(this.name, `${times} times and a result`, JSON.stringify({ seconds, result }));
    return { seconds, result };
  }

  /** The numbers of a result. */
  async read(result: string): Promise<Float64Array> {
    const bytes = await readFile(path.join(this.folder, path.basename(result)));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }

  /** Ends the program. */
  stop(): void {
    const { child } = this.spawned;
    child.stdin?.end();
    child.kill();
  }
}

interface Spawned {
  readonly child: ChildProcess;
  readonly answers: AsyncIterator<string>;
  readonly complaints: string[];
}

async function nextAnswer(name: string, { answers, child, complaints }: Spawned): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), PATIENCE);
  });
  const next = await Promise.race([answers.next(), tooLate]);
  clearTimeout(timer);
  if (next === "late") {
    child.kill();
    throw failed(name, `an answer within ${PATIENCE / 1000} s`, "none");
  }
  if (next.done === true) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const told = complaints.findLast((line) => /error/i.test(line)) ?? complaints.at(-1);
    throw failed(name, "an answer", told ?? "the end of the program");
  }
  let answer: Answer;
  try {
    answer = JSON.parse(next.value) as Answer;
  } catch {
    throw failed(name, "a line of JSON", next.value.slice(0, 200));
  }
  if (answer.error !== undefined) throw failed(name, "a result", answer.error);
  return answer;
}

function failed(name: string, expected: string, got: string): MclnnError {
  return new MclnnError(`the peer ${name} failed`, {
    code: "peer-failed",
    expected,
    got,
    kind: "failure",
  });
}
