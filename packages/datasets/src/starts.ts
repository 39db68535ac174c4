import { type Bodies, centreOfMass, linearMomentum, type State } from "@mclnn/physics";
import { portableCos, portableSin } from "@mclnn/physics/portable";
import { createRandom } from "./random.ts";

/** Angle of the tilt about the x axis, and the shift and boost that follow it. */
const TILT = 0.3;
const SHIFT = [0.7, -0.4, 0.5];
const BOOST = [0.05, 0.02, -0.03];

/**
 * The same start tilted 0.3 rad out of its plane (about x; in two dimensions turned by 0.3 rad), shifted and boosted.
 *
 * The law between the particles does not care; a network of positions does.
 */
export function tiltedStart({ dimension }: Bodies, { time, positions, velocities }: State): State {
  const cos = portableCos(TILT);
  const sin = portableSin(TILT);
  const [a, b] = dimension === 3 ? [1, 2] : [0, 1];
  const move = (vectors: Float64Array, offset: readonly number[]): Float64Array => {
    const out = vectors.slice();
    for (let o = 0; o < out.length; o += dimension) {
      const y = vectors[o + a] as number;
      const z = vectors[o + b] as number;
      out[o + a] = cos * y - sin * z;
      out[o + b] = sin * y + cos * z;
      for (let c = 0; c < dimension; c++)
        out[o + c] = (out[o + c] as number) + (offset[c] as number);
    }
    return out;
  };
  return { time, positions: move(positions, SHIFT), velocities: move(velocities, BOOST) };
}

/** Jitter of a start near a given one, relative to the rms radius and rms speed. */
const POSITION_JITTER = 0.02;
const VELOCITY_JITTER = 0.05;

/**
 * An unseen start near a given one: positions moved by 2 % of the rms radius, velocities by 5 % of the rms speed; centre of mass and total
 * momentum stay.
 */
export function perturbedStart(
  bodies: Bodies,
  { time, positions, velocities }: State,
  seed: number,
): State {
  const random = createRandom(seed);
  const centre = centreOfMass(bodies, positions);
  const drift = centreOfMass(bodies, velocities);
  const jitter = (vectors: Float64Array, about: Float64Array, relative: number): Float64Array => {
    const size = relative * (rms(vectors, about) || 1);
    const moved = vectors.map((x) => x + size * random.normal());
    const now = centreOfMass(bodies, moved);
    const d = bodies.dimension;
    return moved.map((x, k) => x - (now[k % d] as number) + (about[k % d] as number));
  };
  return {
    time,
    positions: jitter(positions, centre, POSITION_JITTER),
    velocities: jitter(velocities, drift, VELOCITY_JITTER),
  };
}

/** Root mean square distance of vectors from one point, a component. */
function rms(vectors: Float64Array, about: Float64Array): number {
  let sum = 0;
  vectors.forEach((x, k) => {
    const d = x - (about[k % about.length] as number);
    sum += d * d;
  });
  return Math.sqrt(sum / vectors.length);
}

/** Share of a random start's rms radius and rms speed that its own draw makes up. */
const RANDOM_POSITION = 0.15;
const RANDOM_VELOCITY = 0.3;

/**
 * A random start like a given one: jittered by 15 % of the rms radius and 30 % of the rms speed, then turned at random; the total
 * momentum is 0.
 *
 * @param random - drawn from
 */
export function randomStart(
  bodies: Bodies,
  { time, positions, velocities }: State,
  random: { normal(): number },
): State {
  const { dimension, masses } = bodies;
  const centre = centreOfMass(bodies, positions);
  const size = RANDOM_POSITION * rms(positions, centre);
  const speed = RANDOM_VELOCITY * (rms(velocities, new Float64Array(dimension)) || 1);
  const q = positions.map((x, k) => x - (centre[k % dimension] as number) + size * random.normal());
  const v = velocities.map((x) => x + speed * random.normal());
  const momentum = linearMomentum(bodies, v);
  let total = 0;
  for (const m of masses) total += m;
  for (let k = 0; k < v.length; k++)
    v[k] = (v[k] as number) - (momentum[k % dimension] as number) / total;
  const turn = randomRotation(dimension, random);
  return { time, positions: turn(q), velocities: turn(v) };
}

/** A rotation drawn uniformly, from normal numbers and square roots alone. */
function randomRotation(
  dimension: 2 | 3,
  random: { normal(): number },
): (vectors: Float64Array) => Float64Array {
  const [w = 1, x = 0, y = 0, z = 0] =
    dimension === 3
      ? [random.normal(), random.normal(), random.normal(), random.normal()]
      : [random.normal(), 0, 0, random.normal()];
  const n = w * w + x * x + y * y + z * z;
  const m = [
    [(w * w + x * x - y * y - z * z) / n, (2 * (x * y - w * z)) / n, (2 * (x * z + w * y)) / n],
    [(2 * (x * y + w * z)) / n, (w * w - x * x + y * y - z * z) / n, (2 * (y * z - w * x)) / n],
    [(2 * (x * z - w * y)) / n, (2 * (y * z + w * x)) / n, (w * w - x * x - y * y + z * z) / n],
  ];
  return (vectors) => {
    const out = new Float64Array(vectors.length);
    for (let o = 0; o < vectors.length; o += dimension)
      for (let c = 0; c < dimension; c++) {
        let s = 0;
        for (let k = 0; k < dimension; k++) s += (m[c]?.[k] as number) * (vectors[o + k] as number);
        out[o + c] = s;
      }
    return out;
  };
}
