import { createState, type PairPotential } from "@mclnn/physics";
import {
  type CompareJob,
  type CompareOutcome,
  doCompareJob,
  type OwnSource,
  type OwnSystem,
} from "@mclnn/studies";
import { checkWhereItWent } from "../../inputs/guarded-potential.ts";
import { resolvePotential } from "../../inputs/potential.ts";
import { ownSystem } from "../../inputs/system.ts";
import type { Crew } from "../../jobs/job-pool.ts";
import { threadEntry } from "../../process/thread-entry.ts";

/** A system of the user's own, its potential guarded and checked at the start. @throws MclnnError of kind `input` */
async function openOwn(source: OwnSource): Promise<OwnSystem> {
  const { masses, dimension, charges, time, positions, velocities } = source;
  const trainStart = createState({ time, positions, velocities }, { dimension });
  const { system, own } = ownSystem(
    await resolvePotential(source.potential),
    { masses, dimension, start: trainStart, ...(charges === null ? {} : { charges }) },
    {},
  );
  const { pair } = own as { pair: PairPotential };
  return {
    system,
    pair,
    trainStart,
    check: (went, shape) => checkWhereItWent(pair, went, shape),
  };
}

/** Who does the jobs of a comparison. */
export const COMPARE_CREW: Crew<CompareJob, CompareOutcome> = {
  doJob: (job, hooks) => doCompareJob(job, hooks, openOwn),
  worker: threadEntry("commands/compare/worker"),
  title: ({ work, plan }) =>
    `${plan.title}: ${work === "baseline" ? "baseline LNN" : "MCLNN and spline"}`,
};
