import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** A process, told from others that had its number before or have it elsewhere. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own terms; null where the system does not say. */
  readonly born: string | null;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), born: birthOf(process.pid) };
}

/** Whether that process still runs: `unknown` where it is another machine's. */
export function lives({ pid, host, born }: ProcessIdentity): boolean | "unknown" {
  if (host !== hostname()) return "unknown";
  if (!isRunning(pid)) return false;
  const now = birthOf(pid);
  // Numbers are used again, in containers soon.
  return born === null || now === null || born === now;
}

/** Whether a process of this number runs on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // Killed, and only not yet waited for by its parent: it does nothing any more.
  return !["Z", "X"].includes(statOf(pid)?.state ?? "");
}

/** Boot and start time of a process; null where the system does not say. */
function birthOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const start = statOf(pid)?.start;
    return start === undefined ? null : `${boot} ${start}`;
  } catch {
    return null;
  }
}

/** From Linux' /proc. */
function statOf(pid: number): { state: string | undefined; start: string | undefined } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields 3 and 22, counted after the name, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], start: fields[19] };
  } catch {
    return null;
  }
}
