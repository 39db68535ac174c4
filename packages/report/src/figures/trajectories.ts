import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, PathSeries, RunComparison } from "@mclnn/studies";
import { extent } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { modelLooks, particleColour, TRUTH } from "../drawing/palette.ts";
import { type Line, MARGIN } from "../drawing/panel-plan.ts";
import { BODIES, FIGURE_OPTIONS, RUN_COMPARISON } from "../drawing/requirements.ts";
import { tickText } from "../drawing/tick-text.ts";
import { drawSheet, entry, list, withSystem } from "./sheet.ts";

/** The plane of the paths is x-y; the frame is square. */
const FRAME = 240;
const SIZE = {
  width: FRAME + MARGIN.left + MARGIN.right,
  height: FRAME + MARGIN.top + MARGIN.bottom,
} as const;
/** More particles than this are not named one by one. */
const NAMED = 6;

/**
 * Paths in the x-y plane over a stretch of time, one panel for the truth and one for each model, all on one scale.
 *
 * The truth's paths lie pale beneath each model's. `undefined` where the truth has no path.
 *
 * @param bodies - N and dimension of the positions
 */
export async function trajectoriesFigure(
  run: RunComparison,
  bodies: { readonly particles: number; readonly dimension: 2 | 3 },
  options: FigureOptions = {},
): Promise<Figure | undefined> {
  checkArgument("run", run, RUN_COMPARISON);
  checkArgument("bodies", bodies, BODIES);
  checkArgument("options", options, FIGURE_OPTIONS);
  const truth = run.truth.path;
  if (truth === undefined) return undefined;
  const { particles } = bodies;
  const looks = modelLooks(Object.keys(run.models), options.titles);
  const models = looks.flatMap(({ key, title }) => {
    const path = run.models[key]?.path;
    return path === undefined ? [] : [{ title, paths: pathsOf(path, bodies) }];
  });
  const truePaths = pathsOf(truth, bodies);
  const frame = squareFrame(
    truePaths,
    models.flatMap(({ paths }) => paths),
  );
  const name = options.truth ?? "truth";
  const beneath = truePaths.map(
    (path): Line => ({ ...path, kind: "path", stroke: { ...TRUTH, width: 4 } }),
  );
  const colour = "currentColor";
  const shown = [{ title: name, paths: truePaths }, ...models];
  const [from, to] = (extent(truth.times) ?? [0, 0]).map((time) => tickText(time, 0.1));
  return drawSheet({
    name: "trajectories",
    title: withSystem(`Paths from t = ${from} to t = ${to}`, options),
    description: `Paths in the x-y plane of ${list(shown.map(({ title }) => title))}.`,
    legend: [
      entry("first record", { colour, width: 1.3 }, "ring"),
      entry("last record", { colour, width: 1.3 }, "disc"),
      looks.length > 0 && entry(`${name}, beneath the models`, TRUTH),
    ],
    columns: Math.min(4, shown.length),
    size: SIZE,
    note: `Reduced units.${particles <= NAMED ? " Particles are numbered where they are last." : ""} Paths grow stronger with time.`,
    panels: shown.map(({ title, paths }, panel) => ({
      heading: capital(title),
      ...remark(paths, frame),
      description: `paths of ${particles} particles in the x-y plane, ${title}${paths === truePaths ? "" : `, over those of the ${name}`}`,
      // One scale for all: the first panel names its axes.
      x: { domain: frame.x, ticks: 5, ...(panel === 0 ? { label: "x" } : {}) },
      y: { domain: frame.y, ticks: 5, ...(panel === 0 ? { label: "y" } : {}) },
      lines: [
        ...(paths === truePaths ? [] : beneath),
        ...paths.map(
          (path, i): Line => ({
            ...path,
            kind: "path",
            ends: true,
            fades: true,
            ...(particles <= NAMED ? { label: String(i + 1) } : {}),
            stroke: { colour: particleColour(i), width: 1.5 },
          }),
        ),
      ],
    })),
  });
}

export interface PlanePath {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** x and y of each particle. */
export function pathsOf(
  { times, positions }: PathSeries,
  { particles, dimension }: { readonly particles: number; readonly dimension: 2 | 3 },
): PlanePath[] {
  const coordinate = (i: number, axis: number): Float64Array =>
    Float64Array.from(
      { length: times.length },
      (_, record) => positions[(record * particles + i) * dimension + axis] as number,
    );
  return Array.from({ length: particles }, (_, i) => ({
    x: coordinate(i, 0),
    y: coordinate(i, 1),
  }));
}

/** Ranges of equal length that hold the truth, and of the models what is less than half as far again from its middle. */
export function squareFrame(
  truth: readonly PlanePath[],
  models: readonly PlanePath[],
): Record<"x" | "y", readonly [number, number]> {
  const bounds = (axis: "x" | "y") => {
    const own = extent(...truth.map((path) => path[axis])) ?? [-1, 1];
    const all =
      extent(...truth.map((path) => path[axis]), ...models.map((path) => path[axis])) ?? own;
    return { own, all };
  };
  const x = bounds("x");
  const y = bounds("y");
  const reach = 0.75 * Math.max(x.own[1] - x.own[0], y.own[1] - y.own[0], 1e-9);
  const held = ({ own, all }: typeof x): readonly [number, number] => {
    const middle = (own[0] + own[1]) / 2;
    return [
      Math.min(own[0], Math.max(all[0], middle - reach)),
      Math.max(own[1], Math.min(all[1], middle + reach)),
    ];
  };
  const [xs, ys] = [held(x), held(y)];
  const half = 0.54 * Math.max(xs[1] - xs[0], ys[1] - ys[0], 1e-9);
  const about = ([from, to]: readonly [number, number]): readonly [number, number] => [
    (from + to) / 2 - half,
    (from + to) / 2 + half,
  ];
  return { x: about(xs), y: about(ys) };
}

/** Says how many particles a reader looks for in vain. */
function remark(
  paths: readonly PlanePath[],
  frame: Record<"x" | "y", readonly [number, number]>,
): { remark?: string } {
  const inside = (path: PlanePath, i: number): boolean =>
    (["x", "y"] as const).every((axis) => {
      const value = path[axis][i] as number;
      return value >= frame[axis][0] && value <= frame[axis][1];
    });
  const lost = paths.filter((path) => !path.x.some((_, i) => inside(path, i))).length;
  if (lost === 0) return {};
  return {
    remark: `${lost === paths.length ? "all" : `${lost} of ${paths.length}`} outside the frame`,
  };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
