import type { TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4 } from "@mclnn/integrators";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import {
  basisFromKnots,
  edgesOf,
  hermiteCurve,
  type LawUncertainty,
  planOf,
  type SplineBasis,
  splineCurve,
} from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import { type FitProblem, gaussNewton, linearised } from "../fit/gauss-newton.ts";
import { equationsAbout, type Rolled } from "../fit/problems.ts";
import { RULES } from "../fit/rules.ts";
import { coefficientsOf } from "../fit/spline-fit.ts";
import { underLaw } from "../fit/start-states.ts";
import { named, scheduleOf, splittingByName } from "../records/dynamics.ts";
import { segmentsOf } from "../records/segments.ts";
import { arrange } from "../records/training-data.ts";
import { chooseUnits, inUnits, type Units } from "../records/units.ts";
import { givenStarts, moveStarts, type Starts } from "../rollout/starts.ts";
import { constantsOf, type SumAt, slopeAt, withConstants } from "./describe.ts";
import { dot } from "./least-squares.ts";
import { covarianceFrom } from "./score.ts";
import type { Target } from "./target.ts";

/** A formula fitted to the records themselves. */
export interface Refitted extends SumAt {
  /** Sum of squared residuals. */
  readonly squares: number;
  readonly loss: number;
  readonly residuals: number;
  /** Of the constants, over the variance. [constants x constants] */
  readonly covariance: Float64Array;
}

/** A formula, and where its rollouts start. */
interface FormulaPoint {
  readonly at: SumAt;
  readonly starts: Starts;
}

/** Equations in the constants of a formula, and what each does to the spline that stands for it. */
interface FormulaEquations extends NormalEquations {
  /** [constants][size of the basis] */
  readonly onSpline: readonly Float64Array[];
}

/** A law that leaves so many times its training loss was not learned from these records. */
const SAME_RECORDS = 4;
/** Below this a loss is roundoff. */
const ROUNDOFF = 1e-15;
/** Slopes beyond this end a rollout, however far beyond. */
const LARGEST = 1e12;

interface Finer {
  /** Knot intervals that each one becomes. */
  readonly knots: number;
  /** Steps that each one becomes, where the steps are the training's own. */
  readonly steps: number;
}

/** The records of a model's training with rollouts through them. */
export class Refit {
  readonly exact: boolean;
  private readonly rolled: Rolled;
  private readonly units: Units;
  private readonly middle: number;
  /** Coefficients of the learned law. */
  private readonly law: Float64Array;
  private readonly starts: Starts;

  /** @throws MclnnError `bad-option` for other records than the law was learned from */
  constructor(
    model: MclnnModel | SplineModel,
    set: TrajectorySet,
    { finer, target }: { finer: Finer; target: Target },
  ) {
    const { record, coupling, uncertainty, terms = [] } = model;
    this.exact = record.noise === undefined;
    this.middle = target.middle;
    this.units = chooseUnits(set, coupling);
    const { length, slope } = this.units;
    const whole = arrange(inUnits(set, this.units), {
      coupling,
      needVelocities: this.exact,
      separateSpecies: false,
      ...(terms.length > 0 && { held: terms, units: this.units }),
    });
    const { records } = record;
    const data =
      typeof records === "number" && records < whole.records ? segmentsOf(whole, records) : whole;
    if (data === null) throw otherRecords(`no segments of ${records} records`);
    const own = uncertainty as LawUncertainty;
    const basis = basisOf(own, this.units, finer.knots);
    const method = splittingByName(String(record.integrator));
    const measured = method.name === blanesMoan4.name && set.provenance.integrator !== method.name;
    const substeps = record.stride * (measured ? finer.steps : 1);
    const schedule = scheduleOf(data.times, { ...named(method), substeps, dt: null });
    const pass = new SensitivityPass(data, schedule, basis, { freeStarts: !this.exact });
    this.rolled = { data, schedule, basis, pass };
    this.law = coefficientsOf(basis, (_, r) => target.slope(r * length) / slope);
    this.starts = this.exact ? givenStarts(data) : this.startsUnder(record.velocityWeight);
    const { loss } = this.lawEquations();
    const trained = record.trainLoss / (length * length);
    if (!(loss <= SAME_RECORDS * Math.max(trained, ROUNDOFF)))
      throw otherRecords(`records that the law misses by ${loss}, ${trained} in its training`);
  }

  private startsUnder(weight: unknown): Starts {
    const { data } = this.rolled;
    const given = typeof weight === "number" && data.velocities !== null;
    const velocityWeight = given ? weight / this.units.time : 0;
    return underLaw(this.rolled, this.law, { velocityWeight }).starts;
  }

  /** About the learned law itself. */
  lawEquations(): NormalEquations {
    const { basis } = this.rolled;
    return equationsAbout(this.rolled, splineCurve(basis, this.law), { starts: this.starts });
  }

