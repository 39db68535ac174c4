import * as report from "@mclnn/report";
import * as node from "@mclnn/report/node";
import type { EntryCalls } from "../call.ts";

const numbers = (): number[] => [0, 1, 2, 3];
const by = (): Record<string, number[]> => ({ hamiltonian: numbers(), linearMomentum: numbers() });
const series = (): report.RunSeries => ({
  times: numbers(),
  values: by(),
  ownHamiltonian: numbers(),
  errors: { ...by(), position: numbers() },
  path: { times: numbers(), positions: Float64Array.from({ length: 16 }, (_, k) => k % 5) },
});
const run = (): report.RunComparison => ({
  truth: series(),
  models: { mclnn: series() },
  chaos: { offset: 1e-4, times: numbers(), errors: { position: numbers() } },
  closer: [{ offset: 1e-6, times: numbers(), errors: { position: numbers() } }],
});
const law = (): report.LawSeries => ({
  separations: [0.5, 1, 1.5, 2],
  trainingRanges: [[0.6, 1.4]],
  truth: { energy: numbers(), slope: numbers() },
  models: { mclnn: { energy: numbers(), slope: numbers(), slopeSd: numbers() } },
});
const training = (): Record<string, report.TrainingSeries> => ({
  mclnn: { seconds: numbers(), loss: [4, 3, 2, 1], iterations: numbers(), lossKind: "rollout" },
});
const options = (): report.FigureOptions => ({
  system: "springs",
  titles: { mclnn: "MCLNN" },
  truth: "truth",
});
const figure = (): report.Figure => ({
  ...{ name: "own", title: "Own", description: "one panel", note: "no note", columns: 1 },
  legend: [{ label: "truth", kind: "line", stroke: { colour: "red", width: 1 } }],
  panels: [{ width: 10, height: 10, heading: "h", description: "d", content: "<g/>" }],
});
const table = { caption: "c", columns: [{ title: "t" }], rows: [["1"]] };
const content = (): report.DocumentContent => ({
  ...{ title: "Own", introduction: ["It begins."], footer: "It ends." },
  sections: [{ title: "One", blocks: [{ kind: "table", table }] }],
});
const bodies = { particles: 2, dimension: 2 } as const;
const DRAWN = "takes plans of figures that studies make; each is drawn by a function above";
const RESULTS = "takes what compare writes to results.json; not looked at yet";
/** Figures take a while to draw. */
const drawn = (args: () => readonly unknown[]) => ({ args, slow: true });

/** All entries of the package. */
export const reportCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/report",
    module: report,
    calls: {
      conservationFigure: drawn(() => [run(), options()]),
      documentMarkdown: () => [content(), () => "figure.svg"],
      documentPage: () => [content()],
      figureSvg: () => [figure()],
      formatCount: () => [1000],
      formatNumber: () => [0.5, 2],
      formatSeconds: () => [10],
      formatTarget: () => [1e-8],
      plotFigure: () => [
        {
          ...{ name: "own", title: "Own", description: "a curve", columns: 1 },
          panels: [
            {
              ...{ heading: "y", x: { label: "x", log: false, domain: [0, 3] }, y: { log: false } },
              series: [{ label: "truth", x: numbers(), y: numbers() }],
              ...{ levels: [1], shades: [[1, 2]] },
            },
          ],
        },
      ],
      potentialFigure: drawn(() => [law(), options()]),
      systemFigures: drawn(() => [
        {
          ...{ ...bodies, rollout: run(), tilted: run(), law: law() },
          ...{ training: training(), targetLoss: 1e-8 },
        },
        options(),
      ]),
      tiltedFigure: drawn(() => [{ rollout: run(), tilted: run() }, options()]),
      trainingFigure: drawn(() => [training(), { ...options(), targetLoss: 1e-8 }]),
      trajectoriesFigure: drawn(() => [run(), { ...bodies }, options()]),
    },
    excused: {
      overviewFigure: RESULTS,
      drawBlocks: DRAWN,
      drawFigure: DRAWN,
      comparePage: RESULTS,
      resultsTable: RESULTS,
    },
  },
  {
    entry: "@mclnn/report/node",
    module: node,
    calls: {
      renderPdf: {
        args: () => ['<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'],
        slow: true,
      },
      renderPng: {
        args: () => [
          '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
          { scale: 1, background: "white" },
        ],
        slow: true,
      },
    },
  },
];
