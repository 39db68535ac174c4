import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Where a run was made. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly node: string;
  readonly v8: string;
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    memory: totalmem(),
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

/** Processes that were running or waiting on average over the last minute; what is beyond our own took time from us. */
export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

/** What to add to a remark on times by the wall where more programs run than there are cores for. */
export function busyText(load: number = loadNow(), cores: number = availableParallelism()): string {
  return load > cores + 1 ? `; ${Math.round(load)} programs wanted the ${cores} cores` : "";
}
