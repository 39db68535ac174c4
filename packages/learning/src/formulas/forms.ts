import { portableLog as log, portablePower as pow } from "@mclnn/physics/portable";
import type { Part, Sum } from "./sum.ts";

/** A sum at its constants: linear ones one after another, the others part by part. */
export interface Values {
  readonly linear: readonly number[];
  readonly other: readonly (readonly number[])[];
}

/** A formula as people write it, and its constants from those of a sum. */
export interface Form {
  readonly name: string;
  /** V in the syntax of formulas, of r and the constants' names. */
  readonly energy: string;
  readonly constants: readonly string[];
  values(of: Values): readonly number[];
}

interface NamedForm extends Form {
  readonly key: string;
  /** Constants for which it can be written so. Default: all. */
  readonly when?: (of: Values) => boolean;
}

/** The forms that have names, by the keys of their sums; the first that can be written is taken. */
const NAMED: readonly NamedForm[] = [
  {
    key: "spring1",
    name: "harmonic spring",
    energy: "k*(r-r0)^2/2",
    constants: ["k", "r0"],
    values: ({ linear: [a], other: [[r0]] }) => [a, r0],
  },
  {
    key: "spring3",
    name: "quartic spring",
    energy: "k*(r-r0)^4/4",
    constants: ["k", "r0"],
    values: ({ linear: [a], other: [[r0]] }) => [a, r0],
  },
  {
    key: "doubleWell",
    name: "double well",
    energy: "a*((r-r0)^2-b^2)^2",
    constants: ["a", "r0", "b"],
    when: ({ linear: [a, b] }) => a * b < 0,
    values: ({ linear: [a, b], other: [[r0]] }) => [b / 4, r0, Math.sqrt(-a / b)],
  },
  {
    key: "doubleWell",
    name: "spring with a quartic term",
    energy: "k*(r-r0)^2/2+b*(r-r0)^4/4",
    constants: ["k", "b", "r0"],
    values: ({ linear: [a, b], other: [[r0]] }) => [a, b, r0],
  },
  {
    key: "power[-2]",
    name: "inverse distance (gravity, Coulomb)",
    energy: "-k/r",
    constants: ["k"],
    values: ({ linear }) => linear,
  },
  {
    key: "power[-1]",
    name: "logarithm",
    energy: "k*log(r)",
    constants: ["k"],
    values: ({ linear }) => linear,
  },
  {
    key: "power[-2]+power[0]",
    name: "Cornell",
    energy: "-k/r+b*r",
    constants: ["k", "b"],
    values: ({ linear }) => linear,
  },
  {
    key: "yukawa",
    name: "Yukawa",
    energy: "A*exp(-r/lambda)/r",
    constants: ["A", "lambda"],
    values: ({ linear: [a], other: [[l]] }) => [a, l],
  },
  {
    key: "exponential",
    name: "exponential",
    energy: "A*exp(-r/lambda)",
    constants: ["A", "lambda"],
    values: ({ linear: [a], other: [[l]] }) => [a, l],
  },
  {
    key: "gaussian",
    name: "Gaussian",
    energy: "-D*exp(-r^2/(2*w^2))",
    constants: ["D", "w"],
    values: ({ linear: [a], other: [[w]] }) => [-a, w],
  },
  {
    key: "plummer",
    name: "Plummer (softened inverse distance)",
    energy: "-k/sqrt(r^2+c^2)",
    constants: ["k", "c"],
    values: ({ linear: [a], other: [[c]] }) => [-a, c],
  },
  {
    key: "fene",
    name: "FENE",
    energy: "-k*R^2/2*log(1-(r/R)^2)",
    constants: ["k", "R"],
    values: ({ linear: [a], other: [[R]] }) => [(-2 * a) / (R * R), R],
  },
  {
    key: "twoSprings",
    name: "two springs",
    energy: "k1*(r-r0-abs(r-r0))^2/8+k2*(r-r0+abs(r-r0))^2/8",
    constants: ["k1", "k2", "r0"],
    values: ({ linear: [a, b], other: [[r0]] }) => [a, b, r0],
  },
  {
    key: "hertz[,2.5]",
    name: "Hertz",
    energy: "E*((1-r/s+abs(1-r/s))/2)^2.5",
    constants: ["E", "s"],
    values: ({ linear: [a], other: [[s]] }) => [a, s],
  },
  {
    key: "morse",
    name: "Morse",
    energy: "D*((1-exp(-(r-r0)/w))^2-1)",
    constants: ["D", "r0", "w"],
    when: ({ linear: [a, b] }) => a < 0 && b > 0,
    values: ({ linear: [a, b], other: [[w]] }) => [(a * a) / (4 * b), w * log((-2 * b) / a), w],
  },
  {
    key: "exponential+power[-7]",
    name: "Buckingham",
    energy: "A*exp(-r/rho)-C/r^6",
    constants: ["A", "rho", "C"],
    when: ({ linear: [a, c] }) => a > 0 && c > 0,
    values: ({ linear: [a, c], other: [[rho]] }) => [a, rho, c / 6],
  },
  {
    key: "power",
    name: "power law",
    energy: "k*r^(p+1)/(p+1)",
    constants: ["k", "p"],
    values: ({ linear: [a], other: [[p]] }) => [a, p],
  },
];

