import { conservationFigure, formatNumber, plotFigure, type RunComparison } from "@mclnn/report";
import { runData } from "../conservation.ts";
import { lawsJob } from "../jobs.ts";
import type { Part, Results } from "../part.ts";
import { type Settings, SYSTEMS, type SystemName } from "../settings.ts";
import type { LargerRun } from "../studies/laws.ts";
import { numbersOf } from "./long-runs.ts";

const jobs: Part["jobs"] = (settings) => SYSTEMS.map((system) => lawsJob(settings, system));

/** Fig. 4: L of six, six and eight bodies. */
export const fig4Part: Part = {
  name: "fig4",
  title: "Figure 4: twice the bodies",
  paper:
    "L along runs of six bodies on linear springs, six on quartic springs and eight under gravity, by the models trained on three, three and four bodies: an excellent match with the truth. The starts are not given.",
  jobs,
  async present(results, settings) {
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
        {
          kind: "figure",
          figure: await plotFigure({
            name: "fig4-lagrangian",
            title: "L of more bodies than were trained on",
            description:
              "Lagrangian of the truth and of MCLNN against time, and its absolute error.",
            note: "Reduced units. Errors: highest in every two pixels.",
            panels: runs.flatMap(({ title, larger, run }) => [
              {
                heading: `L, ${title}, ${larger.bodies} bodies (reduced units)`,
                x: { label: "time (reduced units)" },
                series: [
                  {
                    label: "truth",
                    look: "truth",
                    x: run.truth.times,
                    y: run.truth.values.lagrangian ?? [],
                  },
                  {
                    label: "MCLNN",
                    look: "mclnn",
                    x: run.models.mclnn?.times ?? [],
                    y: run.models.mclnn?.values.lagrangian ?? [],
                  },
                ],
              },
              {
                heading: `Error of L, |ΔL| (reduced units)`,
                x: { label: "time (reduced units)" },
                y: { log: true },
                series: [
                  {
                    label: "truth started 1e-4 away (chaos floor)",
                    look: "floor",
                    kind: "envelope" as const,
                    x: larger.floor.times,
                    y: larger.floor.errors.lagrangian ?? [],
                  },
                  {
                    label: "MCLNN",
                    look: "mclnn",
                    kind: "envelope" as const,
                    x: run.models.mclnn?.times ?? [],
                    y: run.models.mclnn?.errors?.lagrangian ?? [],
                  },
                ],
              },
            ]),
          }),
        },
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
  async present(results, settings) {
    const runs = largerRuns(results, settings);
    const hard = runs.flatMap(({ system, title, harder }) =>
      harder === null ? [] : [{ system, title, larger: harder, run: comparison(harder) }],
    );
    const figures = await Promise.all([
      ...runs.map(async ({ system, title, larger, run }) => ({
        ...(await conservationFigure(run, { system: `${title}, ${larger.bodies} bodies` })),
        name: `fig7-${system}`,
      })),
      ...hard.map(async ({ system, title, larger, run }) => ({
        ...(await conservationFigure(run, {
          system: `${title}, ${larger.bodies} bodies from a hard start`,
        })),
        name: `fig7-${system}-hard`,
      })),
    ]);
    return {
      found: [
        ...runs.map(
          ({ title, larger: { bodies, run, outside } }) =>
            `${title}, ${bodies} bodies: largest error of L ${formatNumber(run.errors.lagrangian.max)}, of H ${formatNumber(run.errors.hamiltonian.max)}, of P ${formatNumber(run.errors.linearMomentum.max)}, of Lang ${formatNumber(run.errors.angularMomentum.max)}; ${percent(outside)} of the separations outside the training range.`,
        ),
        ...hard.map(
          ({ title, larger: { outside, run, lagrangianRelative } }) =>
            `${title}, hard start (the training triangle twice, 1.2 apart): ${percent(outside)} of the separations were never seen in training. The momenta hold all the same (${formatNumber(run.errors.linearMomentum.max)}, ${formatNumber(run.errors.angularMomentum.max)}); L is off by ${formatNumber(lagrangianRelative)} of its largest value, and the positions by 0.1 ${run.positionRecords === null ? "never" : `after ${run.positionRecords} records`}. Any number of particles, but not any separation.`,
        ),
      ],
      blocks: figures.map((figure) => ({ kind: "figure", figure })),
      data: [
        ...runs.map(({ system, run }) => runData(`fig7-${system}`, run)),
        ...hard.map(({ system, run }) => runData(`fig7-${system}-hard`, run)),
      ],
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
    bodies,
    outside,
    lagrangianRelative,
    ...numbersOf(run),
  });
  return Object.fromEntries(
    runs.map(({ system, larger, harder }) => [
      system,
      { larger: of(larger), harder: harder === null ? null : of(harder) },
    ]),
  );
}

/** A share for people: `3.6 %`. */
export function percent(share: number): string {
  return `${share === 0 ? "0" : formatNumber(100 * share)} %`;
}
