import { EnergyNetwork } from "@mclnn/models";
import { splineCurve } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { Finding } from "../findings/finding.ts";
import { EXPLAINED, judge } from "../findings/findings.ts";
import { inSegments, interactionOf, LOST, limitsOf, sparseAt } from "../findings/limits.ts";
import { MISFIT } from "../findings/score-test.ts";
import { bodyResiduals, weighedByNoise } from "../fit/body-noise.ts";
import { fitMeasured, type MeasuredFit, type MeasuredFitOptions } from "../fit/measured-fit.ts";
import { freeStarts, joined, lossAt, parted } from "../fit/problems.ts";
import { slopeOf } from "../fit/spline-fit.ts";
import { fitStarts } from "../fit/start-states.ts";
import { averagedPosterior } from "../prior/averaged-posterior.ts";
import { likelihoodAfter } from "../prior/likelihood.ts";
import { scheduleOf, schedulesOf, tangentsOf } from "../records/dynamics.ts";
import { pathSeparations, turningShare } from "../records/path.ts";
import { localVariance } from "../records/scatter.ts";
import { LONG_SEGMENT } from "../records/segments.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts } from "../rollout/starts.ts";
import type { AskedFit } from "../selection/ask.ts";
import type { Chosen } from "../selection/choose.ts";
import { lawTerms, withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms, withTermsHeld } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { settleTerms } from "./settle-terms.ts";
import { finished, type Task } from "./task.ts";
import { type Validation, validationOf } from "./validation.ts";

/** A network whose excess loss over the spline is this many times what the noise makes of one fit's loss anyway has reached what can be reached. */
const REACHED = 1;
/** Knot intervals where noise hides the finer features; a search that needed more than so many has seen them. */
const NOISY_CELLS = 36;
const CLEAN_CELLS = 48;
/** Share of the accelerations that a finding in next to exact data has at least. */
const TELLING = 1e-4;
/** With so few trajectories (or long segments of them) times pairs several beginnings are followed to the end. */
const FEW = 90;
/** Fits anew by the noise of each body, at most. */
const WEIGHINGS = 2;

/**
 * Trains a pair law on measurements: start states are unknowns, the noise is estimated, and the law comes with its error bars.
 *
 * The network is fitted to the posterior mean once: going back to the rollouts with it would fit the noise.
 */
export async function trainMeasured(task: Task, begun: Understanding): Promise<Learned> {
  const { options, log, until } = task;
  const { understanding, fit, chosen } = await settleTerms(task, begun, {
    fitted: (now) => fitByBodies(task, now),
    asked: ({ fit: own }, { hypothesis }) => ({
      ...askedFit(own, hypothesis.terms),
      variance: own.posterior.variance,
    }),
  });
  const validation = validationOf(task, understanding);
  const { basis, posterior, noise, prior, separations } = fit.fit;
  const { residuals: count } = fit.fit.equations;
  // What the law is worth is bounded by the noise, not by a target.
  const unit = (basis.size * posterior.variance) / count;
  const { pass } = fit.fit;
  const own = joined(pass, fit.fit.coefficients, fit.fit.values);
  const averaged = averagedPosterior(posterior, fit.fit.equations, own, basis);
  const { terms } = understanding.hypothesis;
  const whole = underAverage(fit.fit, averaged.unknowns, unit);
  const law = withTermsHeld(whole, terms);
  const { coefficients } = law;
  const { velocityWeight } = law.starts;
  log.measured(law.passes, law.loss);
  const network = options.model === "spline" ? null : new EnergyNetwork(options.hidden);
  const trained = network === null ? null : await distilled(task, law, network, unit);
  const loss = trained?.loss ?? law.loss;
  const curve = trained?.curve ?? splineCurve(basis, coefficients);
  // Weighed residuals are none that a target could be compared with.
  const residuals = bodyResiduals(law.data, law.schedule, basis, curve, law.starts);
  const reached =
    loss <= Math.max(until, law.loss + REACHED * unit) && !(loss > Math.max(until, LOST * LOST));
  const { findings, limited, coloured } = findingsOf(task, understanding, { ...fit, chosen }, law);
  const { bodyWeights } = fit.records;
  const at = joined(pass, coefficients, whole.values);
  const kept = limited
    ? null
    : {
        factor: averaged.factorAbout(at),
        likelihood: likelihoodAfter(
          fit.fit.equations,
          at.map((c, i) => c - own[i]),
        ),
        // What is not white does not average out over the residuals that one coefficient explains.
        variance: posterior.variance * (coloured ? Math.max(1, count / basis.size) : 1),
      };
  return {
    law: { basis, separations, coefficients, weights: trained?.weights ?? null, posterior: kept },
    terms: foundTerms(whole, terms, kept),
    evidence: chosen,
    findings,
    ending: {
      optimizer: `function-first, start states ${understanding.startStates}`,
      trainLoss: bodyWeights === null ? loss : residuals.loss,
      validationLoss: validationLoss(
        validation && { ...validation, data: withTerms(validation.data, terms, whole.values) },
        law,
        curve,
      ),
      iterations: law.passes + (trained?.iterations ?? 0),
      reachedTarget: reached,
      stopped: reached ? "target" : (trained?.interrupted ?? "converged"),
    },
    noise,
    bodyNoise: bodyWeights === null ? undefined : Array.from(bodyWeights, (w) => noise / w),
    record: {
      priorPower: prior.power,
      ...(velocityWeight !== null && { velocityWeight: velocityWeight * task.units.time }),
    },
    resume: { prior, starts: law.data === understanding.hypothesis.data ? law.starts : null },
  };
}

