import { type Figure, formatTarget } from "@mclnn/report";
import {
  type AveragedResult,
  averaged,
  type CellResult,
  errorBound,
  isLearned,
  METHODS,
  type Method,
} from "./cell.ts";
import { lawSystemByName } from "./systems/catalogue.ts";

const LOOKS: Readonly<Record<Method, { readonly title: string; readonly colour: string }>> = {
  spline: { title: "spline", colour: "#009E73" },
  mclnn: { title: "MCLNN", colour: "#0072B2" },
  kernel: { title: "kernel least squares", colour: "#CC79A7" },
};
const WIDTH = 560;
const ROW = 17;
const MARGIN = { top: 26, right: 12, bottom: 40, left: 218 };
/** Decade of the right edge, at most: a law that is wrong by more is drawn there. */
const LARGEST = 1;
/** Methods of one system lie a little below each other, so that equal errors are all seen. */
const STAGGER = 4;

/**
 * V' errors of all systems with the most trajectories: a panel a noise level, a row a system; discs with velocities, rings without.
 *
 * undefined where there are no results.
 */
export function lawsFigure(results: readonly CellResult[]): Figure | undefined {
  const rows = averaged(results);
  const most = Math.max(...rows.map(({ cell }) => cell.trajectories));
  const shown = rows.filter(({ cell }) => cell.trajectories === most);
  const errors = shown.flatMap(({ outcomes }) =>
    METHODS.flatMap((method) => {
      const outcome = outcomes[method];
      return isLearned(outcome) && outcome.slope.mean > 0 ? [outcome.slope.mean] : [];
    }),
  );
  if (errors.length === 0) return undefined;
  const decades: readonly [number, number] = [
    Math.floor(Math.log10(Math.min(...errors))),
    Math.min(Math.max(0, Math.ceil(Math.log10(Math.max(...errors)))), LARGEST),
  ];
  const levels = [...new Set(shown.map(({ cell }) => cell.noise))];
  return {
    name: "laws",
    title: `Error of the learned V', ${most} trajectories of 20 records`,
    description: `Mean error of V' relative to the mean of V', logarithmic, of spline, MCLNN and kernel least squares for ${new Set(shown.map(({ cell }) => cell.system)).size} systems and noise ${levels.join(", ")}.`,
    note: "Mean |V' learned - V' true| over the separations of the data, by the mean |V' true|. Upright bars: what is asked of the MCLNN. On the right edge: errors beyond it; a cross: no law.",
    legend: [
      ...METHODS.map((method) => ({
        label: LOOKS[method].title,
        kind: "disc" as const,
        stroke: { colour: LOOKS[method].colour, width: 1.5 },
      })),
      { label: "velocities given", kind: "disc", stroke: { colour: "currentColor", width: 1.5 } },
      { label: "velocities unknown", kind: "ring", stroke: { colour: "currentColor", width: 1.5 } },
    ],
    columns: 2,
    panels: levels.map((noise) =>
      panel(
        noise,
        shown.filter(({ cell }) => cell.noise === noise),
        decades,
      ),
    ),
  };
}

function panel(
  noise: number,
  rows: readonly AveragedResult[],
  [low, high]: readonly [number, number],
): Figure["panels"][number] {
  const systems = [...new Set(rows.map(({ cell }) => cell.system))];
  const bottom = MARGIN.top + systems.length * ROW;
  const right = WIDTH - MARGIN.right;
  const place = (error: number): number => {
    const share = (Math.log10(error) - low) / (high - low);
    return round(MARGIN.left + Math.min(Math.max(share, 0), 1) * (right - MARGIN.left));
  };
  const heading = noise === 0 ? "no noise" : `noise ${formatTarget(noise)} of the mean separation`;
  const parts = [
    `<text x="0" y="14" text-anchor="start" font-size="12.5" font-weight="600">${heading}</text>`,
  ];
  for (let decade = low; decade <= high; decade++) {
    const x = place(10 ** decade);
    parts.push(
      `<line x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${bottom}" stroke="currentColor" stroke-opacity="0.13"/>`,
    );
    // Room for every other label only.
    if (decade % 2 === 0)
      parts.push(`<text x="${x}" y="${bottom + 15}">${decade === 0 ? "1" : `1e${decade}`}</text>`);
  }
  systems.forEach((system, k) => {
    const y = MARGIN.top + (k + 0.5) * ROW;
    parts.push(
      `<text x="${MARGIN.left - 8}" y="${y + 4}" text-anchor="end">${escapeText(lawSystemByName(system).title)}</text>`,
      `<line x1="${MARGIN.left}" x2="${right}" y1="${y}" y2="${y}" stroke="currentColor" stroke-opacity="0.1"/>`,
    );
    const own = rows.filter((row) => row.cell.system === system);
    const asked = own.map(askedOf).find((error) => error !== undefined);
    if (asked !== undefined)
      parts.push(
        `<line x1="${place(asked)}" x2="${place(asked)}" y1="${y - ROW / 2}" y2="${y + ROW / 2}" stroke="currentColor" stroke-opacity="0.7" stroke-width="1.4"/>`,
      );
    for (const { cell, outcomes } of own)
      METHODS.forEach((method, m) => {
        const outcome = outcomes[method];
        const { colour } = LOOKS[method];
        const at = y + (m - 1) * STAGGER;
        parts.push(
          isLearned(outcome)
            ? `<circle cx="${place(outcome.slope.mean)}" cy="${at}" r="3" ${cell.velocities === "given" ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="1.4"`}/>`
            : `<path d="M${right - 3} ${at - 3}l6 6m0-6l-6 6" stroke="${colour}" stroke-width="1.6"/>`,
        );
      });
  });
  parts.push(
    `<rect x="${MARGIN.left}" y="${MARGIN.top}" width="${right - MARGIN.left}" height="${bottom - MARGIN.top}" fill="none" stroke="currentColor" stroke-opacity="0.35"/>`,
    `<text x="${(MARGIN.left + right) / 2}" y="${bottom + 33}" font-size="12">mean error of V' by mean |V'|</text>`,
  );
  return {
    heading,
    description: `Mean relative errors of V' of ${systems.length} systems`,
    width: WIDTH,
    height: bottom + MARGIN.bottom,
    content: `<g font-size="11.5" text-anchor="middle">${parts.join("")}</g>`,
  };
}

/** Relative error that is asked of the MCLNN; undefined where no method tells the scale. */
function askedOf({ cell, outcomes }: AveragedResult): number | undefined {
  const bound = errorBound(cell, "mclnn");
  if (cell.noise === 0) return bound;
  const known = METHODS.map((method) => outcomes[method]).find(isLearned);
  if (known?.slopeByNoise === undefined) return undefined;
  return (bound * known.slope.mean) / known.slopeByNoise;
}

const round = (x: number): number => Math.round(100 * x) / 100;

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
