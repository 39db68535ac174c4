export { readStateFile, readTrajectoryFile, writeTrajectoryFile } from "./trajectory-files.ts";
export { writeFileAtomic } from "./write-file-atomic.ts";