/** The form of a sum with these constants. @param sum - parts in the order of their names */
export function formOf(key: string, sum: Sum, of: Values, middle: number): Form {
  return (
    NAMED.find((form) => form.key === key && (form.when?.(of) ?? true)) ??
    mie(sum, of) ??
    plain(sum, middle)
  );
}

/** Two inverse powers of V of which the higher repels: C eps ((sigma/r)^n - (sigma/r)^m), the depth of the well eps. */
function mie(sum: Sum, { linear, other }: Values): Form | null {
  if (sum.length !== 2 || sum.some(({ block }) => block.name !== "power")) return null;
  const [near, far] = other[0][0] < other[1][0] ? [0, 1] : [1, 0];
  if (!(other[far][0] < -1 && linear[near] < 0 && linear[far] > 0)) return null;
  const fixed = sum.every((part) => part.fixed[0]);
  const [n, m] = [-other[near][0] - 1, -other[far][0] - 1];
  const values = (of: Values): number[] => {
    const [p, q] = [-of.other[near][0] - 1, -of.other[far][0] - 1];
    const [repels, attracts] = [-of.linear[near] / p, of.linear[far] / q];
    const sigma = pow(repels / attracts, 1 / (p - q));
    const depth = (p / (p - q)) * pow(p / q, q / (p - q));
    const powers = [p, q].filter((_, k) => !sum[k === 0 ? near : far].fixed[0]);
    return [attracts / pow(sigma, q) / depth, sigma, ...powers];
  };
  const [nth, mth] = [sum[near].fixed[0] ? String(n) : "n", sum[far].fixed[0] ? String(m) : "m"];
  const wells = `((sigma/r)^${nth}-(sigma/r)^${mth})`;
  const constants = ["eps", "sigma", ...[nth, mth].filter((name) => /[nm]/.test(name))];
  if (fixed && n === 12 && m === 6)
    return { name: "Lennard-Jones", energy: `4*eps*${wells}`, constants, values };
  const depth = `${nth}/(${nth}-${mth})*(${nth}/${mth})^(${mth}/(${nth}-${mth}))`;
  return {
    name: fixed ? `Mie ${n}-${m}` : "Mie",
    energy: `${depth}*eps*${wells}`,
    constants,
    values,
  };
}

/** A sum as it is: a1 and the like before each energy. */
function plain(sum: Sum, middle: number): Form {
  const constants: string[] = [];
  const readers: ((of: Values) => number)[] = [];
  const terms: string[] = [];
  let linear = 0;
  sum.forEach(({ block, constants: at, fixed }, part) => {
    const names = block.constants.map(({ name }, place) => {
      if (fixed[place]) return written(at[place]);
      return sum.filter((each) => isFree(each, name)).length > 1 ? `${name}${part + 1}` : name;
    });
    for (const energy of block.energies) {
      const place = linear++;
      const name = `a${place + 1}`;
      constants.push(name);
      readers.push((of) => of.linear[place]);
      terms.push(
        term(name, energyAt(block.name, energy, at, fixed, names, middle, block.constants)),
      );
    }
    block.constants.forEach((_, place) => {
      if (fixed[place]) return;
      constants.push(names[place]);
      readers.push((of) => of.other[part][place]);
    });
  });
  const name =
    sum.length === 1 && sum[0].block.name.startsWith("polynomial") ? "polynomial" : "sum";
  return {
    name,
    energy: terms.join("+"),
    constants,
    values: (of) => readers.map((read) => read(of)),
  };
}

const term = (name: string, energy: string): string => `${name}*${energy}`;

/** Whether a part has a free constant of that name. */
const isFree = ({ block, fixed }: Part, name: string): boolean =>
  block.constants.some((constant, place) => constant.name === name && !fixed[place]);

/** A negative number in brackets, so that it can stand behind any sign. */
const written = (value: number): string => (value < 0 ? `(${value})` : String(value));

/** An energy with other names for its constants, and numbers for those that are fixed. */
function energyAt(
  block: string,
  energy: string,
  at: readonly number[],
  fixed: readonly boolean[],
  names: readonly string[],
  middle: number,
  constants: readonly { readonly name: string }[],
): string {
  if (block === "power" && fixed[0]) return fixedPower(at[0]);
  return energy.replace(/[A-Za-z_]\w*/g, (word) => {
    if (word === "m") return String(middle);
    const place = constants.findIndex(({ name }) => name === word);
    return place < 0 ? word : names[place];
  });
}

/** The energy whose slope is r^p. */
function fixedPower(p: number): string {
  if (p === -1) return "log(r)";
  const n = p + 1;
  const power = n === 1 ? "r" : `r^${written(n)}`;
  return n === 1 ? power : `${power}/${written(n)}`;
}
