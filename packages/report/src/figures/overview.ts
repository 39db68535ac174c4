import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, RunComparison, SystemSeries } from "@mclnn/studies";
import { extent, roundedEnd } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { share } from "../drawing/labels.ts";
import { type ModelLook, modelLooks, particleColour, TRUTH } from "../drawing/palette.ts";
import { drawPanel } from "../drawing/panel.ts";
import type { Axis, Line, Panel, PanelPlan } from "../drawing/panel-plan.ts";
import { BODIES } from "../drawing/requirements.ts";
import { tickText } from "../drawing/tick-text.ts";
import { errorDecades, errorLines } from "./conservation.ts";
import { TIME } from "./quantities.ts";
import { drawSheet, entry, list } from "./sheet.ts";
import { type PlanePath, pathsOf, squareFrame } from "./trajectories.ts";

/** The first figure of a page: paths side by side over the errors of what should be conserved. */
export interface Overview {
  /** On one sheet, for a file. */
  readonly figure: Figure;
  /** Paths of the truth and of models, in small squares without axes. */
  readonly paths: readonly { readonly title: string; readonly panel: Panel }[];
  /** |dP|, |dL| and |dE| on one scale, side by side, and one below the other for narrow screens. */
  readonly strips: readonly Panel[];
  readonly narrowStrips: readonly Panel[];
  /** Style that moves the particles along their paths where readers allow motion. */
  readonly motion: string;
}

const SQUARE = 300;
const EDGE = 2;
const INSET = { top: EDGE, right: EDGE, bottom: EDGE, left: EDGE } as const;
/** Models that are shown, where they are there. */
const SHOWN = ["mclnn", "lnn"];
/** Steps of the motion. */
const STEPS = 48;

const KEPT = [
  { key: "linearMomentum", heading: "|dP|, error of momentum", name: "momentum" },
  { key: "angularMomentum", heading: "|dL|, of angular momentum", name: "angular momentum" },
  { key: "hamiltonian", heading: "|dE|, of energy", name: "energy" },
] as const;

/**
 * Truth and two laws side by side: where the particles went in the last stretch of the run, and how far momentum, angular momentum and energy strayed.
 *
 * `undefined` where the truth has no path or there is no model.
 */
export async function overviewFigure(
  series: SystemSeries,
  options: FigureOptions = {},
): Promise<Overview | undefined> {
  checkArgument("series", series, BODIES);
  const run = series.rollout;
  const all = modelLooks(
    Object.keys(run.models).filter((key) => run.models[key]?.path !== undefined),
    options.titles,
  );
  const known = all.filter(({ key }) => SHOWN.includes(key));
  const looks = (known.length > 0 ? known : all).slice(0, 2);
  const truth = run.truth.path;
  if (truth === undefined || looks.length === 0) return undefined;
  const truePaths = pathsOf(truth, series);
  const shown = [
    { title: "Truth", paths: truePaths },
    ...looks.map(({ key, title }) => ({
      title,
      paths: pathsOf(run.models[key]?.path ?? truth, series),
    })),
  ];
  const frame = squareFrame(
    truePaths,
    shown.slice(1).flatMap(({ paths }) => paths),
  );
  const squares = shown.map(({ title, paths }) => ({
    title,
    paths,
    plan: pathPanel(title, paths, truePaths, frame),
  }));
  const strips = stripPlans(run, looks);
  const [from, to] = (extent(truth.times) ?? [0, 0]).map((time) => tickText(time, 1));
  const names = list(shown.map(({ title }) => title));
  const paths = await Promise.all(squares.map(({ plan }) => drawPanel(plan)));
  return {
    figure: await drawSheet({
      name: "overview",
      title: `${options.system === undefined ? "" : `${capital(options.system)}: `}paths from t = ${from} to ${to}`,
      description: `Paths of ${names} in the x-y plane, and errors of momentum, angular momentum and energy against time.`,
      note: "Reduced units. Pale beneath: the truth. Rings: first records; discs: last. Errors: highest in every two pixels; energy by the true law.",
      legend: [entry("truth, beneath the models", TRUTH)],
      columns: Math.max(shown.length, strips.length),
      size: { width: STRIP.width, height: STRIP.height },
      panels: [
        ...squares.map(({ title, plan }) => ({
          ...plan,
          heading: title,
          width: STRIP.width,
          height: STRIP.width + 22,
          margin: { ...INSET, top: 24 },
        })),
        ...strips.map((strip) => ({ ...strip, ...STRIP })),
      ],
    }),
    paths: squares.map(({ title, paths: moving }, k) => ({
      title,
      panel: withMovers(paths[k] as Panel, moving, frame, k),
    })),
    strips: await Promise.all(strips.map((strip) => drawPanel({ ...strip, ...STRIP }))),
    narrowStrips: await Promise.all(
      strips.map((strip, k) => drawPanel({ ...strip, ...narrow(k === strips.length - 1, strip) })),
    ),
    motion: motionStyle(
      squares.map((square) => square.paths),
      frame,
    ),
  };
}

