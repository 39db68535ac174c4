import type { LawBond } from "@mclnn/models";
import type { TrainingData } from "../records/training-data.ts";

/** Records in which only some pairs feel each other, with weights. */
export function bondedData(data: TrainingData, bonds: readonly LawBond[]): TrainingData {
  const weights = new Map(bonds.map(([i, j, w]) => [keyOf(3 * i, 3 * j), w]));
  const kept = Array.from(data.pairI.keys()).filter((p) =>
    weights.has(keyOf(data.pairI[p], data.pairJ[p])),
  );
  const weightOf = (p: number): number =>
    weights.get(keyOf(data.pairI[p], data.pairJ[p])) as number;
  return {
    ...data,
    pairs: kept.length,
    pairI: Int32Array.from(kept, (p) => data.pairI[p]),
    pairJ: Int32Array.from(kept, (p) => data.pairJ[p]),
    pairLaw: Int32Array.from(kept, (p) => data.pairLaw[p]),
    scaleI: Float64Array.from(kept, (p) => weightOf(p) * data.scaleI[p]),
    scaleJ: Float64Array.from(kept, (p) => weightOf(p) * data.scaleJ[p]),
  };
}

const keyOf = (i: number, j: number): string => `${Math.min(i, j)} ${Math.max(i, j)}`;
