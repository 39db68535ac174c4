import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as files from "@mclnn/datasets/node";
import * as threads from "@mclnn/learning/node";
import * as native from "@mclnn/tfjs/node";
import type { EntryCalls } from "../call.ts";
import { springs } from "../samples.ts";
import type { Callable } from "../use.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mclnn-wrong-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The same function, whose texts for paths stay in a folder of their own. */
function inFolder(f: unknown): Callable {
  return (name, ...rest) =>
    (f as Callable)(typeof name === "string" ? path.join(folder, `x${name}`) : name, ...rest);
}

/** The same function, that gives back at once what it took. */
function returned(f: unknown, end: "release" | "close"): Callable {
  return async (...args) => {
    const taken = (await (f as Callable)(...args)) as Record<string, () => Promise<void>>;
    await taken[end]?.();
  };
}

const fileSystem = files.nodeFileSystem;
const set = springs();
await files.writeTrajectoryFile(path.join(folder, "xset"), set);
await files.writeFileAtomic(
  path.join(folder, "xstate"),
  '{"masses":[1],"positions":[[0,0]],"velocities":[[1,0]]}',
);

/** All entries for Node. */
export const nodeCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/datasets/node",
    module: {
      ...files,
      readStateFile: inFolder(files.readStateFile),
      readTrajectoryFile: inFolder(files.readTrajectoryFile),
      takeLock: inFolder(returned(files.takeLock, "release")),
      writeFileAtomic: inFolder(files.writeFileAtomic),
      writeTrajectoryFile: inFolder(files.writeTrajectoryFile),
    },
    calls: {
      readStateFile: () => ["state"],
      readTrajectoryFile: () => ["set"],
      takeLock: {
        args: () => ["lock", { place: "a folder", argument: "--out", fileSystem }],
        callsLater: true,
      },
      writeFileAtomic: {
        args: () => ["text", "text", { force: true, fileSystem }],
        callsLater: true,
      },
      writeTrajectoryFile: () => ["new", set, { force: true }],
    },
  },
  {
    entry: "@mclnn/learning/node",
    module: { ...threads, createThreads: returned(threads.createThreads, "close") },
    calls: { createThreads: () => [2, { entry: new URL(import.meta.url), patience: 1000 }] },
    excused: {
      workOnThread: "takes nothing",
      errorFrom: "takes what errorRecord made on another thread",
      errorRecord: "takes whatever was thrown",
    },
  },
  {
    entry: "@mclnn/tfjs/node",
    module: native,
    calls: {
      loadTfjsBackend: () => ["cpu", { folder: "none" }],
      loadTfjsNode: () => [{ folder: "none", otherwise: "cpu" }],
    },
  },
];
