import type { PairPotential } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { type Form, formOf, type Values } from "./forms.ts";
import { freeOf, keyOf, type Sum, withFree } from "./sum.ts";

/** A constant of a formula with one standard deviation; on exact records a bound of its error. */
export interface FormulaConstant {
  readonly name: string;
  /** In the data's units. */
  readonly value: number;
  readonly sd: number;
}

/** A formula with its numbers. */
export interface WrittenFormula {
  readonly name: string;
  /** V in the syntax of formulas, its constants by name. */
  readonly form: string;
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
  const constants = form.constants.map((name, i): FormulaConstant => {
    let variance = covariance === null ? Number.NaN : 0;
    if (covariance !== null)
      for (let a = 0; a < n; a++)
        for (let b = 0; b < n; b++) variance += slopes[a][i] * covariance[a * n + b] * slopes[b][i];
    return { name, value: values[i], sd: Math.sqrt(Math.max(0, variance)) };
  });
  const energy = energyText(form, values);
  return { name: form.name, form: form.energy, energy, constants, pair: parseFormula(energy) };
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
