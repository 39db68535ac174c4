import { formatNumber } from "../../data/number-text.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { lawsJobs } from "../results/laws.ts";
import { bestOf } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import type { BaselineKind } from "../studies/baseline.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import { type Claim, judged, perSystem } from "./claim.ts";

const BASELINE = "the baseline's size and how long it was trained (neither given)";

function baselineRun(
  results: Results,
  settings: Settings,
  system: SystemName,
  kind: BaselineKind = "lnn",
  start: "test" | "moved" = "test",
): RunResult {
  return bestOf(results, baselineJobs(settings, system, kind)).result.runs[start] as RunResult;
}

function after(records: number | null): string {
  return records === null ? "never" : `after ${records} records`;
}

const runsOf: Claim["jobs"] = (settings) =>
  SYSTEMS.flatMap((system) => [
    lawsJob(settings, system),
    ...baselineJobs(settings, system, "lnn"),
  ]);

/** Who follows the truth, and for how long. */
export const accuracyClaims: readonly Claim[] = [
  {
    name: "more-accurate",
    figure: "fig2-position",
    short: "MCLNN is more accurate than the baseline",
    quote: "MCLNN is more accurate in modeling trajectories of N-body systems than LNN",
    section: "4",
    rule: [
      "in all three systems MCLNN's positions stay within 0.1 of the truth for longer than those of the well-trained baseline or, where neither leaves, are nearer on average, from the test start and from the same tilted, shifted and boosted",
      "from one of the two starts",
    ],
    depends: BASELINE,
    jobs: runsOf,
    judge(results, settings) {
      const pairs = (start: "test" | "moved") =>
        SYSTEMS.map((system) => {
          const { title, models } = results.of(lawsJob(settings, system));
          const own = models.mclnn.runs[start];
          return { title, own, rival: baselineRun(results, settings, system, "lnn", start) };
        });
      const better = (start: "test" | "moved"): boolean =>
        pairs(start).every(({ own, rival }) => {
          const [a, b] = [own, rival].map(({ positionRecords }) => positionRecords ?? Infinity);
          return a === Infinity && b === Infinity
            ? (own.errors.position.mae as number) < (rival.errors.position.mae as number)
            : (a as number) > (b as number);
        });
      const numbers = (start: "test" | "moved", text: (run: RunResult) => string): string =>
        pairs(start)
          .map(({ title, own, rival }) => `${title} ${text(own)} against ${text(rival)}`)
          .join(", ");
      const until = ({ positionRecords }: RunResult): string => String(positionRecords ?? "never");
      const error = ({ errors }: RunResult): string => formatNumber(errors.position.mae);
      return judged(
        better("test") && better("moved"),
        better("test") || better("moved"),
        `records until 0.1 off: ${numbers("test", until)}; moved start: ${numbers("moved", until)}; mean position error, test start: ${numbers("test", error)}`,
      );
    },
  },
  {
    name: "baseline-diverges-linear",
    figure: "fig2-linear-spring",
    short: "the baseline diverges after 30 records (linear)",
    quote:
      "the Lagrangian predicted by the baseline LNN starts diverging after 30 time steps of the forward simulation",
    section: "4.2",
    rule: [
      "L of the well-trained baseline is a tenth of its span off within 60 records",
      "within 100 records",
      "later, or never",
    ],
    depends: `${BASELINE}: by the paper's recipe it comes sooner, as Fig. 2 above shows`,
    jobs: (settings) => [
      lawsJob(settings, "linear-spring"),
      ...baselineJobs(settings, "linear-spring", "lnn"),
    ],
    judge(results, settings) {
      const { lagrangianRecords } = baselineRun(results, settings, "linear-spring");
      const records = lagrangianRecords ?? Infinity;
      return judged(records <= 60, records <= 100, after(lagrangianRecords));
    },
  },
  {
    name: "baseline-momenta",
    figure: "fig3-gravity",
    short: "the baseline loses both momenta in a few records (others)",
    quote:
      "Similarly, the linear and angular momenta of the baseline also diverge in a few time steps.",
    section: "4.2",
    rule: [
      "for the quartic spring and gravity the well-trained baseline's P and L are both 0.01 off within 100 records",
      "one of the two is, in at least one of the systems",
    ],
    depends: BASELINE,
    jobs: (settings) =>
      (["quartic-spring", "gravity"] as const).flatMap((system) => [
        lawsJob(settings, system),
        ...baselineJobs(settings, system, "lnn"),
      ]),
    judge(results, settings) {
      const runs = (["quartic-spring", "gravity"] as const).map((system) => ({
        title: results.of(lawsJob(settings, system)).title,
        run: baselineRun(results, settings, system),
      }));
      const soon = runs.flatMap(({ run }) =>
        [run.linearMomentumRecords, run.angularMomentumRecords].map(
          (records) => (records ?? Infinity) <= 100,
        ),
      );
      return judged(
        soon.every(Boolean),
        soon.some(Boolean),
        runs
          .map(
            ({ title, run }) =>
              `${title}: P ${after(run.linearMomentumRecords)}, L ${after(run.angularMomentumRecords)}`,
          )
          .join("; "),
      );
    },
  },
  {
    name: "chaotic",
    figure: "fig3-quartic-spring",
    short: "the systems are chaotic",
    quote:
      "Since the systems considered here are chaotic, slight differences in the initial conditions or predictions will lead to differences in the trajectories.",
    section: "4.1.3",
    rule: [
      "the truth started 1e-4 away is 0.1 off within the run, in all three systems",
      "in some of them",
      "in none",
    ],
    depends: "k = q0 = G = 1, the test starts",
    jobs: lawsJobs,
    judge(results, settings) {
      const far = SYSTEMS.map((system) => {
        const { title, floor } = results.of(lawsJob(settings, system));
        const error = floor.test[0]?.errors.position as Float64Array;
        return { title, most: error.reduce((a, b) => Math.max(a, b), 0) };
      });
      return judged(
        far.every(({ most }) => most > 0.1),
        far.some(({ most }) => most > 0.1),
        `1e-4 grows to ${perSystem(far, ({ most }) => formatNumber(most))}`,
      );
    },
  },
  {
    name: "learns-chaos",
    figure: "fig3-quartic-spring",
    short: "MCLNN follows chaotic systems",
    quote:
      "the low values of error in the Lagrangian along with the long-term stability of both non-linear spring and gravitational system suggests the realistic nature of the trajectory predicted by MCLNN",
    section: "4.2",
    rule: [
      "L of MCLNN never leaves the truth by a tenth of its span, in all three systems",
      "where it does, it does no sooner than the truth started 1e-4 away, and H is within twice Verlet's own error",
    ],
    depends: "k = q0 = G = 1, the test starts, the loss that training stops at",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = SYSTEMS.map((system) => {
        const { title, models, floorRecords, trueDrift } = results.of(lawsJob(settings, system));
        const { lagrangianRecords, errors } = models.mclnn.runs.test;
        return {
          title,
          lagrangianRecords,
          floorRecords,
          bounded: (errors.hamiltonian.max ?? Infinity) <= 2 * trueDrift,
        };
      });
      const leaving = runs.filter(({ lagrangianRecords }) => lagrangianRecords !== null);
      return judged(
        leaving.length === 0,
        runs.every(
          ({ lagrangianRecords, floorRecords, bounded }) =>
            bounded && (lagrangianRecords ?? Infinity) >= (floorRecords ?? Infinity),
        ),
        leaving.length === 0
          ? "never leaves"
          : leaving
              .map(
                ({ title, lagrangianRecords, floorRecords }) =>
                  `${title} ${after(lagrangianRecords)}; the truth 1e-4 away ${after(floorRecords)}`,
              )
              .join("; "),
      );
    },
  },
];
