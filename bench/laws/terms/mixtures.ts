// The library that choosing terms is judged on: each term alone, mixtures, and laws of pairs alone.
import type { Force } from "@mclnn/physics";
import { betweenPairs, onBodies, stillingerWeber } from "./forces.ts";

/** What is to be found: constants as the term lists them, or its function. */
export interface Truth {
  readonly name: string;
  readonly force: Force;
  readonly constants?: readonly number[];
  /** Of `|v|`, of `r`, of a coordinate. */
  readonly curve?: (x: number) => number;
}

/** A law of pairs and what acts beside it. */
export interface Mixture {
  readonly name: string;
  readonly terms: readonly Truth[];
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly masses?: readonly number[];
  readonly species?: readonly number[];
  /** Positions begin evenly within this of the origin, along each axis. */
  readonly within: number;
}

/** The pair law of all: V = (1 - exp(-1.5 (r - 1)))^2, after Morse. */
export const PAIR = "(1-exp(-1.5*(r-1)))^2";
export const pairSlope = (r: number): number => {
  const e = Math.exp(-1.5 * (r - 1));
  return 3 * (e - e * e);
};

const times = (k: number, v: readonly number[]): number[] => v.map((x) => k * x);
const size = (v: readonly number[]): number => Math.hypot(...v);

const field = (...g: number[]): Truth => ({
  ...{ name: "field", constants: g },
  force: onBodies((_x, _v, _t, m) => times(m, g)),
});
const trap = (k: number, ...centre: number[]): Truth => ({
  ...{ name: "trap", constants: [k, ...centre] },
  force: onBodies((x) => x.map((q, c) => -k * (q - centre[c]))),
});
const uneven: Truth = {
  name: "linear",
  force: onBodies(([x, y]) => [-0.5 * (x - 0.4), -0.2 * (y + 0.3)]),
};
const drag = (gamma: number): Truth => ({
  ...{ name: "drag", constants: [gamma] },
  force: onBodies((_, v) => times(-gamma, v)),
});
const quadratic: Truth = {
  ...{ name: "quadratic-drag", constants: [0.1] },
  force: onBodies((_, v) => times(-0.1 * size(v), v)),
};
const dragBy = (curve: (v: number) => number): Truth => ({
  ...{ name: "general-drag", curve },
  force: onBodies((_, v) => times(-curve(size(v)), v)),
});
const magnetic = (...b: number[]): Truth => ({
  ...{ name: "magnetic", constants: b },
  force: onBodies((_, v) =>
    b.length === 1
      ? [b[0] * v[1], -b[0] * v[0]]
      : [v[1] * b[2] - v[2] * b[1], v[2] * b[0] - v[0] * b[2], v[0] * b[1] - v[1] * b[0]],
  ),
});
/** A frame that turns at 0.3 about the origin: 2 v x W + W^2 q, which no data tell from these two. */
const turning: readonly Truth[] = [
  {
    ...{ name: "magnetic", constants: [0.6] },
    force: onBodies((_, v, _t, m) => times(0.6 * m, [v[1], -v[0]])),
  },
  {
    ...{ name: "trap", constants: [-0.09, 0, 0] },
    force: onBodies((x, _v, _t, m) => times(0.09 * m, x)),
  },
];
const fading = (r: number): number => 0.5 * Math.exp(-r);
const pairFriction: Truth = {
  ...{ name: "pair-friction", curve: fading },
  force: betweenPairs(({ u, r, dv }) =>
    times(-fading(r) * u.reduce((sum, x, k) => sum + x * dv[k], 0), u),
  ),
};
const transverse: Truth = {
  ...{ name: "transverse-friction", curve: fading },
  force: betweenPairs(({ u, r, dv }) => {
    const along = u.reduce((sum, x, k) => sum + x * dv[k], 0);
    return dv.map((x, k) => -fading(r) * (x - along * u[k]));
  }),
};
const chiral: Truth = {
  name: "chiral",
  force: betweenPairs(({ u, r }) => times(fading(r), [-u[1], u[0]])),
};
const oneSided: Truth = {
  name: "non-reciprocal",
  force: betweenPairs(
    ({ u, r, species: [s, t] }) => times(s === t ? 0 : Math.sign(t - s) * fading(r), u),
    1,
  ),
};
const drifting: Truth = {
  name: "drift",
  force: betweenPairs(({ u, r, time }) => times(0.05 * time * pairSlope(r), u)),
};
const threeBody: Truth = { name: "three-body", force: stillingerWeber(0.6, -1 / 3, 1.4) };
const along: Truth = {
  name: "axis",
  force: onBodies(([, y]) => [0, 0.6 * Math.sin(2 * y)]),
};
const well: Truth = {
  name: "radial",
  force: onBodies(([x, y]) => {
    const [dx, dy] = [x - 0.6, y + 0.4];
    return times(-2 * Math.exp(-(dx * dx + dy * dy)), [dx, dy]);
  }),
};
const wind: Truth = {
  name: "flow",
  force: onBodies((_, [vx, vy]) => {
    const w = [vx - 0.6, vy - 0.3];
    return times(-0.2 * size(w), w);
  }),
};

