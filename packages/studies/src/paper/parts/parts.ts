import { baselinesPart } from "./baselines.ts";
import { claimsPart } from "./claims.ts";
import { efficiencyPart } from "./efficiency.ts";
import { fig5Part } from "./fig5.ts";
import { fig6Part } from "./fig6.ts";
import { fig4Part, fig7Part } from "./larger.ts";
import { fig2Part, fig3Part } from "./long-runs.ts";
import type { Part } from "./part.ts";
import { recipePart } from "./recipe.ts";
import { startsPart } from "./starts.ts";
import { table1Part } from "./table1.ts";
import { theoryPart } from "./theory.ts";

/** Everything that a reproduction can show, in the order of the page. */
export const PARTS: readonly Part[] = [
  claimsPart,
  fig2Part,
  fig3Part,
  fig4Part,
  fig5Part,
  fig6Part,
  fig7Part,
  table1Part,
  baselinesPart,
  efficiencyPart,
  theoryPart,
  recipePart,
  startsPart,
];
