import type { TrainingData } from "./training-data.ts";

/** Two particles that pass each other between two records. */
export interface Encounter {
  readonly trajectory: number;
  /** The record before it. */
  readonly record: number;
  readonly pair: readonly [number, number];
}

/** A pair that turns by more than 60 degrees from one record to the next has passed between them: half of what makes a path lose its way. */
const TURNED = 0.5;
/** Where more spacings than this share have one, they are the motion itself. */
const SELDOM = 0.1;

/** Encounters between records, where they are few; none where they are the rule. */
export function encountersOf(data: TrainingData): Encounter[] {
  const most = SELDOM * data.trajectories * (data.records - 1);
  const found = allEncounters(data);
  return found.length > most ? [] : found;
}

/** Encounters between records, one at most between two. */
export function allEncounters({
  trajectories,
  records,
  pairs,
  components,
  positions,
  pairI,
  pairJ,
}: TrainingData): Encounter[] {
  const out: Encounter[] = [];
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k < records; k++)
      for (let p = 0; p < pairs; p++) {
        const now = (t * records + k) * components;
        const before = now - components;
        let dot = 0;
        let a = 0;
        let b = 0;
        for (let c = 0; c < 3; c++) {
          const x = positions[now + pairI[p] + c] - positions[now + pairJ[p] + c];
          const y = positions[before + pairI[p] + c] - positions[before + pairJ[p] + c];
          dot += x * y;
          a += x * x;
          b += y * y;
        }
        if (!(dot < TURNED * Math.sqrt(a * b))) continue;
        out.push({ trajectory: t, record: k - 1, pair: [pairI[p] / 3, pairJ[p] / 3] });
        break;
      }
  return out;
}
