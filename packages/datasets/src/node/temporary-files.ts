import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import type { FileSystem } from "./file-system.ts";
import { isRunning } from "./process-identity.ts";

/** A name beside `path` that nobody else has, and that says whose it is: `.name.host.pid.random.tmp`. */
export function temporaryBeside(path: string): string {
  const random = randomBytes(6).toString("hex");
  return join(dirname(path), `${prefixOf(path)}${process.pid}.${random}.tmp`);
}

/** Removes temporaries of `path` that processes of this machine left when they were killed. */
export async function sweepTemporaries(path: string, fileSystem: FileSystem): Promise<void> {
  const folder = dirname(path);
  const prefix = prefixOf(path);
  const names = await fileSystem.list(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const [, pid] = /^(\d+)\.[0-9a-f]+\.tmp$/.exec(name.slice(prefix.length)) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await fileSystem.remove(join(folder, name)).catch(() => {});
  }
}

function prefixOf(path: string): string {
  const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
  // Cut short: a long name that is allowed must not lead to one that is not.
  return `.${basename(path).slice(0, 180)}.${host}.`;
}