type Frame = Record<"x" | "y", readonly [number, number]>;

function pathPanel(
  title: string,
  paths: readonly PlanePath[],
  truth: readonly PlanePath[],
  frame: Frame,
): PanelPlan {
  const axis = (domain: readonly [number, number]): Axis => ({ domain, ticks: 4, bare: true });
  return {
    heading: "",
    description: `paths of ${paths.length} particles in the x-y plane, ${title}`,
    width: SQUARE,
    height: SQUARE,
    margin: INSET,
    x: axis(frame.x),
    y: axis(frame.y),
    lines: [
      ...(paths === truth
        ? []
        : truth.map((path): Line => ({ ...path, kind: "path", stroke: { ...TRUTH, width: 5 } }))),
      ...paths.map(
        (path, i): Line => ({
          ...path,
          kind: "path",
          ends: true,
          fades: true,
          stroke: { colour: particleColour(i), width: 2.2 },
        }),
      ),
    ],
  };
}

type StripPlan = Omit<PanelPlan, "width" | "height">;

const STRIP = { width: 340, height: 150, margin: { right: 56, bottom: 36 } } as const;

/** Flat strips one below the other; the last has the axis of time. */
function narrow(
  last: boolean,
  { x }: StripPlan,
): Partial<PanelPlan> & { width: number; height: number } {
  return {
    width: 362,
    height: last ? 112 : 82,
    margin: { top: 20, right: 56, bottom: last ? 36 : 6, left: 46 },
    ...(last ? {} : { x: { domain: x.domain, bare: true } }),
  };
}

function stripPlans(run: RunComparison, looks: readonly ModelLook[]): StripPlan[] {
  const time = roundedEnd(extent(run.truth.times) ?? [0, 1]);
  const { chaos: _, closer: __, ...plain } = run;
  const strips = KEPT.map((kept) => ({ ...kept, lines: errorLines(plain, looks, kept.key) }));
  // One scale for all three: that is what makes them comparable.
  const y = {
    domain: errorDecades(
      strips.flatMap(({ lines }) => lines),
      { domain: time },
    ),
    log: true,
    ticks: 3,
  };
  return strips.map(({ heading, name, lines }) => ({
    heading,
    description: `error of ${name} of ${list(looks.map(({ title }) => title))} against time, logarithmic`,
    x: { domain: time, label: TIME },
    y,
    lines: lines.map((line) => {
      const look = looks.find(({ stroke }) => stroke === line.stroke);
      return look === undefined ? line : { ...line, label: look.title };
    }),
  }));
}

/** A panel with a dot for each particle, which the style moves. */
function withMovers(panel: Panel, paths: readonly PlanePath[], frame: Frame, index: number): Panel {
  const dots = paths.map((path, i) =>
    placesOf(path, frame).length === 0
      ? ""
      : `<circle class="mover" r="6" fill="${particleColour(i)}" style="animation-name:move-${index}-${i}"/>`,
  );
  return { ...panel, content: `${panel.content}${dots.join("")}` };
}

function motionStyle(panels: readonly (readonly PlanePath[])[], frame: Frame): string {
  return panels
    .flatMap((paths, index) =>
      paths.map((path, i) => {
        const places = placesOf(path, frame);
        const steps = places.map(
          ([x, y], k) =>
            `${Math.round((1000 * k) / Math.max(1, places.length - 1)) / 10}%{transform:translate(${x}px,${y}px)}`,
        );
        return `@keyframes move-${index}-${i}{${steps.join("")}}`;
      }),
    )
    .join("\n");
}

/** Where a particle is at equal steps of time, in pixels; outside the frame it is where no one sees it. */
function placesOf({ x, y }: PlanePath, frame: Frame): (readonly [number, number])[] {
  const count = Math.min(STEPS, x.length);
  const inner = SQUARE - 2 * EDGE;
  return Array.from({ length: count }, (_, k): readonly [number, number] => {
    const i = Math.round((k * (x.length - 1)) / Math.max(1, count - 1));
    const [px, py] = [x[i] as number, y[i] as number];
    const inside = px >= frame.x[0] && px <= frame.x[1] && py >= frame.y[0] && py <= frame.y[1];
    return inside
      ? [
          tenth(EDGE + inner * share(px, { domain: frame.x })),
          tenth(SQUARE - EDGE - inner * share(py, { domain: frame.y })),
        ]
      : [-50, -50];
  });
}

function tenth(value: number): number {
  return Math.round(10 * value) / 10;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
