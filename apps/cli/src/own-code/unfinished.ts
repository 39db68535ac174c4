import type { ThreadMessage } from "./messages.ts";

let tell: ((message: ThreadMessage) => void) | null = null;

/** Makes {@link unfinished} tell the thread that can end this one. */
export function tellUnfinishedTo(listener: (message: ThreadMessage) => void): void {
  tell = listener;
}

/**
 * Says that something on the disk is under construction, so that it is taken away should this thread be ended in the middle of a call of
 * own code. (When the process ends, whoever made it takes it away.)
 *
 * @param made - a folder around it that was made for it
 * @returns to be called once it is finished or gone
 */
export function unfinished(path: string, made?: string): () => void {
  tell?.({ unfinished: { path, made } });
  return () => tell?.({ finished: path });
}
