import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isMclnnError } from "@mclnn/physics";

/** One way to an error, through a public entry and with wrong input only. */
export interface Provocation {
  readonly code: string;
  readonly package: string;
  /** What is called: a public function, or a command line. */
  readonly by: string;
  readonly provoke: (at: Scratch) => unknown;
}

/** A path in a folder of its own. */
export type Scratch = (...names: string[]) => string;

/** What a provoked error says, as it is committed. */
export interface Message {
  readonly package: string;
  readonly code: string;
  readonly by: string;
  readonly message: string;
  readonly argument: string | null;
  readonly expected: string;
  readonly got: string;
  readonly mend: string | null;
  readonly kind: string;
}

/** Provokes every error. @throws Error for one that did not come, or that is another */
export async function provokeAll(provocations: readonly Provocation[]): Promise<Message[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "mclnn-errors-"));
  try {
    const messages: Message[] = [];
    // One after the other: the command line speaks through streams that are the process's.
    for (const provocation of provocations)
      messages.push(await message(provocation, folder, (...names) => path.join(folder, ...names)));
    return messages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function message(
  { code, package: name, by, provoke }: Provocation,
  folder: string,
  at: Scratch,
): Promise<Message> {
  const what = `${name}, ${code}, by ${by}`;
  let caught: unknown;
  try {
    await provoke(at);
  } catch (error) {
    caught = error;
  }
  if (caught === undefined) throw new Error(`${what}: no error came`);
  if (!isMclnnError(caught) || caught.code !== code)
    throw new Error(`${what}: another error came`, { cause: caught });
  const here = (text: string): string => withoutChance(text.replaceAll(`${folder}${path.sep}`, ""));
  return {
    package: name,
    code,
    by,
    message: here(caught.message),
    argument: caught.argument === undefined ? null : here(caught.argument),
    expected: here(caught.expected),
    got: here(caught.got),
    mend: caught.mend === undefined ? null : here(caught.mend),
    kind: caught.kind,
  };
}

/**
 * A message without what differs from run to run or from one release to the next: places, process numbers, moments, names of temporary
 * files, checksums, digits that nobody reads.
 */
function withoutChance(text: string): string {
  return text
    .replaceAll(process.cwd(), "here")
    .replaceAll(/\.[0-9a-f]{8}\.\d+\.[0-9a-f]{12}\.tmp/g, ".tmp")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "5f70bf18...")
    .replaceAll(/-?\d+\.\d{7,}(e[+-]?\d+)?/g, (number) =>
      String(Number(Number(number).toPrecision(4))),
    )
    .replaceAll(/on \S+ has used/g, "on this machine has used")
    .replaceAll(/process \d+/g, "process 1234")
    .replaceAll(/after \d+\.\d+ s/g, "after 0.01 s")
    .replaceAll(/since \d{4}-\d\d-\d\dT[\d:.]+Z/g, "since 2026-01-01T00:00:00.000Z");
}
