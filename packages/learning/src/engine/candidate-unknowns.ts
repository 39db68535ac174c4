import { type Candidate, type Frame, Linear } from "@mclnn/models/parts";
import type { TrainingData } from "../records/training-data.ts";
import { LOOKUP } from "./pair-rollout.ts";
import type { ExtraUnknowns } from "./tangents.ts";

/** Candidates at their starts, one after another, as unknowns of a pass. */
export function candidateUnknowns(
  candidates: readonly Candidate[],
  { pairs: count, pairI, pairJ, scaleI, scaleJ }: TrainingData,
): ExtraUnknowns {
  const into = new Linear();
  const starts = candidates.map(({ size, start }) =>
    Float64Array.from({ length: size }, (_, k) => start?.[k] ?? 0),
  );
  return {
    count: candidates.reduce((sum, { size }) => sum + size, 0),
    addAccelerations({ trajectory, positions, velocities, lookups }, factor, out, stride) {
      const pairs = { count, pairI, pairJ, scaleI, scaleJ, lookups, stride: LOOKUP };
      const frame: Frame = { trajectory, time: 0, positions, velocities, pairs };
      into.clear();
      into.first = 0;
      candidates.forEach((candidate, k) => {
        candidate.linearise(frame, starts[k], into);
        into.first += candidate.size;
      });
      for (let s = 0; s < into.sources; s++) {
        const o = into.sourceRow[s] * stride + into.sourceCoefficient[s];
        out[o] += factor * into.sourceValue[s];
      }
    },
  };
}
