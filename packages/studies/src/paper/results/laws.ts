import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { lawsJob } from "../studies/jobs.ts";
import type { LawsResult } from "../studies/laws.ts";
import type { StudyJob } from "../studies/study-job.ts";
import type { Results } from "./results.ts";

/** The jobs that learn the laws of all systems. */
export const lawsJobs = (settings: Settings): StudyJob<"laws">[] =>
  SYSTEMS.map((system) => lawsJob(settings, system));

/** What is known of one system. */
export type SystemLaws = LawsResult & { readonly system: SystemName };

/** The laws of all systems, in the paper's order. */
export function allLaws(results: Results, settings: Settings): SystemLaws[] {
  return SYSTEMS.map((system) => ({ system, ...results.of(lawsJob(settings, system)) }));
}

/** Something of each system, by its name. */
export function bySystem<R extends { readonly system: string }, T>(
  rows: readonly R[],
  make: (row: R) => T,
): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row.system, make(row)]));
}
