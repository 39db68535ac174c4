import type { FileSystem } from "../src/node/index.ts";

/** The calls that a write may make, in words. */
export type Call = keyof FileSystem | "write" | "sync" | "close";

/** What happens at a call: an error of the system, or nothing. */
export type Fault = (call: Call, index: number) => Error | null;

/** An error as the system gives it. */
export function systemError(code: string, call: Call): Error {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call });
}

/**
 * A file system on which calls fail.
 *
 * @param fault - asked at each call, with its number from 0
 * @param writes - most bytes that one write takes; 0 for a disk that takes none and says nothing
 */
export function failingFileSystem(
  real: FileSystem,
  fault: Fault,
  { writes = Number.POSITIVE_INFINITY }: { writes?: number } = {},
): FileSystem & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const at = (call: Call): void => {
    const error = fault(call, calls.length);
    calls.push(call);
    if (error !== null) throw error;
  };
  const through = async <T>(call: Call, work: () => Promise<T>): Promise<T> => {
    at(call);
    return work();
  };
  return {
    calls,
    open: (path, mode) =>
      through("open", async () => {
        const file = await real.open(path, mode);
        return {
          write: (bytes, offset) =>
            through("write", async () =>
              writes === 0 ? 0 : file.write(bytes.subarray(0, offset + writes), offset),
            ),
          sync: () => through("sync", () => file.sync()),
          // The descriptor is given back even so: a test must not run out of them.
          close: () => file.close().then(() => at("close")),
        };
      }),
    link: (file, name) => through("link", () => real.link(file, name)),
    rename: (from, to) => through("rename", () => real.rename(from, to)),
    remove: (path) => through("remove", () => real.remove(path)),
    exists: (path) => through("exists", () => real.exists(path)),
    readFile: (path) => through("readFile", () => real.readFile(path)),
    list: (folder) => through("list", () => real.list(folder)),
  };
}
