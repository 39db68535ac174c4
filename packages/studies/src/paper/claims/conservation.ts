import { formatNumber } from "../../data/number-text.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import { type Settings, SYSTEMS } from "../experiment/settings.ts";
import { allLaws, lawsJobs } from "../results/laws.ts";
import { bestOf } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import { baselineJobs, lawsJob, theoryJob } from "../studies/jobs.ts";
import type { Identity } from "../studies/theory.ts";
import { atMost, type Claim, judged, perSystem } from "./claim.ts";

const CONSTANTS = "k = q0 = G = 1 (not given), the test starts (not given)";
const REMAIN =
  "Further, the Hamiltonian, and linear and angular momenta remain conserved in the MCLNN.";

/** What the baseline has not. */
export const SYMMETRIES: readonly Identity[] = [
  "translation",
  "rotation",
  "reflection",
  "permutation",
  "totalForce",
  "totalTorque",
];

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
    figure: "fig3-gravity",
    short: "MCLNN conserves H",
    quote: REMAIN,
    section: "4.2, Fig. 2 and 3",
    rule: [
      "largest error of the true H along the run at most twice that of velocity Verlet on the truth, all three systems",
      "at most ten times",
    ],
    depends: `${CONSTANTS}; the integrator's own error of H at dt = 0.01`,
    jobs: lawsJobs,
    judge(results, settings) {
      const ratios = mclnnRuns(results, settings).map(({ title, trueDrift, run }) => ({
        title,
        ratio: (run.errors.hamiltonian.max ?? Infinity) / trueDrift,
      }));
      return atMost(
        ratios.map(({ ratio }) => ratio),
        [2, 10],
        `error of H over Verlet's own: ${perSystem(ratios, ({ ratio }) => formatNumber(ratio))}`,
      );
    },
  },
  {
    name: "mclnn-linear-momentum",
    figure: "fig2-linear-spring",
    short: "MCLNN conserves P",
    quote: REMAIN,
    section: "4.2, A.4",
    rule: ["largest |ΔP| at most 1e-12, all three systems", "at most 1e-9"],
    depends: "nothing: it holds whatever was learned",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = mclnnRuns(results, settings);
      const errors = runs.map(({ run }) => run.errors.linearMomentum.max ?? Infinity);
      return atMost(errors, [1e-12, 1e-9], `|ΔP| up to ${formatNumber(Math.max(...errors))}`);
    },
  },
  {
    name: "mclnn-angular-momentum",
    figure: "fig3-gravity",
    short: "MCLNN conserves L",
    quote: REMAIN,
    section: "4.2, A.5",
    rule: [
      "largest |ΔL| at most 1e-12 times the root of the number of records, all three systems",
      "at most a thousand times that",
    ],
    depends: "nothing: it holds whatever was learned",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = mclnnRuns(results, settings);
      const errors = runs.map(({ run }) => run.errors.angularMomentum.max ?? Infinity);
      return atMost(
        errors.map((error, k) => error / (1e-12 * Math.sqrt(runs[k]?.records ?? 0))),
        [1, 1e3],
        `|ΔL| up to ${formatNumber(Math.max(...errors))}`,
      );
    },
  },
  {
    name: "symmetries",
    figure: "fig2-linear-spring",
    short: "MCLNN has the symmetries, by design",
    quote: "Theorem 1: MCLNN exhibits translational and rotational symmetry.",
    section: "3.3",
    rule: [
      "on random networks and states every symmetry and identity holds to 1,000 roundoffs, and the baseline breaks every symmetry by a million at least",
      "the first half only",
    ],
    depends: "rotation of positions and velocities (Lemma 2 as printed turns positions only)",
    jobs: (settings) => [theoryJob(settings)],
    judge(results, settings) {
      const { mclnn, lnnSmallest } = results.of(theoryJob(settings));
      const most = Math.max(...Object.values(mclnn).map(({ roundoffs }) => roundoffs));
      const least = Math.min(...SYMMETRIES.map((identity) => lnnSmallest[identity].roundoffs));
      return judged(
        most <= 1000 && least >= 1e6,
        most <= 1000,
        `MCLNN within ${formatNumber(most)} roundoffs; baseline off by ${formatNumber(least)} at least`,
      );
    },
  },
  {
    name: "baseline-energy",
    figure: "fig3-quartic-spring",
    short: "the baseline's H stays constant",
    quote:
      "for the baseline LNN, despite the poor predictions of the Lagrangian at higher values of time steps, the total energy remain conserved",
    section: "4.2",
    rule: [
      "along the run from the test start both its own H and the true H change by at most ten times what velocity Verlet does to the truth, all three systems",
      "its own H = T + V learned does, the true H does not",
    ],
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
        `over Verlet's own: ${perSystem(runs, (run) => `${formatNumber(run.own)} its own H, ${formatNumber(run.real)} the true H`, "; ")}`,
      );
    },
  },
];
