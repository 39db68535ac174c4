import { splineCurve, standardDeviation } from "@mclnn/models/parts";
import { choleskySolve } from "../algebra/linear-algebra.ts";
import { EXPLAINED } from "../findings/findings.ts";
import { bodyResiduals } from "../fit/body-noise.ts";
import { gradientsByTrajectory } from "../fit/clusters.ts";
import { lawAndMasses, type MassPoint, type MassRecords, passAt } from "../fit/mass-problem.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { roughness } from "../prior/roughness.ts";
import { weakPosterior } from "../prior/weak-posterior.ts";
import type { FittedMass } from "../runs/train-options.ts";

/** A relative standard deviation above this is no measurement. */
const DETERMINED = 0.3;
/** Trajectories whose scatter says how sure a mass is. */
const CLUSTERS = 8;

/** Masses with their standard deviations, from the equations at the end. */
export function massesWithDeviations(records: MassRecords, at: MassPoint): FittedMass[] {
  const { schedule, basis } = records;
  const { masses, starts } = at;
  const { pass, data } = passAt(records, at);
  const curve = splineCurve(basis, at.coefficients);
  const equations = pass.normalEquations(curve, { starts });
  const { size } = pass;
  const posterior =
    bestPosterior(equations, lawAndMasses(at), basis, { matrix: roughness(basis) }) ??
    weakPosterior(equations, basis);
  if (posterior === null)
    return Array.from(masses, (mass, particle) => ({
      particle,
      mass,
      deviation: particle === 0 ? 0 : Number.POSITIVE_INFINITY,
      determined: particle === 0,
    }));
  // Residuals so small are the spline's own resolution, which does not average out.
  const together =
    posterior.variance > EXPLAINED ? 1 : Math.sqrt(Math.max(1, equations.residuals / size));
  const gradients = gradientsByTrajectory(pass, data, curve, starts);
  const clustered = gradients.length >= CLUSTERS;
  const { lasting } = bodyResiduals(data, schedule, basis, curve, starts);
  const colour = Math.sqrt(lasting.reduce((a, b) => Math.max(a, b)));
  return Array.from(masses, (mass, particle) => {
    if (particle === 0) return { particle, mass, deviation: 0, determined: true };
    const unit = new Float64Array(size);
    unit[basis.size + particle - 1] = 1;
    const formal = standardDeviation(posterior, unit);
    const deviation = clustered
      ? colour * Math.max(formal, scatter(posterior.factor, unit, gradients))
      : together * formal;
    return { particle, mass, deviation, determined: deviation < DETERMINED };
  });
}

/** Standard deviation of an unknown by the scatter of what the trajectories ask for. @param factor - of the metric and the prior */
function scatter(
  factor: Float64Array,
  unit: Float64Array,
  gradients: readonly Float64Array[],
): number {
  const row = choleskySolve(factor, unit.length, unit.slice());
  let sum = 0;
  for (const gradient of gradients) {
    const change = gradient.reduce((s, g, k) => s + g * row[k], 0);
    sum += change * change;
  }
  return Math.sqrt((sum * gradients.length) / (gradients.length - 1));
}
