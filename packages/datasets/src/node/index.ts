export { type FileSystem, nodeFileSystem, type OpenFile } from "./file-system.ts";
export { type Lock, takeLock } from "./lock.ts";
export { readStateFile, readTrajectoryFile, writeTrajectoryFile } from "./trajectory-files.ts";
export { type WriteOptions, writeFileAtomic } from "./write-file-atomic.ts";