const PLANE = { particles: 4, dimension: 2, within: 1.1 } as const;
const SPACE = { particles: 5, dimension: 3, within: 1.2 } as const;
const MASSES = [1, 2, 0.5, 1.5];
const TWO_KINDS = [0, 0, 1, 1];

/** Laws of pairs alone: every term that is named is a false alarm. */
export const PURE: readonly Mixture[] = [
  { name: "pairs", terms: [], ...PLANE },
  { name: "pairs, unequal masses", terms: [], ...PLANE, masses: MASSES },
  { name: "pairs, space", terms: [], ...SPACE },
  { name: "pairs, eight", terms: [], ...PLANE, particles: 8, within: 1.6 },
];

/** One term each beside the pair law. */
export const SINGLES: readonly Mixture[] = [
  { name: "field", terms: [field(0.3, -0.5)], ...PLANE },
  { name: "field, space", terms: [field(0, -0.981, 0)], ...SPACE },
  { name: "field, unequal masses", terms: [field(0.3, -0.5)], ...PLANE, masses: MASSES },
  { name: "trap", terms: [trap(0.5, 0.4, -0.3)], ...PLANE },
  { name: "uneven trap", terms: [uneven], ...PLANE },
  { name: "wave along y", terms: [along], ...PLANE },
  { name: "well about a point", terms: [well], ...PLANE },
  { name: "drag", terms: [drag(0.1)], ...PLANE },
  { name: "weak drag", terms: [drag(0.01)], ...PLANE },
  { name: "drag, unequal masses", terms: [drag(0.1)], ...PLANE, masses: MASSES },
  { name: "quadratic drag", terms: [quadratic], ...PLANE },
  { name: "fading drag", terms: [dragBy((v) => 0.3 / (1 + 2 * v * v))], ...PLANE },
  { name: "active drive", terms: [dragBy((v) => -0.3 + 0.4 * v * v)], ...PLANE },
  { name: "wind", terms: [wind], ...PLANE },
  { name: "magnetic", terms: [magnetic(0.5)], ...PLANE },
  { name: "magnetic, space", terms: [magnetic(0.2, -0.1, 0.5)], ...SPACE },
  { name: "turning frame", terms: turning, ...PLANE },
  { name: "turning frame, unequal masses", terms: turning, ...PLANE, masses: MASSES },
  { name: "pair friction", terms: [pairFriction], ...PLANE },
  { name: "transverse friction", terms: [transverse], ...PLANE },
  { name: "chiral", terms: [chiral], ...PLANE },
  { name: "non-reciprocal", terms: [oneSided], ...PLANE, species: TWO_KINDS },
  { name: "drift", terms: [drifting], ...PLANE },
  { name: "three-body", terms: [threeBody], ...PLANE },
];

/** Several. */
export const MIXTURES: readonly Mixture[] = [
  { name: "drag, field", terms: [drag(0.1), field(0.3, -0.5)], ...PLANE },
  { name: "drag, field, space", terms: [drag(0.1), field(0, -0.981, 0)], ...SPACE },
  {
    ...{ name: "drag, trap, magnetic", ...PLANE },
    terms: [drag(0.1), trap(0.5, 0.4, -0.3), magnetic(0.5)],
  },
  {
    ...{ name: "quadratic drag, field, pair friction", ...PLANE },
    terms: [quadratic, field(0.3, -0.5), pairFriction],
  },
  {
    ...{ name: "pair friction, magnetic, trap, space", ...SPACE, particles: 6, within: 1.3 },
    terms: [pairFriction, magnetic(0.2, -0.1, 0.5), trap(0.3, 0.2, 0, -0.3)],
  },
  {
    ...{ name: "quadratic drag, field, magnetic, pair friction, eight", ...PLANE },
    ...{ particles: 8, within: 1.6 },
    terms: [quadratic, field(0.3, -0.5), magnetic(0.5), pairFriction],
  },
  { name: "three-body, drag", terms: [threeBody, drag(0.1)], ...PLANE },
  { name: "chiral, drag", terms: [chiral, drag(0.1)], ...PLANE },
  { name: "uneven trap, drag", terms: [uneven, drag(0.1)], ...PLANE },
  { name: "drift, drag", terms: [drifting, drag(0.1)], ...PLANE },
  {
    ...{ name: "non-reciprocal, drag, trap", ...PLANE, species: TWO_KINDS },
    terms: [oneSided, drag(0.1), trap(0.5, 0.4, -0.3)],
  },
  {
    ...{ name: "active drive, trap", ...PLANE },
    terms: [dragBy((v) => -0.3 + 0.4 * v * v), trap(0.5, 0.4, -0.3)],
  },
  { name: "two, drag", terms: [drag(0.1)], ...PLANE, particles: 2, within: 0.8 },
];

/** One of them all. */
export function mixtureByName(name: string): Mixture {
  return [...PURE, ...SINGLES, ...MIXTURES].find((each) => each.name === name) as Mixture;
}
