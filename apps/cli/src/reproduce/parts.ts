import type { Part } from "./part.ts";
import { baselinesPart } from "./parts/baselines.ts";
import { claimsPart } from "./parts/claims.ts";
import { efficiencyPart } from "./parts/efficiency.ts";
import { fig5Part } from "./parts/fig5.ts";
import { fig6Part } from "./parts/fig6.ts";
import { fig4Part, fig7Part } from "./parts/larger.ts";
import { fig2Part, fig3Part } from "./parts/long-runs.ts";
import { recipePart } from "./parts/recipe.ts";
import { startsPart } from "./parts/starts.ts";
import { table1Part } from "./parts/table1.ts";
import { theoryPart } from "./parts/theory.ts";

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
