import { createThreads, type NodeThreads } from "@mclnn/learning/node";
import { threadEntry } from "../thread-entry.ts";

/** Threads of this process to train with; they start when there is work for them. */
export const trainingThreads = (count: number): NodeThreads =>
  createThreads(count, { entry: threadEntry("train/thread") });
