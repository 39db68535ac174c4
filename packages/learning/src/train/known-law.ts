import type { Model } from "@mclnn/models";
import type { SlopeFunction } from "../fit/spline-fit.ts";
import { type Dynamics, named, splittingByName } from "../records/dynamics.ts";
import type { KnownLaw, Question } from "../understand/hypothesis.ts";
import { toDataUnits } from "./learned.ts";
import type { Task } from "./task.ts";

/** What the training before this one has found, in this one's units; null where there is none, or other pairs have laws. */
export function knownLaw(
  { options, units, species, terms }: Task,
  told: Dynamics | null,
  velocities: Question["velocities"],
): KnownLaw | null {
  const { after, integrator } = options;
  if (after?.origin === undefined) return null;
  if (integrator !== undefined && integrator !== after.integrator) return null;
  const slopes = slopesOf(after.model);
  if (slopes.length !== (species?.length ?? 1)) return null;
  const before = after.model.kind === "lnn" ? [] : (after.model.terms ?? []);
  const values = terms.flatMap(({ name, per }) =>
    Array.from(
      before.find(({ spec }) => spec.name === name && spec.per === per)?.coefficients ?? [
        Number.NaN,
      ],
    ),
  );
  if (values.some(Number.isNaN)) return null;
  const { origin, substeps, startStates } = after;
  const { length, time, slope } = units;
  const { prior, startStates: begun } = origin;
  const isExact = velocities === "given" || (velocities === "auto" && startStates === "exact");
  const found: Dynamics = {
    ...named(splittingByName(after.integrator)),
    substeps,
    dt: null,
    tangentSubsteps: origin.tangentSubsteps,
    source: "measured",
  };
  const own: SlopeFunction = (law, r) => slopes[law](r * length) / slope;
  return {
    slope: own,
    values: Float64Array.from(values),
    dynamics: told ?? found,
    // What somebody told before is no more than a beginning now.
    steps: told !== null ? "told" : origin.steps === "told" ? "resolved" : origin.steps,
    starts: isExact ? "exact" : "free",
    cells: origin.cells,
    kinks: origin.kinks.map(({ law, at, width }) => ({
      law,
      at: at / length,
      width: width / length,
    })),
    prior,
    startStates:
      begun === null
        ? null
        : {
            positions: begun.positions.map((x) => x / length),
            velocities: begun.velocities.map((v) => (v / length) * time),
            velocityWeight: 0,
          },
    loss: origin.loss / (length * length),
  };
}

/** Networks of the training before, in this one's units, one after another; null where there are none of this shape. */
export function knownWeights({ options, units, species }: Task): Float64Array | null {
  const { after, hidden } = options;
  if (after === undefined || after.model.kind === "lnn") return null;
  const laws = after.model.kind === "species" ? after.model.laws : [{ model: after.model }];
  if (laws.length !== (species?.length ?? 1)) return null;
  const back = { length: 1 / units.length, energy: 1 / units.energy };
  const weights = laws.flatMap(({ model }) =>
    model.kind === "mclnn" && model.hidden.join() === hidden.join()
      ? [toDataUnits(model.weights, hidden, back)]
      : [],
  );
  if (weights.length < laws.length) return null;
  return Float64Array.from(weights.flatMap((own) => Array.from(own)));
}

/** V' of each law; none where it is not a pair law. */
function slopesOf(model: Model): ((r: number) => number)[] {
  if (model.kind === "lnn") return [];
  if (model.kind === "species") return model.laws.map(({ model: law }) => law.pair.slope);
  return [model.pair.slope];
}
