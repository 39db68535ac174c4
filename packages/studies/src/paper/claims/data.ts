import { medianRange } from "@mclnn/metrics";
import { formatNumber } from "../../data/number-text.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { dataFactor } from "../results/data-factor.ts";
import { allLaws, lawsJobs } from "../results/laws.ts";
import { baselineJobs, efficiencyJobs, lawsJob, widthsJob } from "../studies/jobs.ts";
import { type Claim, judged, perSystem } from "./claim.ts";

const PAPER_LOSS = 1e-8;

/** What MCLNN needs: which data, how much of them, how large a network. */
export const dataClaims: readonly Claim[] = [
  {
    name: "positions-only",
    figure: "fig5-linear-spring",
    short: "MCLNN learns from positions alone",
    quote:
      "MCLNN can directly learn trajectories (positions) of systems without requiring training on acceleration",
    section: "1, 4.4",
    rule: [
      "without any velocity, start velocities found with the law, V' is off by at most 1e-3 on average, all three systems",
      "with the velocities at the start of each trajectory given, as in the paper",
    ],
    depends: "whether the start velocity of a trajectory counts: the paper's model needs it",
    jobs: lawsJobs,
    judge(results, settings) {
      const errors = allLaws(results, settings).map(({ title, models, positionsOnly }) => ({
        title,
        without: positionsOnly,
        given: models.mclnn.slopeError.relativeMean,
      }));
      return judged(
        errors.every(({ without }) => without <= 1e-3),
        errors.every(({ given }) => given <= 1e-3),
        perSystem(
          errors,
          ({ without, given }) =>
            `${formatNumber(without)}, with velocities ${formatNumber(given)}`,
          "; ",
        ),
      );
    },
  },
  {
    name: "less-data",
    figure: "efficiency",
    short: "3-4 orders of magnitude less data",
    quote:
      "is capable of learning interaction dynamics with 3-4 orders of magnitude lower volume of training data",
    section: "1",
    rule: [
      "for the acceleration error that the baseline reaches with all its points MCLNN needs a thousandth of the records or less, all three systems",
      "a tenth or less",
    ],
    depends: "the baseline's training; the paper compares 10,000 points with 2,000 records",
    jobs: (settings) =>
      SYSTEMS.flatMap((system) => [
        lawsJob(settings, system),
        ...efficiencyJobs(settings, system),
        ...baselineJobs(settings, system, "lnn"),
      ]),
    judge(results, settings) {
      const factors = SYSTEMS.map((system) => ({
        title: results.of(lawsJob(settings, system)).title,
        ...dataFactor(results, settings, system),
      }));
      const least = Math.min(...factors.map(({ factor }) => factor ?? 0));
      return judged(
        least >= 1000,
        least >= 10,
        factors
          .map(({ title, factor, needed }) =>
            needed === null
              ? `more than given (${title})`
              : `${formatNumber(factor)} times less (${title}, ${needed} records)`,
          )
          .join(", "),
      );
    },
  },
  {
    name: "two-is-too-small",
    figure: "fig6",
    short: "a (2, 2) network is too small",
    quote: "2, 2: 0.0012, 0.0015",
    section: "Table 1",
    rule: [
      "on the linear spring no (2, 2) network reaches a training loss of 1e-8",
      "fewer than half of the seeds reach it",
      "half or more reach it",
    ],
    depends: "the trainer: the paper's Adam stopped at 1.2e-3",
    jobs: (settings) => [widthsJob(settings, "linear-spring", 2)],
    judge(results, settings) {
      const runs = results
        .of(widthsJob(settings, "linear-spring", 2))
        .runs.filter(({ target }) => target === "paper");
      const reached = runs.filter(({ trainLoss }) => trainLoss <= PAPER_LOSS).length;
      return judged(
        reached === 0,
        2 * reached < runs.length,
        `${reached} of ${runs.length} seeds reach 1e-8`,
      );
    },
  },
  {
    name: "four-is-enough",
    figure: "fig6",
    short: "nothing is gained beyond (4, 4)",
    quote: "4, 4: 7.98e-09, 2.36e-08; 8, 8: 9.86e-09, 3.80e-08; 16, 16: 9.76e-09, 3.02e-08",
    section: "Table 1",
    rule: [
      "on the linear spring no wider network has a median validation loss three times lower, neither stopped at 1e-8 nor trained as low as it goes",
      "true of networks stopped at 1e-8",
    ],
    depends: "where training stops: at 1e-8 all widths end alike, because they are stopped there",
    jobs: (settings) =>
      settings.widths
        .filter((width) => width >= 4)
        .map((width) => widthsJob(settings, "linear-spring", width)),
    judge(results, settings) {
      const median = (width: number, target: "paper" | "deep"): number =>
        medianRange(
          results
            .of(widthsJob(settings, "linear-spring", width))
            .runs.filter((run) => run.target === target)
            .map(({ validationLoss }) => validationLoss),
        ).median;
      const wider = settings.widths.filter((width) => width > 4);
      const gain = (target: "paper" | "deep"): number =>
        Math.max(...wider.map((width) => median(4, target) / median(width, target)));
      const [stopped, deep] = [gain("paper"), gain("deep")];
      return judged(
        stopped < 3 && deep < 3,
        stopped < 3,
        `validation loss lower by a factor of ${formatNumber(stopped)} stopped at 1e-8, ${formatNumber(deep)} as low as it goes`,
      );
    },
  },
];
