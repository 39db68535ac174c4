import { type Bodies, centreOfMass, linearMomentum, MclnnError, type State } from "@mclnn/physics";
import { checkArgument, checkBodies, checkState, described } from "@mclnn/physics/arguments";
import { portableCos, portableSin } from "@mclnn/physics/portable";
import { createRandom, type Random } from "./random.ts";

/** What {@link tiltedStart} does to a start. */
export const tiltedStartMove: Required<StartMove> = {
  tilt: 0.3,
  shift: [0.7, -0.4, 0.5],
  boost: [0.05, 0.02, -0.03],
};

/** How a whole start is moved; what is left out stays. */
export interface StartMove {
  /** Angle in rad: about the x axis in three dimensions, in the plane in two. Turns positions and velocities. */
  readonly tilt?: number;
  /** Added to every position. [dimension, further entries unused] */
  readonly shift?: readonly number[];
  /** Added to every velocity. [dimension, further entries unused] */
  readonly boost?: readonly number[];
}

/**
 * The same start turned about the x axis (in two dimensions in its plane), then shifted and boosted: the same motion, seen by another observer.
 *
 * The law between the particles does not care; a network of positions does.
 *
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-mass`, `bad-dimension`, `bad-shape`, `not-finite`
 */
export function movedStart(bodies: Bodies, state: State, move: StartMove): State {
  checkBodies("bodies", bodies);
  checkState("state", state, bodies);
  checkArgument("options", move, { tilt: "number?", shift: "numbers?", boost: "numbers?" });
  const { dimension } = bodies;
  const { time, positions, velocities } = state;
  const { tilt = 0, shift = [0, 0, 0], boost = [0, 0, 0] } = move;
  for (const [argument, numbers, least] of [
    ["shift", shift, dimension],
    ["boost", boost, dimension],
  ] as const)
    if (numbers.length < least)
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: `${least} finite numbers`,
        got: described(numbers),
      });
  const cos = portableCos(tilt);
  const sin = portableSin(tilt);
  const [a, b] = dimension === 3 ? [1, 2] : [0, 1];
  const moved = (vectors: Float64Array, offset: readonly number[]): Float64Array => {
    const out = Float64Array.from(vectors);
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
  return { time, positions: moved(positions, shift), velocities: moved(velocities, boost) };
}

/** The start tilted 0.3 rad out of its plane (in two dimensions turned by 0.3 rad), shifted and boosted, as {@link tiltedStartMove} says. */
export function tiltedStart(bodies: Bodies, state: State): State {
  return movedStart(bodies, state, tiltedStartMove);
}

/** Jitter of a start near a given one, relative to the rms radius and rms speed. */
const POSITION_JITTER = 0.02;
const VELOCITY_JITTER = 0.05;

/**
 * An unseen start near a given one: positions moved by 2 % of the rms radius, velocities by 5 % of the rms speed; centre of mass and total
 * momentum stay.
 *
 * @throws MclnnError as {@link movedStart}
 */
export function perturbedStart(bodies: Bodies, state: State, seed: number): State {
  checkBodies("bodies", bodies);
  checkState("state", state, bodies);
  const { time, positions, velocities } = state;
  const random = createRandom(seed);
  const centre = centreOfMass(bodies, positions);
  const drift = centreOfMass(bodies, velocities);
  const jitter = (vectors: Float64Array, about: Float64Array, relative: number): Float64Array => {
    const size = relative * (rms(vectors, about) || 1);
    const moved = Float64Array.from(vectors, (x) => x + size * random.normal());
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
  const q = Float64Array.from(
    positions,
    (x, k) => x - (centre[k % dimension] as number) + size * random.normal(),
  );
  const v = Float64Array.from(velocities, (x) => x + speed * random.normal());
  const momentum = linearMomentum(bodies, v);
  let total = 0;
  for (const m of masses) total += m;
  for (let k = 0; k < v.length; k++)
    v[k] = (v[k] as number) - (momentum[k % dimension] as number) / total;
  const matrix = randomRotation(dimension, random);
  return {
    time,
    positions: turned(matrix, q, dimension),
    velocities: turned(matrix, v, dimension),
  };
}

/**
 * A rotation drawn uniformly, from normal numbers and square roots alone.
 *
 * @param random - drawn from
 * @returns matrix, row-major. [dimension x dimension]
 * @throws MclnnError `bad-argument`, `bad-dimension`, `bad-option`
 */
export function randomRotation(dimension: 2 | 3, random: Pick<Random, "normal">): Float64Array {
  checkArgument("dimension", dimension, "dimension");
  checkArgument("random", random, { normal: "function" }, { mend: "createRandom(seed) makes it." });
  const [w = 1, x = 0, y = 0, z = 0] =
    dimension === 3
      ? [random.normal(), random.normal(), random.normal(), random.normal()]
      : [random.normal(), 0, 0, random.normal()];
  const n = w * w + x * x + y * y + z * z;
  checkArgument("random.normal()", n, "positive");
  const rows = [
    [(w * w + x * x - y * y - z * z) / n, (2 * (x * y - w * z)) / n, (2 * (x * z + w * y)) / n],
    [(2 * (x * y + w * z)) / n, (w * w - x * x + y * y - z * z) / n, (2 * (y * z - w * x)) / n],
    [(2 * (x * z - w * y)) / n, (2 * (y * z + w * x)) / n, (w * w - x * x - y * y + z * z) / n],
  ];
  return Float64Array.from(rows.slice(0, dimension).flatMap((row) => row.slice(0, dimension)));
}

/** Vectors times a matrix. */
function turned(matrix: Float64Array, vectors: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(vectors.length);
  for (let o = 0; o < vectors.length; o += dimension)
    for (let c = 0; c < dimension; c++) {
      let s = 0;
      for (let k = 0; k < dimension; k++)
        s += (matrix[c * dimension + k] as number) * (vectors[o + k] as number);
      out[o + c] = s;
    }
  return out;
}
