import { MclnnError } from "@mclnn/physics";
import type { PairWeights } from "../fit/weight-problem.ts";
import type { TrainingData } from "../records/training-data.ts";

/** Rounds in which each charge follows the others. */
const ROUNDS = 200;
/** The first particle fixes the scale where its charge is this share of the largest. */
const LARGE = 0.1;
/** Charges below this share of the largest are none that others could be told by. */
const SMALL = 0.02;

/** First and second particle of each pair. */
type Pairs = Pick<TrainingData, "particles" | "pairs" | "pairI" | "pairJ">;

/** Charges, and which of them fixes their scale. */
export interface ChargeStart {
  readonly charges: Float64Array;
  readonly reference: number;
}

/**
 * The charges whose products are nearest to weights of pairs, up to a sign of all products: a law between like charges may attract. Each charge in turn is
 * what the others say, from each particle, and with either sign.
 *
 * @param weights - the largest is 1. [pairs]
 * @param known - what the charge that fixes the scale is
 */
export function chargesOfWeights(
  data: Pairs,
  weights: Float64Array,
  known: (particle: number) => number,
): ChargeStart {
  const { particles: n } = data;
  const between = new Float64Array(n * n);
  for (let p = 0; p < data.pairs; p++) {
    const [i, j] = [data.pairI[p] / 3, data.pairJ[p] / 3];
    between[i * n + j] = weights[p];
    between[j * n + i] = weights[p];
  }
  let best: { readonly charges: Float64Array; readonly rest: number } | null = null;
  for (const sign of [1, -1])
    for (let first = 0; first < n; first++) {
      const own = between.map((w) => sign * w);
      const found = settled(own, n, first);
      const rest = restOf(own, n, found);
      if (best === null || rest < best.rest) best = { charges: found, rest };
    }
  const { charges } = best as { readonly charges: Float64Array };
  const largest = charges.reduce((most, q) => Math.max(most, Math.abs(q)), 0);
  const charged = charges.filter((q) => Math.abs(q) > SMALL * largest).length;
  if (charged < 3)
    throw new MclnnError("no charges could be fitted", {
      code: "fit-failed",
      argument: "fitCharges",
      expected: "three particles or more that feel each other: two only show their product",
      got: `${charged}`,
      mend: "Give more trajectories, or records closer in time; or the charges, where they are known.",
      kind: "failure",
    });
  const reference =
    Math.abs(charges[0]) > LARGE * largest ? 0 : charges.findIndex((q) => Math.abs(q) === largest);
  const scale = known(reference) / charges[reference];
  return { charges: charges.map((q) => scale * q), reference };
}

/** From the weights of one particle's pairs on. */
function settled(between: Float64Array, n: number, first: number): Float64Array {
  const charges = Float64Array.from({ length: n }, (_, i) =>
    i === first ? 1 : between[first * n + i],
  );
  for (let round = 0; round < ROUNDS; round++)
    for (let i = 0; i < n; i++) {
      let [product, square] = [0, 0];
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        product += between[i * n + j] * charges[j];
        square += charges[j] * charges[j];
      }
      if (square > 0) charges[i] = product / square;
    }
  return charges;
}

function restOf(between: Float64Array, n: number, charges: Float64Array): number {
  let rest = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const off = between[i * n + j] - charges[i] * charges[j];
      rest += off * off;
    }
  return rest;
}

/** Weights that are products of charges, of which one is given. */
export const chargeWeights = (
  { pairs, pairI, pairJ }: Pairs,
  { charges, reference }: ChargeStart,
): PairWeights => {
  const own = (numbers: Float64Array): Float64Array => withOne(numbers, charges, reference);
  const numberOf = (i: number): number => (i < reference ? i : i - 1);
  return {
    size: charges.length - 1,
    at(numbers) {
      const q = own(numbers);
      return Float64Array.from({ length: pairs }, (_, p) => q[pairI[p] / 3] * q[pairJ[p] / 3]);
    },
    eachSlope(numbers, visit) {
      const q = own(numbers);
      for (let p = 0; p < pairs; p++) {
        const [i, j] = [pairI[p] / 3, pairJ[p] / 3];
        if (i !== reference) visit(p, numberOf(i), q[j]);
        if (j !== reference) visit(p, numberOf(j), q[i]);
      }
    },
  };
};

/** All charges, one of which is given. */
export const withOne = (
  numbers: Float64Array,
  charges: Float64Array,
  reference: number,
): Float64Array =>
  charges.map((q, i) => (i === reference ? q : numbers[i < reference ? i : i - 1]));
