import { type SplineBasis, splineCurve } from "@mclnn/models/parts";
import type { Coupling } from "@mclnn/physics";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { PathWeights } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import { pairTable, type TrainingData } from "../records/training-data.ts";
import { moveStarts, type Starts } from "../rollout/starts.ts";
import { massStep, massTerm, movedMass } from "../terms/masses.ts";
import type { FitProblem } from "./gauss-newton.ts";

/** Records whose masses are looked for together with the law, the first one apart, which fixes its scale. */
export interface MassRecords {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly coupling: Coupling;
}

/** A law, masses, and where rollouts start. */
export interface MassPoint {
  /** [basis.size] */
  readonly coefficients: Float64Array;
  readonly masses: Float64Array;
  readonly starts: Starts;
}

/** Records with other masses, and what these make of the law in the pair table. */
export function dataWith(
  { data, coupling }: Pick<MassRecords, "data" | "coupling">,
  masses: Float64Array,
): TrainingData {
  const weight =
    coupling === "mass-product"
      ? (i: number, j: number): number => masses[i] * masses[j]
      : (): number => 1;
  const { scaleI, scaleJ } = pairTable(masses, weight);
  // Each point has masses of its own, which no thread has seen before.
  return { ...data, masses, scaleI, scaleJ, threads: null };
}

/** The pass over the records at some masses, whose logarithms are unknowns beside the law. */
export function passAt(
  records: MassRecords,
  { masses, starts }: MassPoint,
): { pass: SensitivityPass; data: TrainingData } {
  const { schedule, basis } = records;
  const own = dataWith(records, masses);
  const pass = new SensitivityPass(own, schedule, basis, {
    freeStarts: starts.velocityWeight !== null,
    terms: [massTerm(own)],
  });
  return { pass, data: own };
}

/** The law's coefficients, and a change of no mass. */
export function lawAndMasses({ coefficients, masses }: MassPoint): Float64Array {
  const unknowns = new Float64Array(coefficients.length + masses.length - 1);
  unknowns.set(coefficients);
  return unknowns;
}

/** Law, masses and start states by true rollouts. */
export function massesRolled(records: MassRecords): FitProblem<MassPoint> {
  const { data, basis } = records;
  return {
    equations: (at) =>
      passAt(records, at).pass.normalEquations(splineCurve(basis, at.coefficients), {
        starts: at.starts,
      }),
    loss: (at) => passAt(records, at).pass.loss(splineCurve(basis, at.coefficients), at.starts),
    moved: ({ coefficients, masses, starts }, { eliminations }, step, share) => {
      const held = step.map((x, k) => (k < basis.size ? x : massStep(x)));
      return {
        coefficients: coefficients.map((c, k) => c + share * held[k]),
        masses: masses.map((mass, i) =>
          i === 0 ? mass : movedMass(mass, share * held[basis.size + i - 1]),
        ),
        starts: moveStarts(data, starts, eliminations, held, share),
      };
    },
    unknowns: lawAndMasses,
  };
}

/** The same along a path through the records: bilinear in the law and the logarithms of the masses. */
export function massesAlong(records: MassRecords, along: PathWeights): FitProblem<MassPoint> {
  const { basis } = records;
  // The loss is that of the equations, which an accepted point is asked for again.
  const made = new WeakMap<MassPoint, NormalEquations>();
  const equations = (at: MassPoint): NormalEquations => {
    const known = made.get(at);
    if (known !== undefined) return known;
    const { pass } = passAt(records, at);
    const curve = splineCurve(basis, at.coefficients);
    const own = pass.normalEquations(curve, { starts: at.starts, along });
    made.set(at, own);
    return own;
  };
  return { ...massesRolled(records), equations, loss: (at) => equations(at).loss };
}
