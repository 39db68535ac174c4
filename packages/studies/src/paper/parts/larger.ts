import { formatNumber } from "../../data/number-text.ts";
import type { RunComparison } from "../../data/series.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { bySystem, lawsJobs as jobs } from "../results/laws.ts";
import { runData } from "../results/long-run.ts";
import { percent } from "../results/percent.ts";
import type { Results } from "../results/results.ts";
import { lawsJob } from "../studies/jobs.ts";
import type { LargerRun } from "../studies/laws.ts";
import { numbersOf } from "./long-runs.ts";
import type { Part } from "./part.ts";
import { errorSeries, studyPlot } from "./spec.ts";

/** Fig. 4: L of six, six and eight bodies. */
export const fig4Part: Part = {
  name: "fig4",
  title: "Figure 4: twice the bodies",
  paper:
    "L along runs of six bodies on linear springs, six on quartic springs and eight under gravity, by the models trained on three, three and four bodies: an excellent match with the truth. The starts are not given.",
  jobs,
  present(results, settings) {
    const runs = largerRuns(results, settings);
    return {
      found: [
        `The very models of Fig. 2 and 3, with no further training and one constant for V. Largest error of L over ${settings.largerRecords} records, relative to the largest |L|: ${runs
          .map(
            ({ title, larger }) =>
              `${title}, ${larger.bodies} bodies, ${formatNumber(larger.lagrangianRelative)}`,
          )
          .join("; ")}. Energies are by the true law.`,
      ],
      blocks: [
        studyPlot({
          name: "fig4-lagrangian",
          title: "L of more bodies than were trained on",
          description: "Lagrangian of the truth and of MCLNN against time, and its absolute error.",
          note: "Reduced units. Errors: highest in every two pixels.",
          panels: runs.flatMap(({ title, larger, run: { truth, models, ...floors } }) => {
            const { times = [], values } = models.mclnn ?? {};
            const y = values?.lagrangian ?? [];
            return [
              {
                heading: `L, ${title}, ${larger.bodies} bodies (reduced units)`,
                x: { label: "time (reduced units)" },
                series: [
                  {
                    label: "truth",
                    look: "truth",
                    x: truth.times,
                    y: truth.values.lagrangian ?? [],
                  },
                  { label: "MCLNN", look: "mclnn", x: times, y },
                ],
              },
              {
                heading: "Error of L, |ΔL| (reduced units)",
                x: { label: "time (reduced units)" },
                y: { log: true },
                series: errorSeries({ truth, models, ...floors }, "lagrangian", ["mclnn"]),
              },
            ];
          }),
        }),
      ],
      data: [],
      numbers: numbers(runs),
    };
  },
};

/** Fig. 7: everything along the same runs, and the hard start. */
export const fig7Part: Part = {
  name: "fig7",
  title: "Figure 7: twice the bodies, all quantities, and a hard start",
  paper:
    "L, H, |P| and the angular momentum along the runs of Fig. 4. H and both momenta stay constant.",
  jobs,
  present(results, settings) {
    const runs = largerRuns(results, settings);
    const hard = runs.flatMap(({ system, title, harder }) =>
      harder === null ? [] : [{ system, title, larger: harder, run: comparison(harder) }],
    );
    const drawn = [
      ...runs.map((each) => ({ ...each, suffix: "", from: "" })),
      ...hard.map((each) => ({ ...each, suffix: "-hard", from: " from a hard start" })),
    ];
    return {
      found: [
        ...runs.map(
          ({ title, larger: { bodies, run, outside } }) =>
            `${title}, ${bodies} bodies: largest error of ℒ ${formatNumber(run.errors.lagrangian.max)}, of H ${formatNumber(run.errors.hamiltonian.max)}, of P ${formatNumber(run.errors.linearMomentum.max)}, of L ${formatNumber(run.errors.angularMomentum.max)}; ${percent(outside)} of the separations outside the training range.`,
        ),
        ...hard.map(
          ({ title, larger: { outside, run, lagrangianRelative } }) =>
            `${title}, hard start (the training triangle twice, 1.2 apart): ${percent(outside)} of the separations were never seen in training. The momenta hold all the same (${formatNumber(run.errors.linearMomentum.max)}, ${formatNumber(run.errors.angularMomentum.max)}); L is off by ${formatNumber(lagrangianRelative)} of its largest value, and the positions by 0.1 ${run.positionRecords === null ? "never" : `after ${run.positionRecords} records`}. Any number of particles, but not any separation.`,
        ),
      ],
      blocks: drawn.map(({ system, title, larger, run, suffix, from }) => ({
        kind: "figure",
        figure: {
          draw: "conservation",
          name: `fig7-${system}${suffix}`,
          run,
          options: { system: `${title}, ${larger.bodies} bodies${from}` },
        },
      })),
      data: drawn.map(({ system, run, suffix }) => runData(`fig7-${system}${suffix}`, run)),
      numbers: numbers(runs),
    };
  },
};

interface OpenLarger {
  readonly system: SystemName;
  readonly title: string;
  readonly larger: LargerRun;
  readonly harder: LargerRun | null;
  readonly run: RunComparison;
}

function largerRuns(results: Results, settings: Settings): OpenLarger[] {
  return SYSTEMS.map((system) => {
    const { title, larger, harder } = results.of(lawsJob(settings, system));
    return { system, title, larger, harder, run: comparison(larger) };
  });
}

function comparison({ truth, run, floor }: LargerRun): RunComparison {
  const { series } = run;
  return { truth, models: series === undefined ? {} : { mclnn: series }, chaos: floor };
}

function numbers(runs: readonly OpenLarger[]): unknown {
  const of = ({ bodies, outside, lagrangianRelative, run }: LargerRun): unknown => ({
    ...{ bodies, outside, lagrangianRelative },
    ...numbersOf(run),
  });
  return bySystem(runs, ({ larger, harder }) => ({
    larger: of(larger),
    harder: harder === null ? null : of(harder),
  }));
}
