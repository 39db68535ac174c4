export {
  type DocumentBlock,
  type DocumentContent,
  type DocumentSection,
  type DocumentTable,
  documentMarkdown,
  documentPage,
} from "./document.ts";
export { type Figure, figureSvg, type LegendEntry } from "./figure.ts";
export { conservationFigure } from "./figures/conservation.ts";
export type { FigureOptions } from "./figures/figure-options.ts";
export {
  type PlotAxis,
  type PlotPanel,
  type PlotPlan,
  type PlotSeries,
  plotFigure,
} from "./figures/plot.ts";
export { potentialFigure } from "./figures/potential.ts";
export { systemFigures } from "./figures/system-figures.ts";
export { tiltedFigure } from "./figures/tilted.ts";
export { trainingFigure } from "./figures/training.ts";
export { trajectoriesFigure } from "./figures/trajectories.ts";
export { formatCount, formatNumber, formatSeconds, formatTarget } from "./number-text.ts";
export { comparePage, type PageContent } from "./page.ts";
export { type PngOptions, renderPng } from "./png.ts";
export type {
  AbsoluteError,
  ChaosFloor,
  CompareResults,
  Drift,
  Milestone,
  ModelResults,
  RolloutErrors,
  SlopeError,
  StartState,
  StateValues,
  SystemResults,
  TrainingData,
  TruthResults,
  Value,
} from "./results.ts";
export type {
  ChaosSeries,
  LawCurve,
  LawSeries,
  Numbers,
  Observable,
  PathSeries,
  RunComparison,
  RunSeries,
  SystemSeries,
  TrainingSeries,
} from "./series.ts";
export {
  type ResultsTable,
  type RunStart,
  resultsTable,
  type TableColumn,
  type TableRow,
} from "./table.ts";
