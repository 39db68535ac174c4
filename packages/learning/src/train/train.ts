import type { TrajectorySet } from "@mclnn/datasets";
import type { ModelByKind, ModelKind, SpeciesModel } from "@mclnn/models";
import { checkArgument } from "@mclnn/physics/arguments";
import { now } from "../runs/clock.ts";
import type { TrainOptions, TrainResult } from "../runs/train-options.ts";

/** A law that trains itself on trajectories: a pair potential from TensorFlow.js (`@mclnn/tfjs`), or one of your own. */
export interface TrainableLaw<O extends object, R> {
  /** Trains it where it is. @param options - those given to {@link train}, without `model` */
  trainOn(data: TrajectorySet, options: O): Promise<R>;
}

/**
 * Learns a law from trajectories.
 *
 * `mclnn` with optimizer `auto` solves for the function V' first and fits the network to it second; `adam` and `lbfgs` descend the
 * rollout loss (Eq. 6) itself. `spline` is the function alone; `lnn` the baseline, one network over all positions.
 *
 * Pair laws take what there is: noise, positions alone, missing observations, other integrators' trajectories, any units
 * (see {@link TrainOptions}); what was found out about the data is in the result.
 *
 * Several sets that obey one law may differ in masses, species, number of particles and record times: each is understood by itself, and what their
 * records say of the law is added up; findings name the set. With `adam`, `lbfgs`, `lnn`, fitted masses and other terms it is one set.
 *
 * Instead of a kind, `model` may be a law that trains itself ({@link TrainableLaw}): it gets the data and the other options.
 *
 * @param data - one set of trajectories, or several
 * @throws MclnnError of kind `input` for data or options that cannot be used (`sets-differ` for sets that cannot go together), of kind `failure` when training diverges or is stopped
 * before there is any model
 */
export function train<O extends object, R>(
  data: TrajectorySet,
  options: { readonly model: TrainableLaw<O, R> } & NoInfer<O>,
): Promise<R>;
export function train<K extends ModelKind = "mclnn">(
  data: TrajectorySet | readonly TrajectorySet[],
  options?: TrainOptions & { readonly model?: K },
): Promise<TrainResult<ModelByKind[K]>>;
export async function train(
  data: TrajectorySet | readonly TrajectorySet[],
  options: TrainOptions | { readonly model: TrainableLaw<object, unknown> } = {},
): Promise<unknown> {
  checkArgument("options", options, {});
  if (typeof options.model === "object" && options.model !== null) {
    const { model: law, ...others } = options;
    checkArgument("model", law, { trainOn: "function" });
    return law.trainOn(data as TrajectorySet, others);
  }
  const started = now();
  const { learn } = await import("./learn.ts");
  return learn(data, options as TrainOptions, { started, separateSpecies: false });
}

/**
 * Learns one law for each pair of species, all together; otherwise as {@link train}.
 *
 * @throws MclnnError as {@link train}; `missing-species`; `conflicting-options` for the baseline, which has no pair laws
 */
export async function trainSpecies(
  data: TrajectorySet | readonly TrajectorySet[],
  options: TrainOptions & { readonly model?: "mclnn" | "spline" } = {},
): Promise<TrainResult<SpeciesModel>> {
  const started = now();
  const { learn } = await import("./learn.ts");
  // With species the laws come as one model of them all.
  return (await learn(data, options, {
    started,
    separateSpecies: true,
  })) as unknown as TrainResult<SpeciesModel>;
}
