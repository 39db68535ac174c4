import { once } from "node:events";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { unreadable } from "../../inputs/file.ts";
import type { ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { listenForInterrupt } from "../../terminal/interruption.ts";
import type { PlaygroundOptions } from "./declare.ts";
import { servePage } from "./serve.ts";

/** Serves the page until a signal ends it. @throws MclnnError for a file that cannot be read, and as `servePage` */
export async function playground(
  [file]: readonly string[],
  { port = 0 }: PlaygroundOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  if (file !== undefined) await checkReadable(file);
  const { server, address } = await servePage(file ?? null, port);
  const url =
    file === undefined ? address : `${address}#file=${encodeURIComponent(basename(file))}`;
  terminal.print(url);
  terminal.printJson({ url });
  terminal.remark("Open it in a browser. Ctrl-C ends it.");
  const interruption = listenForInterrupt(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, "close");
  interruption.stop();
  return interruption.exitCode;
}

/** @throws MclnnError `file-not-found`, `unreadable-file` */
async function checkReadable(file: string): Promise<void> {
  try {
    const handle = await open(file);
    // A folder opens, and cannot be read.
    await handle.read(Buffer.alloc(1)).finally(() => handle.close());
  } catch (error) {
    throw await unreadable(error as NodeJS.ErrnoException, file, "file");
  }
}
