import { type SplineBasis, splineCurve } from "@mclnn/models/parts";
import type { Candidate } from "@mclnn/physics/terms";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { moveStarts, type Starts } from "../rollout/starts.ts";
import { eachPair, pairsOf } from "../terms/pairs.ts";
import type { FitProblem } from "./gauss-newton.ts";

/** How strongly pairs feel each other, by numbers that are looked for: the weights themselves, or charges. */
export interface PairWeights {
  /** Of the numbers. */
  readonly size: number;
  /** Weight of each pair. [pairs] */
  at(numbers: Float64Array): Float64Array;
  /** Calls `visit` with each pair, a number that its weight depends on, and the derivative. */
  eachSlope(
    numbers: Float64Array,
    visit: (pair: number, number: number, slope: number) => void,
  ): void;
}

/** Records whose pairs have weights that are looked for together with the law. */
export interface WeightRecords {
  /** With all weights 1. */
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly weights: PairWeights;
}

/** A law, the numbers that weights are made of, and where rollouts start. */
export interface WeightPoint {
  /** [basis.size] */
  readonly coefficients: Float64Array;
  readonly numbers: Float64Array;
  readonly starts: Starts;
}

/** Records in which pairs have weights. @param weights - [pairs] */
export const weighed = (data: TrainingData, weights: Float64Array): TrainingData => ({
  ...data,
  scaleI: data.scaleI.map((s, p) => s * weights[p]),
  scaleJ: data.scaleJ.map((s, p) => s * weights[p]),
  // Each point has weights of its own, which no thread has seen before.
  threads: null,
});

/** What other numbers make of the law. */
function numbersRide({ data, weights }: WeightRecords, numbers: Float64Array): Candidate {
  const { scaleI, scaleJ } = data;
  return {
    size: weights.size,
    linearise(frame, _, into) {
      const { pairI, pairJ } = pairsOf(frame);
      const forces: { readonly n: readonly number[]; readonly slope: number }[] = [];
      eachPair(frame, (_p, n, slope) => {
        forces.push({ n, slope });
      });
      weights.eachSlope(numbers, (p, k, by) => {
        const { n, slope } = forces[p];
        for (let c = 0; c < 3; c++) {
          const x = by * slope * n[c];
          into.source(pairI[p] + c, k, -x * scaleI[p]);
          into.source(pairJ[p] + c, k, x * scaleJ[p]);
        }
      });
    },
  };
}

/** The pass over the records at some numbers, which are unknowns beside the law. */
export function passAtWeights(
  records: WeightRecords,
  { numbers, starts }: Pick<WeightPoint, "numbers" | "starts">,
): SensitivityPass {
  const own = weighed(records.data, records.weights.at(numbers));
  return new SensitivityPass(own, records.schedule, records.basis, {
    freeStarts: starts.velocityWeight !== null,
    terms: [numbersRide(records, numbers)],
  });
}

/** The law's coefficients, and a change of no number. */
export function lawAndNumbers({ coefficients, numbers }: WeightPoint): Float64Array {
  const unknowns = new Float64Array(coefficients.length + numbers.length);
  unknowns.set(coefficients);
  return unknowns;
}

/** Law, weights and start states by true rollouts. */
export function weightsRolled(records: WeightRecords): FitProblem<WeightPoint> {
  const { data, basis } = records;
  return {
    equations: (at) =>
      passAtWeights(records, at).normalEquations(splineCurve(basis, at.coefficients), {
        starts: at.starts,
      }),
    loss: (at) => passAtWeights(records, at).loss(splineCurve(basis, at.coefficients), at.starts),
    moved: ({ coefficients, numbers, starts }, { eliminations }, step, share) => ({
      coefficients: coefficients.map((c, k) => c + share * step[k]),
      numbers: numbers.map((x, k) => x + share * step[basis.size + k]),
      starts: moveStarts(data, starts, eliminations, step, share),
    }),
    unknowns: lawAndNumbers,
  };
}
