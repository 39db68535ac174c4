import { type Case, runCase, type Said } from "./run-case.ts";

/** A worker's one task. */
export default function work(one: Case): Promise<Said> {
  return runCase(one);
}