  /** The constants for which rollouts come nearest to the records; null where rollouts leave all bounds. */
  fit(from: SumAt): Refitted | null {
    const rules = RULES.formula(this.exact ? 5 : 3);
    const problem = this.problem();
    const beginning = { at: { at: from, starts: this.starts } };
    const first = linearised(problem, beginning, rules);
    if (!Number.isFinite(first.loss)) return null;
    const steps = gaussNewton(problem, first, rules);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const end = linearised(problem, step.value, rules);
    const { metric, gradient, residuals } = end.equations;
    const covariance = covarianceFrom(metric, gradient.length);
    if (covariance === null) return null;
    const { at } = end.at;
    return { ...at, loss: end.loss, squares: end.loss * residuals, residuals, covariance };
  }

  /** A variance in the data's units as squares here are. */
  inUnits(variance: number): number {
    return variance / (this.units.length * this.units.length);
  }

  /** Residuals of a formula's rollout along some trajectories. */
  residualsOf(at: SumAt, trajectories: readonly number[]): Float64Array[] {
    const curve = this.curveOf(slopeAt(at, this.middle));
    return trajectories.map((t) => this.rolled.pass.residualsOf(curve, t, this.starts));
  }

  get trajectories(): number {
    return this.rolled.data.trajectories;
  }

  private problem(): FitProblem<FormulaPoint> {
    const { data, pass } = this.rolled;
    return {
      equations: ({ at, starts }) => this.equations(at, starts),
      loss: ({ at, starts }) => pass.loss(this.curveOf(slopeAt(at, this.middle)), starts),
      moved: ({ at, starts }, about, step, share) => {
        const { onSpline, eliminations } = about as FormulaEquations;
        const spline = new Float64Array(onSpline[0].length);
        onSpline.forEach((column, k) => {
          for (let i = 0; i < spline.length; i++) spline[i] = spline[i] + step[k] * column[i];
        });
        return {
          at: withConstants(
            at,
            constantsOf(at).map((c, k) => c + share * step[k]),
          ),
          starts: this.exact ? starts : moveStarts(data, starts, eliminations, spline, share),
        };
      },
      unknowns: ({ at }) => Float64Array.from(constantsOf(at)),
    };
  }

  private equations(at: SumAt, starts: Starts): FormulaEquations {
    const { basis } = this.rolled;
    const curve = this.curveOf(slopeAt(at, this.middle));
    const own = equationsAbout(this.rolled, curve, { starts });
    const onSpline = this.columns(at);
    const n = onSpline.length;
    const metric = new Float64Array(n * n);
    onSpline.forEach((column, i) => {
      const row = matrixVector(own.metric, column, basis.size);
      onSpline.forEach((other, k) => {
        metric[i * n + k] = dot(row, other);
      });
    });
    const gradient = Float64Array.from(onSpline, (column) => dot(column, own.gradient));
    return { ...own, metric, gradient, onSpline };
  }

  /** What each constant does to the coefficients of the spline. */
  private columns(at: SumAt): Float64Array[] {
    const { length, slope } = this.units;
    const constants = constantsOf(at);
    return constants.map((value, k) => {
      const h = 1e-6 * (Math.abs(value) + (k < at.coefficients.length ? 1e-12 : 1e-3));
      const up = slopeAt(withConstants(at, constants.with(k, value + h)), this.middle);
      const down = slopeAt(withConstants(at, constants.with(k, value - h)), this.middle);
      return coefficientsOf(
        this.rolled.basis,
        (_, r) => (up(r * length) - down(r * length)) / (2 * h) / slope,
      );
    });
  }

  /** A slope in the data's units as a curve in those of training. */
  private curveOf(slope: (r: number) => number): Float64Array {
    const { cells } = this.rolled.basis;
    const { length, slope: unit } = this.units;
    const bounded = (x: number): number => {
      if (Number.isNaN(x)) return 0;
      return Math.min(LARGEST, Math.max(-LARGEST, x));
    };
    const f = (r: number): number => slope(r * length) / unit;
    const edges = edgesOf(cells, 0);
    const derivatives = edges.map((r) => {
      const h = 1e-4 * r;
      const near = 8 * (f(r + h) - f(r - h));
      return bounded((near - (f(r + 2 * h) - f(r - 2 * h))) / (12 * h));
    });
    const curve = new Float64Array(4 * cells.count);
    hermiteCurve(
      cells,
      0,
      edges.map((r) => bounded(f(r))),
      derivatives,
      curve,
    );
    return curve;
  }
}

/** The basis of a law's error bars in training units, each knot interval divided. */
function basisOf({ knots }: LawUncertainty, { length }: Units, finer: number): SplineBasis {
  const divided = knots.map((cluster) =>
    Float64Array.from({ length: (cluster.length - 1) * finer + 1 }, (_, i) => {
      const k = Math.min(cluster.length - 2, Math.floor(i / finer));
      return (cluster[k] + ((cluster[k + 1] - cluster[k]) * (i - k * finer)) / finer) / length;
    }),
  );
  return basisFromKnots([planOf(divided)]);
}

function otherRecords(got: string): MclnnError {
  return new MclnnError("constants cannot be fitted to these records", {
    code: "bad-option",
    argument: "data",
    expected: "the records that the law was learned from",
    got,
  });
}