/** The law as a network, and its curve: what only networks need loads when one is asked for. */
async function distilled(task: Task, law: MeasuredFit, network: EnergyNetwork, unit: number) {
  const { distilPosterior } = await import("./distil-posterior.ts");
  const { networkCurve } = await import("../network/network-curve.ts");
  const trained = await distilPosterior(task, law, network, unit);
  return { ...trained, curve: networkCurve(network, trained.weights, law.basis.cells) };
}

/** A fit, and the trajectories it is of (the fit itself may be of segments). */
interface FitOfRecords {
  readonly fit: MeasuredFit;
  readonly records: TrainingData;
}

/** The fit of all records, bodies weighed by their noise where that differs. */
async function fitByBodies(task: Task, understanding: Understanding): Promise<FitOfRecords> {
  const { hypothesis, law } = understanding;
  const { data, dynamics, cells, shape } = hypothesis;
  const { passes, beginnings } = task.limits.free;
  const known = task.options.after !== undefined;
  const { schedule, tangents } = schedulesOf(data.times, dynamics);
  const options: MeasuredFitOptions = {
    tangents,
    schedules: (times) => ({
      schedule: scheduleOf(times, dynamics),
      tangents: tangentsOf(times, dynamics),
    }),
    velocityWeight: law?.velocityWeight ?? 0,
    separations: law?.separations ?? pathSeparations(data),
    terms: lawTerms(hypothesis.terms, data),
    // A clean law may need more knots than noise would let be seen.
    follow: known || longSegments(data) * data.pairs > FEW ? 1 : beginnings,
    onlyInitial: known,
    settled: true,
    maxPasses: passes,
    ...(law !== null && {
      initial: slopeOf(law.fit.basis, law.fit.coefficients),
      initialValues: law.fit.values,
      starts: law.starts ?? undefined,
      prior: law.fit.prior ?? undefined,
    }),
    ...(shape !== undefined && { shape }),
    cells: Math.max(NOISY_CELLS, cells > CLEAN_CELLS ? cells : 0),
  };
  const fitted = (records: TrainingData, more: Partial<MeasuredFitOptions>) =>
    finished(
      task,
      fitMeasured(records, schedule, {
        ...options,
        ...more,
        // The velocities' weight is one for all bodies.
        ...(records.bodyWeights !== null && { velocityWeight: 0 }),
      }),
    );
  let records = law === null ? data : weighedByNoise(data, law.bodyVariances);
  let fit = await fitted(records, {});
  for (let round = 0; round < WEIGHINGS; round++) {
    const weighed = weighedByNoise(records, variancesOf(fit));
    if (weighed === records || task.meter.share >= 1) break;
    records = weighed;
    const initial = slopeOf(fit.basis, fit.coefficients);
    const { values: initialValues, starts, prior } = fit;
    fit = await fitted(records, {
      ...{ initial, initialValues, prior, onlyInitial: true },
      starts: fit.data.records === records.records ? starts : undefined,
    });
  }
  return { fit, records };
}

