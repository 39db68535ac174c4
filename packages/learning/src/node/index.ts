export { type ErrorRecord, errorFrom, errorRecord } from "../threads/error-record.ts";
export { createThreads, type NodeThreads, type ThreadsOptions } from "./threads.ts";
export { workOnThread } from "./work-on-thread.ts";
