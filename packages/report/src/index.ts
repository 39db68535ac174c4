export type {
  AbsoluteError,
  ChaosFloor,
  ChaosSeries,
  CompareResults,
  DocumentTable,
  Drift,
  FigureOptions,
  FigurePlan,
  LawCurve,
  LawSeries,
  Milestone,
  ModelResults,
  Numbers,
  Observable,
  PathSeries,
  PlotAxis,
  PlotPanel,
  PlotPlan,
  PlotSeries,
  RolloutErrors,
  RunComparison,
  RunSeries,
  SlopeError,
  StartState,
  StateValues,
  SystemResults,
  SystemSeries,
  TrainingData,
  TrainingSeries,
  TruthResults,
  Value,
} from "@mclnn/studies";
export { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
export { type Figure, figureSvg, type LegendEntry } from "./drawing/figure.ts";
export { conservationFigure } from "./figures/conservation.ts";
export { drawFigure } from "./figures/draw.ts";
export { type Overview, overviewFigure } from "./figures/overview.ts";
export { plotFigure } from "./figures/plot.ts";
export { potentialFigure } from "./figures/potential.ts";
export { systemFigures } from "./figures/system-figures.ts";
export { tiltedFigure } from "./figures/tilted.ts";
export { trainingFigure } from "./figures/training.ts";
export { trajectoriesFigure } from "./figures/trajectories.ts";
export { comparePage, type PageContent } from "./page/compare-page.ts";
export {
  type DocumentBlock,
  type DocumentContent,
  type DocumentSection,
  documentMarkdown,
  documentPage,
} from "./page/document.ts";
export { drawBlocks } from "./page/draw-blocks.ts";
export {
  type ResultsTable,
  type RunStart,
  resultsTable,
  type TableColumn,
  type TableRow,
} from "./page/table.ts";
