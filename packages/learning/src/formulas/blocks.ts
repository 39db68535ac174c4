import {
  portableCos as cos,
  portableExp as exp,
  portablePower as pow,
  portableSin as sin,
} from "@mclnn/physics/portable";
import type { Block } from "./block.ts";

/** Powers of r in V' that are tried fixed; half-integers more rarely. */
export const POWERS: readonly number[] = Array.from({ length: 21 }, (_, k) => k - 15);
export const HALF_POWERS: readonly number[] = [-5.5, -4.5, -3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5];

/** V' = a r^p. */
export const power: Block = {
  name: "power",
  constants: [{ name: "p", kind: "power", starts: [-2.5, 1.5], snap: POWERS }],
  energies: ["r^(p+1)/(p+1)"],
  slopes: [(r, [p]) => pow(r, p)],
};

/** V' of a polynomial of a degree; about the middle, so that its constants are next to independent. */
const polynomial = (degree: number): Block => ({
  name: `polynomial${degree}`,
  constants: [],
  energies: Array.from({ length: degree + 1 }, (_, k) => `(r-m)^${k + 1}/${k + 1}`),
  slopes: Array.from(
    { length: degree + 1 },
    (_, k) => (r: number, _c: readonly number[], m: number) => pow(r - m, k),
  ),
  holds: [
    ...[1, 2, 3, 5].filter((n) => n <= degree).map((n) => `spring${n}`),
    ...(degree >= 3 ? ["doubleWell"] : []),
    ...[2, 3, 4].filter((n) => n < degree).map((n) => `polynomial${n}`),
    ...POWERS.filter((p) => p >= 0 && p <= degree).map((p) => `power[${p}]`),
  ],
});

/** V' = a (r - r0)^n. */
const spring = (n: number): Block => ({
  name: `spring${n}`,
  constants: [{ name: "r0", kind: "place" }],
  energies: [`(r-r0)^${n + 1}/${n + 1}`],
  slopes: [(r, [r0]) => pow(r - r0, n)],
});

/**
 * Everything but powers that laws are made of.
 *
 * `beside` bounds the search: what is common in physics is also tried with powers and with each other.
 */
