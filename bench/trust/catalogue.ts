import type { Promised } from "./promise.ts";
import { damage } from "./promises/damage.ts";
import { errors } from "./promises/errors.ts";
import { exactMomenta } from "./promises/exact-momentum.ts";
import { finite } from "./promises/finite.ts";
import { formulas } from "./promises/formulas.ts";
import { growth } from "./promises/growth.ts";
import { hostileFiles } from "./promises/hostile-files.ts";
import { kill } from "./promises/kill.ts";
import { locks } from "./promises/locks.ts";
import { longRuns } from "./promises/long-runs.ts";
import { momenta } from "./promises/momenta.ts";
import { mutation } from "./promises/mutation.ts";
import { noCode } from "./promises/no-code.ts";
import { pages } from "./promises/pages.ts";
import { paths } from "./promises/paths.ts";
import { restart } from "./promises/restart.ts";
import { sameBits } from "./promises/same-bits.ts";
import { signals } from "./promises/signals.ts";
import { supplyChain } from "./promises/supply-chain.ts";
import { writes } from "./promises/writes.ts";

/** What is promised, in the order of the table. One file a promise; its line here. */
export const promises: readonly Promised[] = [
  kill,
  restart,
  writes,
  damage,
  sameBits,
  finite,
  exactMomenta,
  momenta,
  hostileFiles,
  formulas,
  noCode,
  pages,
  paths,
  locks,
  signals,
  longRuns,
  growth,
  supplyChain,
  mutation,
  errors,
];
