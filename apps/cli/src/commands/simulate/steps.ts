import { createRandom } from "@mclnn/datasets";
import { type Integrator, integrators, type SplittingIntegrator } from "@mclnn/integrators";
import { exactMomentum } from "@mclnn/integrators/exact-momentum";
import type { Model } from "@mclnn/models";
import { portablePower } from "@mclnn/physics/portable";
import { namedIntegrator } from "../../inputs/integrator.ts";
import { noisyMethod, withOwnMotion } from "../../inputs/motion.ts";
import { conflictingOptions } from "../../options/errors.ts";
import type { SimulateOptions } from "./declare.ts";

/** Without a model nothing says how fast things move. */
const DT = 0.01;
const METHOD = "velocity-verlet";

/** Steps of a run, and a remark where a model chose them. */
export interface Steps {
  readonly dt: number;
  readonly integrator: Integrator;
  readonly remark: string | null;
}

/** The steps that the options name, else those that the model was trained with: it is in the units of its data. @throws MclnnError of kind `input` */
export function chosenSteps(options: SimulateOptions, model: Model | undefined): Steps {
  const { dt = model?.record.dt } = options;
  const own = options.dt === undefined ? methodOf(model) : METHOD;
  const noisy = noisyMethod(withOwnMotion(options, model), createRandom(options.seed));
  const integrator = exactly(options, noisy ?? namedIntegrator(options.integrator ?? own));
  if (dt === undefined) return { dt: DT, integrator, remark: null };
  const remark = `Time step ${Number(dt.toPrecision(12))}, ${integrator.name}: as the model was trained (--dt and --integrator override).`;
  return { dt, integrator, remark: options.dt === undefined ? remark : null };
}

/** The method that a model was trained with, where its record names one of ours. */
function methodOf(model: Model | undefined): string {
  const name = model?.record.integrator;
  return typeof name === "string" && integrators.some((each) => each.name === name) ? name : METHOD;
}

/** The method on a grid of momenta, where that is asked for. @throws MclnnError `conflicting-options` */
function exactly(
  { exactMomentum: exact = false, momentumGrid }: SimulateOptions,
  integrator: Integrator,
): Integrator {
  if (!exact && momentumGrid !== undefined)
    throw conflictingOptions(
      "--momentum-grid",
      "--exact-momentum with it",
      "--momentum-grid alone",
      { what: "--momentum-grid is for --exact-momentum only" },
    );
  if (!exact) return integrator;
  // What is no splitting method is refused there, by name.
  return exactMomentum(
    integrator as SplittingIntegrator,
    momentumGrid === undefined ? {} : { grid: portablePower(2, momentumGrid) },
  );
}
