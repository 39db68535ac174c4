import { formatNumber } from "../../data/number-text.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { lawsJobs } from "../results/laws.ts";
import { bestOf } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import type { BaselineKind } from "../studies/baseline.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import { type Claim, judged } from "./claim.ts";

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
    short: "MCLNN is more accurate than the baseline",
    quote: "MCLNN is more accurate in modeling trajectories of N-body systems than LNN",
    section: "4",
    rule: {
      holds:
        "in all three systems MCLNN's positions stay within 0.1 of the truth for longer than those of the well-trained baseline or, where neither leaves, are nearer on average, from the test start and from the same tilted, shifted and boosted",
      "holds within limits": "from one of the two starts",
      "does not hold": "else",
    },
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
      const numbers = (start: "test" | "moved"): string =>
        pairs(start)
          .map(
            ({ title, own, rival }) =>
              `${title} ${own.positionRecords ?? "never"} against ${rival.positionRecords ?? "never"}`,
          )
          .join(", ");
      const nearer = pairs("test")
        .map(
          ({ title, own, rival }) =>
            `${title} ${formatNumber(own.errors.position.mae)} against ${formatNumber(rival.errors.position.mae)}`,
        )
        .join(", ");
      return judged(
        better("test") && better("moved"),
        better("test") || better("moved"),
        `records until 0.1 off: ${numbers("test")}; moved start: ${numbers("moved")}; mean position error, test start: ${nearer}`,
      );
    },
  },
  {
    name: "baseline-diverges-linear",
    short: "the baseline diverges after 30 records (linear)",
    quote:
      "the Lagrangian predicted by the baseline LNN starts diverging after 30 time steps of the forward simulation",
    section: "4.2",
    rule: {
      holds: "L of the well-trained baseline is a tenth of its span off within 60 records",
      "holds within limits": "within 100 records",
      "does not hold": "later, or never",
    },
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
    short: "the baseline loses both momenta in a few records (others)",
    quote:
      "Similarly, the linear and angular momenta of the baseline also diverge in a few time steps.",
    section: "4.2",
    rule: {
      holds:
        "for the quartic spring and gravity the well-trained baseline's P and Lang are both 0.01 off within 100 records",
      "holds within limits": "one of the two is, in at least one of the systems",
      "does not hold": "else",
    },
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
              `${title}: P ${after(run.linearMomentumRecords)}, Lang ${after(run.angularMomentumRecords)}`,
          )
          .join("; "),
      );
    },
  },
  {
    name: "chaotic",
    short: "the systems are chaotic",
    quote:
      "Since the systems considered here are chaotic, slight differences in the initial conditions or predictions will lead to differences in the trajectories.",
    section: "4.1.3",
    rule: {
      holds: "the truth started 1e-4 away is 0.1 off within the run, in all three systems",
      "holds within limits": "in some of them",
      "does not hold": "in none",
    },
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
        `1e-4 grows to ${far.map(({ title, most }) => `${formatNumber(most)} (${title})`).join(", ")}`,
      );
    },
  },
  {
    name: "learns-chaos",
    short: "MCLNN follows chaotic systems",
    quote:
      "the low values of error in the Lagrangian along with the long-term stability of both non-linear spring and gravitational system suggests the realistic nature of the trajectory predicted by MCLNN",
    section: "4.2",
    rule: {
      holds: "L of MCLNN never leaves the truth by a tenth of its span, in all three systems",
      "holds within limits":
        "where it does, it does no sooner than the truth started 1e-4 away, and H is within twice Verlet's own error",
      "does not hold": "else",
    },
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
