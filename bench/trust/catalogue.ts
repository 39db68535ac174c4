import type { Promised } from "./promise.ts";
import { damage } from "./promises/damage.ts";
import { kill } from "./promises/kill.ts";
import { locks } from "./promises/locks.ts";
import { restart } from "./promises/restart.ts";
import { writes } from "./promises/writes.ts";

/** What is promised, in the order of the table. One file a promise; its line here. */
export const promises: readonly Promised[] = [kill, restart, writes, damage, locks];
