import { link, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { optional } from "@mclnn/physics/arguments";

/** The system calls that writing a file takes: passed in, so that a test can make each of them fail. */
export interface FileSystem {
  /** @param mode - `create`: for writing, and the name must be free; `folder`: for syncing only */
  open(path: string, mode: "create" | "folder"): Promise<OpenFile>;
  /** Gives a file a second name, which must be free. */
  link(file: string, name: string): Promise<void>;
  /** Replaces what is at `to`. */
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there is no error. */
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  readFile(path: string): Promise<Uint8Array>;
  /** Names in a folder. */
  list(folder: string): Promise<string[]>;
}

/** A file, or a folder, that is open. */
export interface OpenFile {
  /** Writes some of the bytes from `offset` on. @returns how many */
  write(bytes: Uint8Array, offset: number): Promise<number>;
  /** Waits until what was written would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What has to be there of one that is passed in. */
export const FILE_SYSTEM: ReturnType<typeof optional> = optional({
  open: "function",
  link: "function",
  rename: "function",
  remove: "function",
  exists: "function",
  readFile: "function",
  list: "function",
});

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    const file = await open(path, mode === "create" ? "wx" : "r");
    return {
      async write(bytes, offset) {
        const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset);
        return bytesWritten;
      },
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  link,
  rename,
  remove: (path) => rm(path, { force: true }),
  exists: async (path) => (await stat(path).catch(() => null)) !== null,
  readFile,
  list: (folder) => readdir(folder),
};