export const blocks: readonly Block[] = [
  {
    name: "exponential",
    constants: [{ name: "lambda", kind: "length" }],
    energies: ["exp(-r/lambda)"],
    slopes: [(r, [l]) => -exp(-r / l) / l],
    beside: { powers: 2, blocks: ["exponential", "yukawa"] },
  },
  {
    name: "yukawa",
    constants: [{ name: "lambda", kind: "length" }],
    energies: ["exp(-r/lambda)/r"],
    slopes: [(r, [l]) => -exp(-r / l) * (1 / (r * r) + 1 / (l * r))],
    holds: ["power[-2]"],
    beside: { powers: 2, blocks: ["yukawa"] },
  },
  {
    name: "morse",
    constants: [{ name: "w", kind: "length" }],
    energies: ["exp(-r/w)", "exp(-2*r/w)"],
    slopes: [(r, [w]) => -exp(-r / w) / w, (r, [w]) => (-2 * exp((-2 * r) / w)) / w],
    holds: ["exponential"],
    beside: { powers: 2, blocks: ["yukawa", "plummer"] },
  },
  {
    name: "gaussian",
    constants: [{ name: "w", kind: "length" }],
    energies: ["exp(-r^2/(2*w^2))"],
    slopes: [(r, [w]) => (-r / (w * w)) * exp((-r * r) / (2 * w * w))],
    beside: { powers: 2, blocks: ["gaussian", "exponential", "yukawa"] },
  },
  {
    name: "plummer",
    constants: [{ name: "c", kind: "core" }],
    energies: ["1/sqrt(r^2+c^2)"],
    slopes: [
      (r, [c]) => {
        const square = r * r + c * c;
        return -r / (square * Math.sqrt(square));
      },
    ],
    holds: ["power[-2]"],
    beside: { powers: 2, blocks: ["exponential", "yukawa", "plummer"] },
  },
  {
    name: "fene",
    constants: [{ name: "R", kind: "beyond" }],
    energies: ["log(1-(r/R)^2)"],
    slopes: [(r, [R]) => (-2 * r) / (R * R - r * r)],
    beside: { powers: 1, blocks: ["exponential", "yukawa"] },
  },
  {
    name: "gaussianAt",
    constants: [
      { name: "c", kind: "place" },
      { name: "w", kind: "length" },
    ],
    energies: ["exp(-(r-c)^2/(2*w^2))"],
    slopes: [(r, [c, w]) => (-(r - c) / (w * w)) * exp((-(r - c) * (r - c)) / (2 * w * w))],
    holds: ["gaussian", "spring1"],
    beside: { powers: 1, blocks: ["exponential", "gaussian", "yukawa", "spring1"] },
  },
  {
    name: "hertz",
    constants: [
      { name: "s", kind: "inside" },
      {
        name: "q",
        kind: "power",
        starts: [2, 2.5, 3.5],
        bounds: [1.3, 6],
        snap: [1.5, 2, 2.5, 3, 3.5, 4],
      },
    ],
    energies: ["((1-r/s+abs(1-r/s))/2)^q"],
    slopes: [(r, [s, q]) => (r < s ? (-q / s) * pow(1 - r / s, q - 1) : 0)],
    beside: { powers: 1 },
  },
  {
    name: "twoSprings",
    constants: [{ name: "r0", kind: "inside" }],
    energies: ["(r-r0-abs(r-r0))^2/8", "(r-r0+abs(r-r0))^2/8"],
    slopes: [(r, [r0]) => Math.min(r - r0, 0), (r, [r0]) => Math.max(r - r0, 0)],
    holds: ["spring1"],
  },
  ...[1, 2, 3, 5].map(spring),
  {
    name: "doubleWell",
    constants: [{ name: "r0", kind: "place" }],
    energies: ["(r-r0)^2/2", "(r-r0)^4/4"],
    slopes: [(r, [r0]) => r - r0, (r, [r0]) => pow(r - r0, 3)],
    holds: ["spring1", "spring3"],
  },
  {
    name: "softened",
    constants: [
      { name: "c", kind: "core" },
      {
        name: "q",
        kind: "power",
        starts: [-0.4, 0.1, 0.5, 1, 2],
        snap: [-0.5, 0.5, 1, 1.5, 2, 2.5, 3],
      },
    ],
    energies: ["(r^2+c^2)^(-q)"],
    slopes: [(r, [c, q]) => -2 * q * r * pow(r * r + c * c, -q - 1)],
    holds: ["plummer"],
  },
  {
    name: "oscillating",
    constants: [
      { name: "k", kind: "rate" },
      { name: "n", kind: "power", starts: [0, 1, 2, 3], snap: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4] },
    ],
    energies: ["cos(k*r)/r^n", "sin(k*r)/r^n"],
    slopes: [
      (r, [k, n]) => -(k * sin(k * r) + (n / r) * cos(k * r)) * pow(r, -n),
      (r, [k, n]) => (k * cos(k * r) - (n / r) * sin(k * r)) * pow(r, -n),
    ],
    beside: { powers: 1 },
  },
  {
    name: "ringing",
    constants: [
      { name: "k", kind: "rate" },
      { name: "lambda", kind: "length" },
    ],
    energies: ["cos(k*r)*exp(-r/lambda)", "sin(k*r)*exp(-r/lambda)"],
    slopes: [
      (r, [k, l]) => -(k * sin(k * r) + cos(k * r) / l) * exp(-r / l),
      (r, [k, l]) => (k * cos(k * r) - sin(k * r) / l) * exp(-r / l),
    ],
    holds: ["exponential"],
  },
  {
    name: "stretched",
    constants: [
      { name: "n", kind: "power", starts: [-2, -1, 0, 1, 2], snap: [-3, -2, -1, 0, 1, 2, 3] },
      { name: "l", kind: "length" },
      {
        name: "q",
        kind: "power",
        starts: [0.7, 1, 2],
        bounds: [0.3, 4],
        snap: [0.5, 1, 1.5, 2, 3],
      },
    ],
    energies: ["r^n*exp(-(r/l)^q)"],
    slopes: [
      (r, [n, l, q]) => {
        const t = pow(r / l, q);
        return ((n - q * t) / r) * pow(r, n) * exp(-t);
      },
    ],
    holds: ["exponential", "gaussian", "yukawa", "power"],
  },
  ...[2, 3, 4, 5].map(polynomial),
];

/** The same functions under two names: the first is left out. */
export const SAME: readonly (readonly [string, string])[] = [
  ["softened[,0.5]", "plummer"],
  ["stretched[-1,,1]", "yukawa"],
  ["stretched[0,,1]", "exponential"],
  ["stretched[0,,2]", "gaussian"],
  ["power[0]+power[1]", "spring1"],
  ["power[0]+power[1]+power[2]", "polynomial2"],
  ["power[0]+power[1]+power[2]+power[3]", "polynomial3"],
];