/** What a pair law cannot explain, whether error bars would be too small, and whether residuals are not white. */
function findingsOf(
  { set }: Task,
  { hypothesis, law: found, cause = null, encounters = [], unfinished = false }: Understanding,
  { fit, records, chosen }: FitOfRecords & { readonly chosen: Chosen | null },
  law: MeasuredFit,
): { findings: readonly Finding[]; limited: boolean; coloured: boolean } {
  const { basis, posterior, separations } = fit;
  const { data } = law;
  const cut = data.records < records.records ? data.records : null;
  // Long segments follow the law as whole trajectories would, each from a start that is fitted to it: error bars are as they should be.
  const inLong = cut !== null && cut >= LONG_SEGMENT;
  const limits = limitsOf({
    unresolved: found?.unresolved ?? null,
    substeps: hypothesis.dynamics.substeps,
    segmentRecords: inLong ? null : cut,
    records: records.records,
    turning: turningShare(records),
    residual: Math.sqrt(law.loss),
  });
  const judged = judge(
    {
      ...askedFit(fit, hypothesis.terms),
      variance: posterior.variance,
      // Of whole trajectories: short segments have too few records to show it.
      noise: localVariance(records),
      species: set.species,
      unfinished,
      cause,
    },
    chosen,
  );
  // So little, and no force behind it that could be told: the spline's own resolution.
  const resolution =
    posterior.variance <= EXPLAINED && judged.every(({ share }) => (share ?? 0) < TELLING);
  return {
    findings: [
      ...limits,
      ...sparseAt(encounters),
      ...(inLong ? [inSegments(cut, records)] : []),
      // A law that has lost its way is as unsure as one of particles that feel nothing.
      ...(posterior.variance > MISFIT * localVariance(records)
        ? []
        : interactionOf(basis, law.coefficients, posterior, separations)),
      ...(resolution ? [] : judged),
    ],
    limited: limits.some(({ kind }) => kind === "unresolved-motion"),
    coloured: judged.some(({ kind }) => kind === "coloured-residuals"),
  };
}

/** A fit to be asked for what it lacks. */
const askedFit = (
  { data, values, schedule, pass, basis, coefficients, starts, posterior }: MeasuredFit,
  terms: readonly TermSpec[],
): AskedFit => ({
  ...{ data, terms, values, schedule, basis, coefficients, starts },
  tangents: pass.tangents,
  curve: splineCurve(basis, coefficients),
  prior: posterior.prior,
});

/** Trajectories; long ones count as the segments that they hold. */
const longSegments = ({ trajectories, records }: TrainingData): number =>
  trajectories * Math.max(1, Math.floor((records - 1) / (LONG_SEGMENT - 1)));

/** The fit with the law that all priors together ask for; as it was where that, rolled out, explains the records less well. */
function underAverage(fit: MeasuredFit, unknowns: Float64Array, unit: number): MeasuredFit {
  const before = joined(fit.pass, fit.coefficients, fit.values);
  const step = unknowns.map((c, i) => c - before[i]);
  const at = freeStarts(fit).moved(
    { unknowns: before, starts: fit.starts },
    fit.equations,
    step,
    1,
  );
  const loss = lossAt(fit, at);
  if (!(loss <= fit.loss + unit)) return fit;
  const { coefficients, values } = parted(fit.basis, at.unknowns);
  return { ...fit, coefficients, values, starts: at.starts, loss };
}

const variancesOf = ({
  data,
  schedule,
  basis,
  pass,
  coefficients,
  values,
  starts,
}: MeasuredFit): Float64Array =>
  bodyResiduals(data, schedule, basis, splineCurve(basis, coefficients), starts, {
    terms: pass.terms,
    values,
  }).variances;

/** Loss on validation trajectories, their start states fitted to their own records under the law as it is. */
function validationLoss(
  validation: Validation | null,
  { basis }: MeasuredFit,
  curve: Float64Array,
): number | null {
  if (validation === null) return null;
  const { data, schedule } = validation;
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
  const { trajectories, components, records, positions, times } = data;
  const velocities = new Float64Array(trajectories * components);
  const spacing = times[1] - times[0];
  for (let t = 0; t < trajectories; t++)
    for (let c = 0; c < components; c++) {
      const o = t * records * components + c;
      // A place to start from only: the steps below find the velocities.
      velocities[t * components + c] = (positions[o + components] - positions[o]) / spacing;
    }
  const starts = fitStarts(data, pass, curve, {
    ...givenStarts(data),
    velocities,
    velocityWeight: 0,
  });
  return pass.loss(curve, starts);
}
