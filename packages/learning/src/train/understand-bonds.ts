import type { LawBond } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import type { PairWeights } from "../fit/weight-problem.ts";
import type { TrainingData } from "../records/training-data.ts";
import { fitNumbers } from "../understand/fit-weights.ts";
import type { Question } from "../understand/hypothesis.ts";
import type { Understanding } from "../understand/understanding.ts";
import { weightsAlongPath } from "../understand/weights-along.ts";
import { bondedData } from "./bonded-data.ts";
import { lawUnderWeights } from "./law-under-weights.ts";
import { finished, type Task } from "./task.ts";

/** Weights below so many standard deviations, or this share of the largest, are none. */
const ABSENT = { deviations: 4, share: 0.02 };

/**
 * Who feels whom: weights of all pairs along the records first, then with law and start states by rollouts; pairs that have none are left out, and the
 * others fitted again.
 *
 * @param data - with all pairs, of weight 1
 */
export async function understandWithBonds(
  task: Task,
  question: Question,
  data: TrainingData,
): Promise<Understanding> {
  const all = { ...data, threads: null };
  const begun = weightsAlongPath(all);
  if (begun === null) throw noBonds(data);
  const under = await lawUnderWeights(task, question, all, begun);
  if (under === null) throw noBonds(data);
  const { found, close } = under;
  const fittedAt = async (weights: Float64Array, open: readonly number[]) => {
    const free = freeWeights(weights, open);
    const begin = Float64Array.from(open, (p) => weights[p]);
    const { numbers, covariance } = await finished(task, fitNumbers(all, free, begin, close));
    const sd = new Float64Array(weights.length);
    open.forEach((p, k) => {
      sd[p] = Math.sqrt(covariance?.[k * (open.length + 1)] ?? Number.POSITIVE_INFINITY);
    });
    return { weights: free.at(numbers), sd };
  };
  const largest = begun.indexOf(1);
  const others = Array.from(begun.keys()).filter((p) => p !== largest);
  const first = await fittedAt(begun, others);
  const present = others.filter(
    (p) => Math.abs(first.weights[p]) > Math.max(ABSENT.deviations * first.sd[p], ABSENT.share),
  );
  const kept = first.weights.map((w, p) => (p === largest || present.includes(p) ? w : 0));
  const { weights, sd } = await fittedAt(kept, present);
  const bonds = Array.from(weights.keys()).flatMap((p): LawBond[] =>
    weights[p] === 0 ? [] : [[data.pairI[p] / 3, data.pairJ[p] / 3, weights[p], sd[p]]],
  );
  return { ...found, hypothesis: { ...close.hypothesis, data: bondedData(data, bonds) }, bonds };
}

/** Some weights are looked for, the others stay. */
const freeWeights = (weights: Float64Array, open: readonly number[]): PairWeights => ({
  size: open.length,
  at(numbers) {
    const out = weights.slice();
    open.forEach((p, k) => {
      out[p] = numbers[k];
    });
    return out;
  },
  eachSlope(_, visit) {
    open.forEach((p, k) => {
      visit(p, k, 1);
    });
  },
});

const noBonds = ({ trajectories, records }: TrainingData): MclnnError =>
  new MclnnError("who feels whom could not be found out", {
    code: "fit-failed",
    argument: "bonds",
    expected: "records that a law of pairs with weights explains",
    got: `${trajectories} trajectories of ${records} records that none does`,
    mend: "Give more trajectories, or records closer in time; or the bonds, where they are known.",
    kind: "failure",
  });
