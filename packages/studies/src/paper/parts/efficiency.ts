import { medianRange } from "@mclnn/metrics";
import type { DocumentTable } from "../../data/document.ts";
import type { PlotPanel, PlotPlan, PlotSeries } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { dataFactor } from "../results/data-factor.ts";
import { bySystem } from "../results/laws.ts";
import type { Results } from "../results/results.ts";
import { type EfficiencyRun, LEARNERS, type Learner } from "../studies/efficiency.ts";
import { baselineJobs, efficiencyJobs, lawsJob } from "../studies/jobs.ts";
import type { Part } from "./part.ts";
import { type Column, once, studyData, studyPlot, studyTable } from "./spec.ts";

const TITLES: Readonly<Record<Learner, string>> = {
  mclnn: "MCLNN",
  lnn: "LNN on accelerations",
  trajectories: "LNN on trajectories",
};
const LOOKS: Readonly<Record<Learner, string>> = {
  mclnn: "mclnn",
  lnn: "lnn",
  trajectories: "lnn-trajectories",
};

/** How much data each model needs. */
export const efficiencyPart: Part = {
  name: "efficiency",
  title: "How much data each needs",
  paper:
    'MCLNN learns "with 3-4 orders of magnitude lower volume of training data". The comparison behind it: 10,000 accelerations for the baseline against 100 trajectories of 20 records, 2,000 in all. That is a factor of five.',
  jobs: (settings) =>
    SYSTEMS.flatMap((system) => [
      lawsJob(settings, system),
      ...efficiencyJobs(settings, system),
      ...baselineJobs(settings, system, "lnn"),
    ]),
  present(results, settings) {
    const systems = SYSTEMS.map((system) => openSystem(results, settings, system));
    return {
      found: [
        ...systems.map(({ system, title }) => {
          const { needed, accuracy, factor } = dataFactor(results, settings, system);
          return `${title}: to predict accelerations within ${formatNumber(100 * accuracy)} %, what the baseline reaches with all ${settings.baseline.points} points, MCLNN needs ${needed === null ? "more than it was given" : `${needed} records`}${factor === null ? "" : `, ${formatNumber(factor)} times less`}.`;
        }),
        answer(
          systems.map(({ system }) => dataFactor(results, settings, system).factor),
          settings.baseline.points,
        ),
      ],
      blocks: [
        studyPlot(efficiencyPlan(systems, settings)),
        { kind: "table", table: efficiencyTable(systems, settings) },
      ],
      data: [
        studyData(
          "efficiency",
          systems.flatMap(({ system, points }) =>
            points.flatMap(({ count, runs }) => runs.map((run) => ({ system, count, ...run }))),
          ),
          {
            system: ({ system }) => system,
            records: ({ count }) => count,
            learner: ({ learner }) => learner,
            seed: ({ seed }) => seed,
            "training loss": ({ trainLoss }) => trainLoss,
            "V' error": ({ slopeError }) => slopeError,
            "acceleration error": ({ accelerationError }) => accelerationError,
            "position error": ({ positionError }) => positionError,
            "position 0.1 off, records": ({ positionRecords }) => positionRecords,
            seconds: ({ trainSeconds }) => trainSeconds,
          },
        ),
      ],
      numbers: bySystem(systems, ({ system, points, floor }) => ({
        floor,
        ...dataFactor(results, settings, system),
        points,
      })),
    };
  },
};

/** Our answer to "3-4 orders of magnitude". */
function answer(factors: readonly (number | null)[], points: number): string {
  const known = factors.filter((factor) => factor !== null);
  if (known.length < factors.length)
    return `Not in every system does MCLNN reach what the baseline does with ${points} points.`;
  const orders = known.map((factor) => Math.log10(factor).toFixed(1));
  return `So our answer to "3-4 orders of magnitude less data" is ${orders.join(", ")} orders at equal accuracy. One record of one trajectory already holds three or six pair separations, all of one function. The other way round, at equal records, the middle column of panels shows by how much MCLNN's error is smaller.`;
}

interface Point {
  readonly count: number;
  readonly runs: readonly EfficiencyRun[];
}

interface OpenSystem {
  readonly system: SystemName;
  readonly title: string;
  readonly points: readonly Point[];
  /** Errors of accelerations of the baseline on all of its points, a seed each. */
  readonly own: readonly number[];
  readonly floor: number;
}

