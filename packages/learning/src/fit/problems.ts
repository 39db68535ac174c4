import { type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { type NormalEquations, type SensitivityPass, tangentStep } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { moveStarts, type Starts } from "../rollout/starts.ts";
import type { FitProblem } from "./gauss-newton.ts";

/** V' on the way of a fit. */
export interface FittedLaw {
  readonly basis: SplineBasis;
  /** [basis.size] */
  readonly coefficients: Float64Array;
  /** Sorted, one array a law. */
  readonly separations: readonly Float64Array[];
}

/** Records, and how a law is rolled out beside them. */
export interface Rolled {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
}

/** A law, and where its rollouts start. */
export interface LawPoint {
  /** Of the spline, those of other terms after them. [pass.size] */
  readonly unknowns: Float64Array;
  readonly starts: Starts;
}

/** Unknowns of a start state above which sensitivities are kept from step to step: making them anew costs ten times the rollouts. */
export const MANY_UNKNOWNS = 128;

export const hasManyUnknowns = ({ particles, dimension }: TrainingData): boolean =>
  2 * particles * dimension > MANY_UNKNOWNS;

/** The curve of V' and the other terms' coefficients in one vector of unknowns. */
export function parted(
  basis: SplineBasis,
  unknowns: Float64Array,
): { coefficients: Float64Array; curve: Float64Array; values: Float64Array } {
  const coefficients = unknowns.slice(0, basis.size);
  return {
    coefficients,
    curve: splineCurve(basis, coefficients),
    values: unknowns.slice(basis.size),
  };
}

/** The inverse of {@link parted}; terms of which nothing is known begin at 0. */
export function joined(
  pass: Pick<SensitivityPass, "size">,
  coefficients: Float64Array,
  values: Float64Array = new Float64Array(0),
): Float64Array {
  const out = new Float64Array(pass.size);
  out.set(coefficients);
  out.set(values, coefficients.length);
  return out;
}

/**
 * Normal equations about the rollout of a curve on the basis' cells, with the largest tangent step that its stiffness allows.
 *
 * @param at - starts as the data give them and no other terms, unless told
 */
export function equationsAbout(
  { data, basis, pass }: Pick<Rolled, "data" | "basis" | "pass">,
  curve: Float64Array,
  { starts, values }: { starts?: Starts; values?: Float64Array } = {},
): NormalEquations {
  return pass.normalEquations(curve, {
    tangentStep: tangentStep(data, pass.tangents, basis, curve),
    values,
    ...(starts === undefined ? {} : { starts }),
  });
}

/** Mean square residual of a law's rollouts. */
export function lossAt({ basis, pass }: Rolled, { unknowns, starts }: LawPoint): number {
  const { curve, values } = parted(basis, unknowns);
  return pass.loss(curve, starts, values);
}

/** A step of the law's coefficients, and of other terms', which may know better than to add it. */
function movedBy(
  { basis, pass }: Rolled,
  unknowns: Float64Array,
  step: Float64Array,
  share: number,
): Float64Array {
  const out = unknowns.map((c, i) => c + share * step[i]);
  let first = basis.size;
  for (const { size, moved } of pass.terms) {
    const end = first + size;
    if (moved !== undefined) {
      const own = step.slice(first, end).map((x) => share * x);
      out.set(moved(unknowns.slice(first, end), own), first);
    }
    first = end;
  }
  return out;
}

/** The law, from start states that are exact. */
export function exactStarts(rolled: Rolled): FitProblem<LawPoint> {
  return {
    equations: ({ unknowns, starts }) => {
      const { curve, values } = parted(rolled.basis, unknowns);
      return equationsAbout(rolled, curve, { starts, values });
    },
    loss: (at) => lossAt(rolled, at),
    moved: ({ unknowns, starts }, _, step, share) => ({
      unknowns: movedBy(rolled, unknowns, step, share),
      starts,
    }),
    unknowns: ({ unknowns }) => unknowns,
  };
}

/** The law and its start states, eliminated trajectory by trajectory. */
export function freeStarts(rolled: Rolled): FitProblem<LawPoint> {
  const { data, basis, pass } = rolled;
  return {
    ...exactStarts(rolled),
    equations: ({ unknowns, starts }, before) => {
      const { curve, values } = parted(basis, unknowns);
      return before === null
        ? equationsAbout(rolled, curve, { starts, values })
        : pass.chordEquations(before, curve, starts, values);
    },
    moved: ({ unknowns, starts }, { eliminations }, step, share) => ({
      unknowns: movedBy(rolled, unknowns, step, share),
      starts: moveStarts(data, starts, eliminations, step, share),
    }),
  };
}

/** Start states alone, under a law that stays. */
export function startsAlone(
  { data, pass }: Pick<Rolled, "data" | "pass">,
  curve: Float64Array,
  values?: Float64Array,
): FitProblem<Starts> {
  const none = new Float64Array(pass.size);
  return {
    equations: (starts, before) =>
      before === null
        ? pass.normalEquations(curve, { starts, values })
        : pass.chordEquations(before, curve, starts, values),
    loss: (starts) => pass.loss(curve, starts, values),
    moved: (starts, { eliminations }, step, share) =>
      moveStarts(data, starts, eliminations, step, share),
    unknowns: () => none,
  };
}
