import { MclnnError } from "@mclnn/physics";
import type { ScaledPoints } from "./scaled-points.ts";

/** Configurations and what they should be accelerated by, as given. Arrays are [points x components]. */
export interface Accelerations {
  readonly points: number;
  readonly positions: Float64Array;
  readonly accelerations: Float64Array;
}

/**
 * How a position network's inputs and output relate to the data: x = (q - centre) / inputScale, V = energyScale net(x).
 *
 * One length for all inputs, so that the network sees the geometry undistorted.
 */
export interface PositionScaling {
  /** [components] */
  readonly centre: Float64Array;
  readonly inputScale: number;
  readonly energyScale: number;
  /** Root mean square of the accelerations: losses are in units of its square while training. */
  readonly accelerationScale: number;
  /**
   * Components that the data say something about. The others never move and are never accelerated (the third dimension of planar
   * data): the network's weights for them start at 0, where their gradient is exactly 0, so training leaves them out.
   */
  readonly active: Int32Array;
  /** [components] */
  readonly masses: Float64Array;
}

/** The mass of each component's particle. [particles x dimension] */
export function componentMasses({
  particles,
  dimension,
  masses,
}: {
  readonly particles: number;
  readonly dimension: number;
  readonly masses: ArrayLike<number>;
}): Float64Array {
  return Float64Array.from(
    { length: particles * dimension },
    (_, k) => masses[Math.floor(k / dimension)],
  );
}

/** Scaling from the training points. @param masses - {@link componentMasses} */
export function positionScaling(
  { points, positions, accelerations }: Accelerations,
  masses: Float64Array,
): PositionScaling {
  const components = masses.length;
  const centre = new Float64Array(components);
  const active: number[] = [];
  let squares = 0;
  let accelerationSquares = 0;
  let forceSquares = 0;
  for (let k = 0; k < components; k++) {
    const first = positions[k];
    let mean = 0;
    let accelerationSquare = 0;
    let moves = false;
    for (let n = 0; n < points; n++) {
      // About the first value, so that a component that never moves has exactly that centre.
      const q = positions[n * components + k] - first;
      const a = accelerations[n * components + k];
      mean += q / points;
      accelerationSquare += (a * a) / points;
      if (q !== 0 || a !== 0) moves = true;
    }
    centre[k] = first + mean;
    if (!moves) continue;
    active.push(k);
    let square = 0;
    for (let n = 0; n < points; n++) {
      const d = positions[n * components + k] - centre[k];
      square += (d * d) / points;
    }
    squares += square;
    accelerationSquares += accelerationSquare;
    const mass = masses[k];
    forceSquares += mass * mass * accelerationSquare;
  }
  if (!(squares > 0))
    throw new MclnnError("the training points are all the same configuration", {
      code: "too-few-points",
      argument: "points",
      expected: "configurations that differ",
      got: `${points} equal ones`,
    });
  const inputScale = Math.sqrt(squares / active.length);
  const forceScale = forceSquares > 0 ? Math.sqrt(forceSquares / active.length) : 1;
  const accelerationScale =
    accelerationSquares > 0 ? Math.sqrt(accelerationSquares / active.length) : 1;
  return {
    centre,
    inputScale,
    energyScale: forceScale * inputScale,
    accelerationScale,
    active: Int32Array.from(active),
    masses,
  };
}

/** Points `indices` (default: all) of the data in the units of a network of the active components. */
export function scalePoints(
  { points, positions, accelerations }: Accelerations,
  { centre, inputScale, energyScale, accelerationScale, active, masses }: PositionScaling,
  indices?: Int32Array,
): ScaledPoints {
  const count = indices?.length ?? points;
  const components = centre.length;
  const width = active.length;
  const inputs = new Float64Array(count * width);
  const targets = new Float64Array(count * width);
  let idleSquares = 0;
  for (let n = 0; n < count; n++) {
    const o = (indices === undefined ? n : indices[n]) * components;
    for (let k = 0, c = 0; k < components; k++) {
      const a = accelerations[o + k] / accelerationScale;
      if (c < width && active[c] === k) {
        inputs[n * width + c] = (positions[o + k] - centre[k]) / inputScale;
        targets[n * width + c] = -a;
        c++;
      } else idleSquares += a * a;
    }
  }
  const perUnit = energyScale / inputScale / accelerationScale;
  return {
    points: count,
    inputs,
    targets,
    responses: Float64Array.from(active, (k) => perUnit / masses[k]),
    components,
    idleSquares,
  };
}

/** Weights of the network of all components from those of the network of the active ones: 0 for the others. */
export function widenWeights(
  weights: Float64Array,
  firstWidth: number,
  { active, centre }: PositionScaling,
): Float64Array {
  const components = centre.length;
  const out = new Float64Array(weights.length + firstWidth * (components - active.length));
  for (let j = 0; j < firstWidth; j++)
    for (let c = 0; c < active.length; c++)
      out[j * components + active[c]] = weights[j * active.length + c];
  out.set(weights.subarray(firstWidth * active.length), firstWidth * components);
  return out;
}
