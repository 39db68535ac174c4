import { blanesMoan4 } from "@mclnn/integrators";
import type { TermSpec } from "@mclnn/physics/terms";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { exactPath, pathEquations, smoothPaths, startsOnPath } from "../fit/along-the-path.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { lawScale } from "../prior/law-scale.ts";
import { powerPrior } from "../prior/prior.ts";
import { named, scheduleOf } from "../records/dynamics.ts";
import { pathSeparations } from "../records/path.ts";
import { localVariance, scatters } from "../records/scatter.ts";
import { evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { buildBasis } from "../splines/knots.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { OF_RESOLUTION, PLAINLY, quadraticOf } from "./choose.ts";
import { weigh } from "./evidence.ts";
import { smallTerms, type TermOnOffer, termOffer } from "./offers.ts";
import { select } from "./select.ts";

/** The path is not the motion: what is taken for a term has to be plain. */
const SURE = 20;
const CELLS = 20;
/** Of what pairs alone leave, the path's own error may be this share. */
const OF_PATH = 1e-4;
/** More trajectories say nothing that a first guess needs. */
const TRAJECTORIES = 25;
/** Weight of the law's roughness where nothing can be weighed against it, relative to the records' own. */
const WEAK = 1e-10;
/** Noise variance that records cannot exceed, over what local polynomials see. */
const ROOM = 1.5;
/** Degree and window of the path through noisy positions alone. */
const SMOOTH = [3, 5] as const;

/**
 * The terms that records plainly have, before there is any law: forces are looked up along the path through them, where positions are linear in all
 * coefficients.
 */
export function plainTerms(all: TrainingData, everything: readonly TermOnOffer[]): TermSpec[] {
  if (all.weights !== null || all.records < SMOOTH[1]) return [];
  const onOffer = smallTerms(everything, all);
  const data = evenTrajectories(all, Math.min(all.trajectories, TRAJECTORIES));
  const schedule = scheduleOf(data.times, {
    ...named(blanesMoan4),
    ...{ substeps: 1, dt: null, tangentSubsteps: 1, source: "measured" },
  });
  const basis = buildBasis(pathSeparations(data), { cells: CELLS });
  const terms = lawTerms(
    onOffer.map(({ spec }) => spec),
    data,
  );
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, terms });
  const noisy = scatters(data);
  const hasVelocities = data.velocities !== null;
  const [smooth] = smoothPaths(data.times, schedule, [SMOOTH]);
  const along = noisy && !hasVelocities ? smooth : exactPath(data, schedule, hasVelocities);
  const starts = startsOnPath(data, schedule, along, hasVelocities ? 1 : 0);
  const equations = pathEquations({ basis, pass }, { along, starts });
  const unknowns = new Float64Array(pass.size);
  const values = new Float64Array(pass.size - basis.size);
  const free = { basis, coefficients: unknowns.subarray(0, basis.size), prior: null };
  const smoothness = powerPrior(basis, 0);
  // Along exact paths nothing is left that could be weighed against roughness.
  const weighed = noisy
    ? bestPosterior(
        { ...equations, sum: quadraticOf(free, !noisy, { ...equations, values }).sum },
        unknowns,
        basis,
        smoothness,
        ROOM * localVariance(data),
      )
    : null;
  const weight = WEAK * lawScale(equations, basis);
  const prior = weighed?.prior ?? smoothness.matrix.map((x) => weight * x);
  const q = quadraticOf({ ...free, prior }, !noisy, { ...equations, values });
  let next = basis.size;
  const offers = onOffer.map((on, k) => {
    next += terms[k].size;
    return termOffer(on, terms[k], equations, next - terms[k].size);
  });
  const pairsAlone = weigh(q, new Map())?.sum ?? 0;
  const bar = {
    ...{ gain: SURE, share: PLAINLY, keeps: noisy ? PLAINLY : OF_RESOLUTION },
    least: OF_PATH * pairsAlone,
  };
  const selection = select(q, offers, [], { bar, parts: () => [] });
  return selection === null ? [] : Array.from(selection.chosen.keys(), ({ on }) => on.spec);
}
