import type { LawBond } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import type { TrainingData } from "../records/training-data.ts";
import type { FittedCharge } from "../runs/train-options.ts";
import { chargesOfWeights, chargeWeights, withOne } from "../understand/charges.ts";
import { fitNumbers } from "../understand/fit-weights.ts";
import type { Question } from "../understand/hypothesis.ts";
import type { Understanding } from "../understand/understanding.ts";
import { weightsAlongPath } from "../understand/weights-along.ts";
import { bondedData } from "./bonded-data.ts";
import { lawUnderWeights } from "./law-under-weights.ts";
import { finished, type Task } from "./task.ts";

/**
 * Charges beside the law, whose products say how strongly pairs feel it: weights of all pairs along the records first, charges of these, then both with
 * the start states by rollouts.
 *
 * @param data - with all pairs, of weight 1
 */
export async function understandWithCharges(
  task: Task,
  question: Question,
  data: TrainingData,
): Promise<Understanding> {
  const all = { ...data, threads: null };
  const begun = weightsAlongPath(all);
  if (begun === null) throw noCharges(data);
  // A charge of 0 that is told fixes no scale.
  const start = chargesOfWeights(all, begun, (i) => task.set.charges?.[i] || 1);
  const { charges, reference } = start;
  const weights = chargeWeights(all, start);
  const numbers = charges.filter((_, i) => i !== reference);
  const under = await lawUnderWeights(task, question, all, weights.at(numbers));
  if (under === null) throw noCharges(data);
  const { found, close } = under;
  const fitted = await finished(task, fitNumbers(all, weights, numbers, close));
  const q = withOne(fitted.numbers, charges, reference);
  const covariance = (i: number, j: number): number => {
    if (i === reference || j === reference) return 0;
    const [a, b] = [i, j].map((k) => (k < reference ? k : k - 1));
    return fitted.covariance?.[a * numbers.length + b] ?? Number.POSITIVE_INFINITY;
  };
  const own = Array.from(q, (value, i): FittedCharge => {
    return { value, sd: i === reference ? null : Math.sqrt(covariance(i, i)) };
  });
  const bonds = Array.from({ length: data.pairs }, (_, p): LawBond => {
    const [i, j] = [data.pairI[p] / 3, data.pairJ[p] / 3];
    const variance =
      q[j] * q[j] * covariance(i, i) +
      q[i] * q[i] * covariance(j, j) +
      2 * q[i] * q[j] * covariance(i, j);
    return [i, j, q[i] * q[j], Math.sqrt(Math.max(0, variance))];
  });
  return {
    ...found,
    hypothesis: { ...close.hypothesis, data: bondedData(data, bonds) },
    bonds,
    charges: own,
  };
}

const noCharges = ({ trajectories, records }: TrainingData): MclnnError =>
  new MclnnError("no charges could be fitted", {
    code: "fit-failed",
    argument: "fitCharges",
    expected: "records that a law of pairs, times their charges, explains",
    got: `${trajectories} trajectories of ${records} records that none does`,
    mend: "Give more trajectories, or records closer in time; or the charges, where they are known.",
    kind: "failure",
  });
