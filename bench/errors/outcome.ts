import { Script } from "node:vm";
import { isMclnnError } from "@mclnn/physics";
import { type Callable, used } from "./use.ts";

/** What is the matter with what a call did; null when nothing is. */
export type Fault = string | null;

/** A call may take so long, in ms. */
const PATIENCE = 1000;

const stage = globalThis as { mclnnCall?: (() => unknown) | undefined };
const script = new Script("mclnnCall()");

/**
 * Calls something with wrong arguments: it may refuse them by an error that can be used, or do without, with numbers for a result; nothing else.
 *
 * @param mayBe - numbers that are no fault in what comes back, as infinity for what never happens
 */
export async function faultOf(
  call: Callable,
  args: readonly unknown[],
  mayBe: (x: number) => boolean,
): Promise<Fault> {
  try {
    const came = await withinPatience(() => call(...args));
    return guarded(() => used(came, mayBe)) as Fault;
  } catch (error) {
    return faultOfError(error);
  }
}

/** Runs synchronous work that is stopped when it hangs. */
function guarded(work: () => unknown): unknown {
  stage.mclnnCall = work;
  try {
    return script.runInThisContext({ timeout: PATIENCE });
  } finally {
    stage.mclnnCall = undefined;
  }
}

async function withinPatience(work: () => unknown): Promise<unknown> {
  const came = guarded(work);
  if (typeof (came as Promise<unknown> | undefined)?.then !== "function") return came;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      came,
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error("does not end")), PATIENCE * 5);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is the matter with an error: it has to say what was expected, what came and where, in words for readers, the same in its parts and its message. */
export function faultOfError(error: unknown): Fault {
  if (!isMclnnError(error)) {
    const { name, message, stack = "" } = error as Error;
    const at = /\n +at .*/.exec(stack)?.[0].trim() ?? "";
    return `${name}: ${message} ${at}`;
  }
  if (error.code === "unexpected") return "says that it is a fault of the program";
  for (const key of ["code", "expected", "got", "message"] as const)
    if (typeof error[key] !== "string" || error[key] === "") return `${error.code} without ${key}`;
  if (typeof error.argument !== "string") return `${error.code} without an argument`;
  if (!/^[a-z]+(-[a-z]+)*$/.test(error.code)) return `${error.code} is no code`;
  for (const part of [error.expected, error.got, error.mend ?? ""])
    if (!error.message.includes(part)) return `${error.code} does not say: ${part}`;
  if (/\[object |function \w*\(/.test(error.message)) return `not for readers: ${error.message}`;
  return null;
}
