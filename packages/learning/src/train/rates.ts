import type { LawTerm } from "@mclnn/models";
import type { PairPotential } from "@mclnn/physics";
import { createTerm, Linear, type TermSpec } from "@mclnn/physics/terms";
import { choleskyFactor, choleskySolve, inverse } from "../algebra/linear-algebra.ts";
import type { Units } from "../records/units.ts";
import type { FoundTerm } from "./found-terms.ts";

/** Separations at which a law is compared with how it drifts. */
const PLACES = 200;

/**
 * Drifts that know their rate: the number c for which the records are most likely with c V' for the curve g. Where nothing is known of them it is the one
 * for which c V' is nearest to g at what they visit. Other terms as they are.
 *
 * @param pair - the law that drifts, in the data's units
 * @param separations - seen, sorted, in training units
 */
export function withRates(
  terms: readonly FoundTerm[],
  pair: PairPotential | undefined,
  { separations, units }: { readonly separations: Float64Array; readonly units: Units },
): LawTerm[] {
  return terms.map((term) =>
    term.spec.name !== "drift" || pair === undefined
      ? term
      : withRate(
          term,
          pair,
          separations.map((r) => r * units.length),
        ),
  );
}

function withRate(term: FoundTerm, pair: PairPotential, separations: Float64Array): LawTerm {
  const n = term.coefficients.length;
  const valuesAt = splinesOf(term.spec);
  const metric = new Float64Array(n * n);
  const shape = new Float64Array(n);
  for (let k = 0; k < PLACES; k++) {
    const r = separations[Math.floor((k * (separations.length - 1)) / (PLACES - 1))];
    const values = valuesAt(r);
    for (const [i, x] of values) {
      shape[i] += x * pair.slope(r);
      for (const [j, y] of values) metric[i * n + j] += x * y;
    }
  }
  const factor = metric.slice();
  if (!choleskyFactor(factor, n)) return term;
  choleskySolve(factor, n, shape);
  const { coefficients, covariance, likelihood } = term;
  const data = likelihood?.metric ?? metric;
  const pull = product(data, coefficients).map((x, k) => x - (likelihood?.gradient[k] ?? 0));
  const square = dot(product(data, shape), shape);
  const rate = dot(pull, shape) / square;
  // What the curve is unsure of is no more than the records leave open of the rate.
  const precision = covariance && likelihood && inverse(covariance, n);
  const weights = product(precision ?? data, shape);
  const scale = precision === null ? square : Math.sqrt(square * dot(weights, shape));
  const each = Array.from(weights, (w) => w / scale);
  const rest = rate - dot(Float64Array.from(each), coefficients);
  return { ...term, spec: { ...term.spec, rate: [...each, rest] } };
}

/** The splines of a drift at a separation: what its coefficients do a unit of time after its begin to a particle that another is so far from. */
function splinesOf(spec: TermSpec): (r: number) => (readonly [k: number, value: number])[] {
  const term = createTerm(spec, { masses: Float64Array.of(1, 1), dimension: 2 });
  const none = new Float64Array(term.size);
  const still = new Float64Array(6);
  const tape = new Linear();
  const time = 1 + ((spec.since as number | undefined) ?? 0);
  return (r) => {
    tape.clear();
    const positions = Float64Array.of(-r, 0, 0, 0, 0, 0);
    term.linearise({ trajectory: 0, time, positions, velocities: still }, none, tape);
    return Array.from({ length: tape.sources }, (_, s) => s).flatMap((s) =>
      tape.sourceRow[s] === 0 ? [[tape.sourceCoefficient[s], tape.sourceValue[s]] as const] : [],
    );
  };
}

const product = (matrix: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) => dot(matrix.subarray(i * x.length, (i + 1) * x.length), x));

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, k) => sum + x * b[k], 0);
