import { formatNumber } from "../../data/number-text.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import { type Settings, SYSTEMS } from "../experiment/settings.ts";
import { allLaws, lawsJobs } from "../results/laws.ts";
import { bestOf } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import { baselineJobs, lawsJob, theoryJob } from "../studies/jobs.ts";
import { type Claim, judged } from "./claim.ts";

const CONSTANTS = "k = q0 = G = 1 (not given), the test starts (not given)";
const REMAIN =
  "Further, the Hamiltonian, and linear and angular momenta remain conserved in the MCLNN.";

interface LongRun {
  readonly title: string;
  readonly records: number;
  readonly trueDrift: number;
  readonly run: RunResult;
}

function mclnnRuns(results: Results, settings: Settings): LongRun[] {
  return allLaws(results, settings).map(({ system, title, models, trueDrift }) => ({
    title,
    records: settings.records[system],
    trueDrift,
    run: models.mclnn.runs.test,
  }));
}

/** What is conserved, by MCLNN and by the baseline. */
export const conservationClaims: readonly Claim[] = [
  {
    name: "mclnn-energy",
    short: "MCLNN conserves H",
    quote: REMAIN,
    section: "4.2, Fig. 2 and 3",
    rule: {
      holds:
        "largest error of the true H along the run at most twice that of velocity Verlet on the truth, all three systems",
      "holds within limits": "at most ten times",
      "does not hold": "else",
    },
    depends: `${CONSTANTS}; the integrator's own error of H at dt = 0.01`,
    jobs: lawsJobs,
    judge(results, settings) {
      const ratios = mclnnRuns(results, settings).map(({ title, trueDrift, run }) => ({
        title,
        ratio: (run.errors.hamiltonian.max ?? Infinity) / trueDrift,
      }));
      const most = Math.max(...ratios.map(({ ratio }) => ratio));
      return judged(
        most <= 2,
        most <= 10,
        `error of H over Verlet's own: ${ratios.map(({ title, ratio }) => `${formatNumber(ratio)} (${title})`).join(", ")}`,
      );
    },
  },
  {
    name: "mclnn-linear-momentum",
    short: "MCLNN conserves P",
    quote: REMAIN,
    section: "4.2, A.4",
    rule: {
      holds: "largest |ΔP| at most 1e-12, all three systems",
      "holds within limits": "at most 1e-9",
      "does not hold": "else",
    },
    depends: "nothing: it holds whatever was learned",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = mclnnRuns(results, settings);
      const most = Math.max(...runs.map(({ run }) => run.errors.linearMomentum.max ?? Infinity));
      return judged(most <= 1e-12, most <= 1e-9, `|ΔP| up to ${formatNumber(most)}`);
    },
  },
  {
    name: "mclnn-angular-momentum",
    short: "MCLNN conserves Lang",
    quote: REMAIN,
    section: "4.2, A.5",
    rule: {
      holds:
        "largest |ΔLang| at most 1e-12 times the root of the number of records, all three systems",
      "holds within limits": "at most a thousand times that",
      "does not hold": "else",
    },
    depends: "nothing: it holds whatever was learned",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = mclnnRuns(results, settings).map(({ records, run }) => ({
        most: run.errors.angularMomentum.max ?? Infinity,
        unit: 1e-12 * Math.sqrt(records),
      }));
      return judged(
        runs.every(({ most, unit }) => most <= unit),
        runs.every(({ most, unit }) => most <= 1e3 * unit),
        `|ΔLang| up to ${formatNumber(Math.max(...runs.map(({ most }) => most)))}`,
      );
    },
  },
  {
    name: "symmetries",
    short: "MCLNN has the symmetries, by design",
    quote: "Theorem 1: MCLNN exhibits translational and rotational symmetry.",
    section: "3.3",
    rule: {
      holds:
        "on random networks and states every symmetry and identity holds to 1,000 roundoffs, and the baseline breaks every symmetry by a million at least",
      "holds within limits": "the first half only",
      "does not hold": "else",
    },
    depends: "rotation of positions and velocities (Lemma 2 as printed turns positions only)",
    jobs: (settings) => [theoryJob(settings)],
    judge(results, settings) {
      const { mclnn, lnnSmallest } = results.of(theoryJob(settings));
      const most = Math.max(...Object.values(mclnn).map(({ roundoffs }) => roundoffs));
      const least = Math.min(
        ...(
          [
            "translation",
            "rotation",
            "reflection",
            "permutation",
            "totalForce",
            "totalTorque",
          ] as const
        ).map((identity) => lnnSmallest[identity].roundoffs),
      );
      return judged(
        most <= 1000 && least >= 1e6,
        most <= 1000,
        `MCLNN within ${formatNumber(most)} roundoffs; baseline off by ${formatNumber(least)} at least`,
      );
    },
  },
  {
    name: "baseline-energy",
    short: "the baseline's H stays constant",
    quote:
      "for the baseline LNN, despite the poor predictions of the Lagrangian at higher values of time steps, the total energy remain conserved",
    section: "4.2",
    rule: {
      holds:
        "along the run from the test start both its own H and the true H change by at most ten times what velocity Verlet does to the truth, all three systems",
      "holds within limits": "its own H = T + V learned does, the true H does not",
      "does not hold": "else",
    },
    depends: "which H is meant; the baseline's size and training (neither given)",
    jobs: (settings) =>
      SYSTEMS.flatMap((system) => [
        lawsJob(settings, system),
        ...baselineJobs(settings, system, "lnn"),
      ]),
    judge(results, settings) {
      const runs = SYSTEMS.map((system) => {
        const { title, trueDrift } = results.of(lawsJob(settings, system));
        const { errors } = bestOf(results, baselineJobs(settings, system, "lnn")).result.runs
          .test as RunResult;
        return {
          title,
          own: (errors.ownHamiltonian?.maxDrift ?? Infinity) / trueDrift,
          real: (errors.hamiltonian.max ?? Infinity) / trueDrift,
        };
      });
      const own = runs.every((run) => run.own <= 10);
      return judged(
        own && runs.every(({ real }) => real <= 10),
        own,
        `over Verlet's own: ${runs.map((run) => `${formatNumber(run.own)} its own H, ${formatNumber(run.real)} the true H (${run.title})`).join("; ")}`,
      );
    },
  },
];
