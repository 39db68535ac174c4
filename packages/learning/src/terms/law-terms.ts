import {
  createTerms,
  type Frame,
  type Linear,
  type Term,
  type TermAt,
  type TermSpec,
} from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";

/** The bodies that terms act on, and the units that they are kept in. */
type World = Pick<
  TrainingData,
  "masses" | "charges" | "species" | "dimension" | "components" | "units"
>;

/**
 * Terms for records in training units, with coefficients in the data's: positions and velocities are brought into the data's units, accelerations
 * and what leads to them back. So no term has to know of units.
 */
export function lawTerms(specs: readonly TermSpec[], world: World): Term[] {
  const { components, units } = world;
  if (units === undefined) return createTerms(specs, world);
  const { length, time, mass, charge } = units;
  const own = createTerms(specs, {
    ...world,
    masses: world.masses.map((m) => m * mass),
    ...(world.charges && { charges: world.charges.map((q) => q * charge) }),
  });
  const [speed, acceleration] = [length / time, length / (time * time)];
  const positions = new Float64Array(components);
  const velocities = new Float64Array(components);
  const accelerations = new Float64Array(components);
  const made = new Float64Array(components);
  const inside = (frame: Frame): Frame => {
    for (let k = 0; k < components; k++) {
      positions[k] = length * frame.positions[k];
      velocities[k] = speed * frame.velocities[k];
    }
    const at = { trajectory: frame.trajectory, time: time * frame.time, positions, velocities };
    if (frame.accelerations === undefined) return at;
    for (let k = 0; k < components; k++) made[k] = acceleration * frame.accelerations[k];
    return { ...at, accelerations: made };
  };
  return own.map((term) => ({
    ...term,
    accelerate(frame, c, out) {
      accelerations.fill(0);
      term.accelerate(inside(frame), c, accelerations);
      for (let k = 0; k < components; k++) out[k] += accelerations[k] / acceleration;
    },
    ...(term.inertia && {
      inertia: (frame: Frame, c: Float64Array, out: Float64Array) =>
        term.inertia?.(inside(frame), c, out),
    }),
    linearise(frame, c, into) {
      const { sources, stiffnesses, dampings } = into;
      term.linearise(inside(frame), c, into);
      for (let k = sources; k < into.sources; k++) into.sourceValue[k] /= acceleration;
      for (let k = stiffnesses; k < into.stiffnesses; k++)
        into.stiffnessValue[k] *= length / acceleration;
      for (let k = dampings; k < into.dampings; k++) into.dampingValue[k] *= speed / acceleration;
    },
  }));
}

/** A term that acts and has nothing to be found: its coefficients are given. */
export interface HeldTerm extends Pick<Term, "reads" | "affine" | "inertia"> {
  readonly size: 0;
  accelerate(frame: Frame, c: Float64Array, out: Float64Array): void;
  linearise(frame: Frame, c: Float64Array, into: Linear): void;
}

/** What acts in the records beside the law that is learned. */
export function heldTerms(data: World & Pick<TrainingData, "held">): HeldTerm[] {
  const { held = [] } = data;
  const terms = lawTerms(
    held.map(({ spec }) => spec),
    data,
  );
  return terms.map((term, k) => {
    const c = Float64Array.from(held[k].coefficients);
    return {
      size: 0,
      reads: term.reads,
      ...(term.affine && { affine: term.affine }),
      ...(term.inertia && {
        inertia: (frame: Frame, _: Float64Array, out: Float64Array) =>
          term.inertia?.(frame, c, out),
      }),
      accelerate: (frame, _, out) => term.accelerate(frame, c, out),
      linearise(frame, _, into) {
        const { sources } = into;
        term.linearise(frame, c, into);
        into.sources = sources;
      },
    };
  });
}

/** The same records, where terms act that have been found. @param values - their coefficients, one term after another */
export function withTerms(
  data: TrainingData,
  specs: readonly TermSpec[],
  values: Float64Array,
): TrainingData {
  return specs.length === 0
    ? data
    : { ...data, held: [...(data.held ?? []), ...placed(specs, values, data)] };
}

/** Terms at their coefficients. @param values - one term after another */
export function placed(specs: readonly TermSpec[], values: Float64Array, world: World): TermAt[] {
  let first = 0;
  return lawTerms(specs, world).map(({ spec, size }) => {
    first += size;
    return { spec, coefficients: values.slice(first - size, first) };
  });
}