function openSystem(results: Results, settings: Settings, system: SystemName): OpenSystem {
  const { title } = results.of(lawsJob(settings, system));
  const jobs = efficiencyJobs(settings, system);
  const points = jobs.map((job) => ({ count: job.input.records, ...results.of(job) }));
  const own = baselineJobs(settings, system, "lnn").map(
    (job) => results.of(job).forces.relativeError,
  );
  return { system, title, points, own, floor: points[0]?.floor ?? 0 };
}

function efficiencyPlan(
  systems: readonly OpenSystem[],
  { efficiency, baseline }: Settings,
): PlotPlan {
  const { rolloutRecords, seeds, records } = efficiency;
  const [first, last] = [records[0] as number, records[records.length - 1] as number];
  const panel = (heading: string, series: readonly PlotSeries[]): PlotPanel => ({
    heading,
    x: { label: "training records", log: true, domain: [first / 1.6, baseline.points * 1.6] },
    y: { log: true },
    series,
  });
  return {
    name: "efficiency",
    title: "Error against the number of training records",
    description:
      "Relative error of V', relative error of accelerations along the true test run, and mean position error of a run from the test start, against the number of records that MCLNN and two baselines learned from.",
    note: `${seeds === 1 ? "One seed." : `Median of ${seeds} seeds, each with a stretch of the run of its own; tinted: smallest to largest.`} Dots: the baseline on all of its ${baseline.points} accelerations, a dot a seed. Position error: mean over ${rolloutRecords} records from the test start. Dotted across: the true system started 1e-4 away; below it, position error says nothing about a law.`,
    columns: 3,
    panels: systems.flatMap(({ title, points, floor, own }) => {
      const curves = (pick: (run: EfficiencyRun) => number): PlotSeries[] =>
        LEARNERS.map((learner) => curve(points, learner, pick));
      return [
        panel(`V' error over mean |V'|, ${title}`, [
          curve(points, "mclnn", ({ slopeError }) => slopeError),
        ]),
        panel(`Acceleration error over rms, ${title}`, [
          ...curves(({ accelerationError }) => accelerationError),
          {
            label: "LNN on all its accelerations",
            look: "lnn",
            kind: "points",
            x: own.map(() => baseline.points),
            y: own,
          },
        ]),
        panel(`Position error, ${title} (length)`, [
          {
            label: "truth started 1e-4 away (chaos floor)",
            look: "floor",
            x: [first, last],
            y: [floor, floor],
          },
          ...curves(({ positionError }) => positionError ?? Infinity),
        ]),
      ];
    }),
  };
}

function curve(
  points: readonly Point[],
  learner: Learner,
  pick: (run: EfficiencyRun) => number | null,
): PlotSeries {
  const spreads = points.map(({ count, runs }) => ({
    count,
    ...medianRange(
      runs.filter((run) => run.learner === learner).map((run) => pick(run) ?? Infinity),
    ),
  }));
  return {
    label: TITLES[learner],
    look: LOOKS[learner],
    x: spreads.map(({ count }) => count),
    y: spreads.map(({ median }) => median),
    band: [spreads.map(({ min }) => min), spreads.map(({ max }) => max)],
  };
}

function efficiencyTable(systems: readonly OpenSystem[], settings: Settings): DocumentTable {
  const rows = systems.flatMap(({ title, points }) => points.map((point) => ({ title, ...point })));
  const medianOf = (
    runs: readonly EfficiencyRun[],
    learner: Learner,
    pick: (run: EfficiencyRun) => number,
  ): number => medianRange(runs.filter((run) => run.learner === learner).map(pick)).median;
  return studyTable(
    `Medians of ${settings.efficiency.seeds} seeds: relative error of accelerations along the true test run / records until positions are 0.1 off`,
    rows,
    [
      ["system", once(rows, ({ title }) => title)],
      ["records", ({ count }) => String(count), "right"],
      ...LEARNERS.map(
        (learner): Column<(typeof rows)[number]> => [
          TITLES[learner],
          ({ runs }) => {
            const error = medianOf(runs, learner, (run) => run.accelerationError);
            const until = medianOf(runs, learner, (run) => run.positionRecords ?? Infinity);
            return `${formatNumber(error)} / ${until === Infinity ? "never" : String(until)}`;
          },
          "right",
        ],
      ),
    ],
  );
}
