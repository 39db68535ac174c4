/**
 * Colours of Okabe and Ito, told apart by eyes of every kind of colour vision (https://jfly.uni-koeln.de/color/), without black and yellow:
 * truth takes the colour of the text, so that it shows on light and on dark.
 */
const COLOURS = {
  blue: "#0072B2",
  vermilion: "#D55E00",
  green: "#009E73",
  orange: "#E69F00",
  purple: "#CC79A7",
  sky: "#56B4E9",
} as const;

/** How the curve of a law is drawn. */
export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly opacity?: number;
  /** SVG dash array. */
  readonly dash?: string;
}

/** Wide and pale, beneath the others: what coincides with the truth lies inside it. */
export const TRUTH: Stroke = { colour: "currentColor", width: 5, opacity: 0.22 };

/** The truth where it is a line among others or alone. */
export const TRUTH_ALONE: Stroke = { colour: "currentColor", width: 1.4 };

/** The true system started a little away. */
export const CHAOS: Stroke = { colour: "currentColor", width: 1.2, opacity: 0.55, dash: "1.5 3" };

/** The true system started nearer still: the same, dashed. */
export const CLOSER_CHAOS: Stroke = { ...CHAOS, dash: "6 3 1.5 3" };

const KNOWN: Readonly<Record<string, { readonly title: string; readonly stroke: Stroke }>> = {
  spline: { title: "spline", stroke: { colour: COLOURS.green, width: 3.4, opacity: 0.55 } },
  mclnn: { title: "MCLNN", stroke: { colour: COLOURS.blue, width: 1.8 } },
  lnn: { title: "LNN", stroke: { colour: COLOURS.vermilion, width: 2 } },
  "lnn-recipe": { title: "LNN, paper's recipe", stroke: { colour: COLOURS.purple, width: 1.4 } },
  "lnn-wide": { title: "LNN, wide", stroke: { colour: COLOURS.orange, width: 1.4 } },
  "lnn-trajectories": {
    title: "LNN on trajectories",
    stroke: { colour: COLOURS.sky, width: 1.4 },
  },
};

const SPARE = [COLOURS.purple, COLOURS.orange, COLOURS.sky] as const;

/** A model as figures show it. */
export interface ModelLook {
  readonly key: string;
  readonly title: string;
  readonly stroke: Stroke;
}

/** Looks of models: the known ones keep their colour whatever stands beside them, others take the spare colours in turn, then dashes. */
export function modelLooks(
  keys: readonly string[],
  titles: Readonly<Record<string, string>> = {},
): readonly ModelLook[] {
  let others = 0;
  return keys.map((key) => {
    const known = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined;
    const given = Object.hasOwn(titles, key) ? titles[key] : undefined;
    if (known !== undefined) return { key, title: given ?? known.title, stroke: known.stroke };
    const turn = Math.floor(others / SPARE.length);
    const colour = SPARE[others % SPARE.length] as string;
    others += 1;
    const stroke = { colour, width: 1.5, ...(turn === 0 ? {} : { dash: `${3 * turn + 3} 3` }) };
    return { key, title: given ?? key, stroke };
  });
}

/** Whether a key is a model's that has a colour of its own. */
export function isModel(key: string): boolean {
  return Object.hasOwn(KNOWN, key);
}

/** Colours of curves that are no model's. */
export const CURVE_COLOURS: readonly string[] = Object.values(COLOURS);

/** Paul Tol's muted colours (https://personal.sron.nl/~pault/), apart from those of models: a particle is never taken for a law. */
const PARTICLE_COLOURS = [
  "#332288",
  "#CC6677",
  "#44AA99",
  "#999933",
  "#882255",
  "#88CCEE",
] as const;

/** The same on a dark ground, where darker ones would sink in it. */
export const ON_DARK: Readonly<Record<string, string>> = {
  [COLOURS.blue]: "#4DA9E8",
  [COLOURS.vermilion]: "#F5853B",
  [COLOURS.green]: "#2CC79B",
  [COLOURS.orange]: "#F2B632",
  [COLOURS.purple]: "#E09BC0",
  [COLOURS.sky]: "#7CCBF5",
  "#332288": "#9C8FF0",
  "#CC6677": "#E88A99",
  "#44AA99": "#5CCBB8",
  "#999933": "#C4C45A",
  "#882255": "#D873A8",
  "#88CCEE": "#A6DDF7",
};

/** Colour of a particle by its index; they repeat after six. */
export function particleColour(index: number): string {
  return PARTICLE_COLOURS[index % PARTICLE_COLOURS.length] as string;
}
