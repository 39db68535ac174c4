import type { PairPotential } from "@mclnn/physics";
import { portableLog, portablePower } from "@mclnn/physics/portable";
import { parseFormula } from "@mclnn/physics/potentials";
import type { ConstantKind } from "./block.ts";
import { type Form, formOf, type Values } from "./forms.ts";
import { latexOf, nameOf } from "./latex.ts";
import { freeOf, keyOf, type Sum, withFree } from "./sum.ts";

/** A constant of a formula with one standard deviation; on exact records a bound of its error. */
export interface FormulaConstant {
  readonly name: string;
  /** The name as LaTeX of mathematics. */
  readonly latex: string;
  /** In the data's units. */
  readonly value: number;
  readonly sd: number;
  /** Powers of length and energy (mass x length^2 / time^2) that it is measured in; null where they depend on another constant. */
  readonly dimension: { readonly length: number; readonly energy: number } | null;
}

/** A formula with its numbers. */
export interface WrittenFormula {
  readonly name: string;
  /** V in the syntax of formulas, its constants by name. */
  readonly form: string;
  /** The same as LaTeX of mathematics. */
  readonly latex: string;
  /** The same with their values behind it, as `parseFormula` and `--potential` take it. */
  readonly energy: string;
  readonly constants: readonly FormulaConstant[];
  readonly pair: PairPotential;
}

/** A sum at its constants. */
export interface SumAt {
  readonly sum: Sum;
  /** Linear constants. */
  readonly coefficients: Float64Array;
}

/** All constants in the order of covariances: linear ones, then the free others. */
export function constantsOf({ sum, coefficients }: SumAt): number[] {
  return [...coefficients, ...freeOf(sum).map(([part, place]) => sum[part].constants[place])];
}

/** The inverse of {@link constantsOf}. */
export function withConstants({ sum, coefficients }: SumAt, constants: readonly number[]): SumAt {
  const n = coefficients.length;
  return {
    sum: withFree(sum, constants.slice(n)),
    coefficients: Float64Array.from(constants.slice(0, n)),
  };
}

/** V' of a sum. @param middle - of the separations seen */
export function slopeAt({ sum, coefficients }: SumAt, middle: number): (r: number) => number {
  return (r) => {
    let total = 0;
    let linear = 0;
    for (const { block, constants } of sum)
      for (const slope of block.slopes)
        total += coefficients[linear++] * slope(r, constants, middle);
    return total;
  };
}

/** Relative step of the delta method. */
const STEP = 1e-6;

/** How people write a sum, its constants with what is known of them. @param covariance - of {@link constantsOf} */
export function writeFormula(
  at: SumAt,
  covariance: Float64Array | null,
  middle: number,
): WrittenFormula {
  const form = formOf(keyOf(at.sum), inOrder(at).sum, valuesOf(at), middle);
  const whole = constantsOf(at);
  const values = form.values(valuesOf(at));
  const slopes = whole.map((value, k) => {
    const h = STEP * (Math.abs(value) + 1e-9);
    const moved = (by: number): readonly number[] =>
      form.values(valuesOf(withConstants(at, whole.with(k, value + by))));
    const up = moved(h);
    const down = moved(-h);
    return up.map((x, i) => (x - down[i]) / (2 * h));
  });
  const n = whole.length;
  const dimensions = dimensionsOf(at, form, middle);
  const constants = form.constants.map((name, i): FormulaConstant => {
    let variance = covariance === null ? Number.NaN : 0;
    if (covariance !== null)
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++) variance += slopes[a][i] * covariance[a * n + b] * slopes[b][i];
    const sd = Math.sqrt(Math.max(0, variance));
    return { name, latex: nameOf(name), value: values[i], sd, dimension: dimensions[i] };
  });
  const energy = energyText(form, values);
  return {
    ...{ name: form.name, form: form.energy, latex: latexOf(form.energy) },
    ...{ energy, constants, pair: parseFormula(energy) },
  };
}

/** What constants of these kinds are measured in, as powers of a length. */
const LENGTHS: Readonly<Partial<Record<ConstantKind, number>>> = { power: 0, rate: -1 };

/** Dimensions by what constants become where lengths, or energies, are twice as large. */
function dimensionsOf(at: SumAt, form: Form, middle: number): FormulaConstant["dimension"][] {
  const { sum, coefficients } = inOrder(at);
  const now = form.values(valuesOf(at));
  const powers = (length: number, energy: number): number[] => {
    let linear = 0;
    const other = sum.map(({ block, constants }) =>
      constants.map((c, k) => c * portablePower(length, LENGTHS[block.constants[k].kind] ?? 1)),
    );
    const scaled = sum.flatMap(({ block, constants }, part) =>
      block.slopes.map((slope) => {
        const before = slope(middle, constants, middle);
        const after = slope(length * middle, other[part], length * middle);
        return (coefficients[linear++] * energy * before) / (length * after);
      }),
    );
    return form
      .values({ linear: scaled, other })
      .map((value, i) => portableLog(value / now[i]) / portableLog(2));
  };
  const lengths = powers(2, 1);
  const energies = powers(1, 2);
  return now.map((_, i) => {
    const [length, energy] = [lengths[i], energies[i]].map((x) => Math.round(1e6 * x) / 1e6);
    return Number.isInteger(2 * length) && Number.isInteger(2 * energy) ? { length, energy } : null;
  });
}

const energyText = ({ energy, constants }: Form, values: readonly number[]): string =>
  [energy, ...constants.map((name, k) => `${name}=${values[k]}`)].join("; ");

/** The parts in the order of their names, as keys have them. */
function inOrder({ sum, coefficients }: SumAt): SumAt {
  let first = 0;
  const parts = sum.map((part) => {
    const own = coefficients.slice(first, first + part.block.slopes.length);
    first += own.length;
    return { part, own, key: keyOf([part]) };
  });
  parts.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    sum: parts.map(({ part }) => part),
    coefficients: Float64Array.from(parts.flatMap(({ own }) => [...own])),
  };
}

function valuesOf(at: SumAt): Values {
  const { sum, coefficients } = inOrder(at);
  return { linear: Array.from(coefficients), other: sum.map(({ constants }) => constants) };
}
