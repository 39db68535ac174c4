import {
  accelerations,
  angularMomentum,
  type Bodies,
  type Force,
  kineticEnergy,
  linearMomentum,
  MclnnError,
  type State,
  sumOfForces,
} from "@mclnn/physics";
import { checkArgument, checkBodies } from "@mclnn/physics/arguments";

/** What one part of the forces has done since the start, at every record. */
export interface PartBalance {
  readonly name: string;
  /** [records] */
  readonly work: Float64Array;
  /** [records x dimension] */
  readonly impulse: Float64Array;
  /** About the origin. [records x 3], in two dimensions [records] */
  readonly torque: Float64Array;
}

/** Where energy and momenta of a run come from, part by part. */
export interface Balance {
  readonly times: Float64Array;
  /** [records] */
  readonly kineticEnergy: Float64Array;
  /** [records x dimension] */
  readonly linearMomentum: Float64Array;
  /** [records x 3], in two dimensions [records] */
  readonly angularMomentum: Float64Array;
  readonly parts: readonly PartBalance[];
  /** Largest difference between what a quantity changes by and what all parts bring. */
  readonly gap: {
    readonly energy: number;
    readonly linearMomentum: number;
    readonly angularMomentum: number;
  };
}

/** A part of the forces, by name. */
export interface NamedForce {
  readonly name: string;
  readonly force: Force;
}

/**
 * The work, the impulse and the torque of each part of the forces along the motion from a state, integrated together with it: T changes by the sum of the works,
 * P by that of the impulses, L by that of the torques, to roundoff.
 *
 * The motion is followed by extrapolated midpoint steps (Gragg, Bulirsch and Stoer) of an error far below what the quantities are looked at with.
 *
 * @param parts - what acts, one after another; together they are all forces
 * @param times - of the records, the first that of the state, increasing
 * @throws MclnnError `bad-argument`, `bad-shape`, `different-times`; `diverged` (kind `failure`) where steps become too short
 * @see Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.9
 */
export function balance(
  bodies: Bodies,
  parts: readonly NamedForce[],
  state: Pick<State, "positions" | "velocities">,
  times: Float64Array,
): Balance {
  checkBodies("bodies", bodies);
  checkArgument("parts", parts, "list");
  for (const [k, part] of Array.from(parts).entries())
    checkArgument(`parts[${k}]`, part, { name: "text", force: { addForces: "function" } });
  checkArgument("times", times, "floats");
  checkArgument("state", state, { positions: "floats", velocities: "floats" });
  const { dimension, masses } = bodies;
  const n = masses.length * dimension;
  for (const key of ["positions", "velocities"] as const) {
    if (state[key].length !== n)
      throw new MclnnError("the state does not fit the bodies", {
        code: "bad-shape",
        argument: `state.${key}`,
        expected: `${n} numbers`,
        got: String(state[key].length),
      });
  }
  const turns = dimension === 3 ? 3 : 1;
  const width = 1 + dimension + turns;
  const motion = motionOf(bodies, parts);
  const records = times.length;
  const out = {
    kineticEnergy: new Float64Array(records),
    linearMomentum: new Float64Array(records * dimension),
    angularMomentum: new Float64Array(records * turns),
  };
  const each = parts.map(({ name }) => ({
    name,
    work: new Float64Array(records),
    impulse: new Float64Array(records * dimension),
    torque: new Float64Array(records * turns),
  }));
  let y: Float64Array = new Float64Array(2 * n + parts.length * width);
  y.set(state.positions);
  y.set(state.velocities, n);
  for (let record = 0; record < records; record++) {
    if (record > 0) y = advanced(motion, y, times[record - 1] as number, times[record] as number);
    const [q, v] = [y.subarray(0, n), y.subarray(n, 2 * n)];
    out.kineticEnergy[record] = kineticEnergy(bodies, v);
    out.linearMomentum.set(linearMomentum(bodies, v), record * dimension);
    out.angularMomentum.set(angularMomentum(bodies, q, v), record * turns);
    each.forEach(({ work, impulse, torque }, k) => {
      const o = 2 * n + k * width;
      work[record] = y[o] as number;
      impulse.set(y.subarray(o + 1, o + 1 + dimension), record * dimension);
      torque.set(y.subarray(o + 1 + dimension, o + width), record * turns);
    });
  }
  const gapOf = (total: Float64Array, key: "work" | "impulse" | "torque", size: number): number => {
    let most = 0;
    total.forEach((x, k) => {
      const brought = each.reduce((sum, part) => sum + (part[key][k] as number), 0);
      most = Math.max(most, Math.abs(x - (total[k % size] as number) - brought));
    });
    return most;
  };
  return {
    times: times.slice(),
    ...out,
    parts: each,
    gap: {
      energy: gapOf(out.kineticEnergy, "work", 1),
      linearMomentum: gapOf(out.linearMomentum, "impulse", dimension),
      angularMomentum: gapOf(out.angularMomentum, "torque", turns),
    },
  };
}

/** dy / dt of positions, velocities and what each part has done. */
type Motion = (y: Float64Array, out: Float64Array, time: number) => void;

function motionOf(bodies: Bodies, parts: readonly NamedForce[]): Motion {
  const { dimension, masses } = bodies;
  const n = masses.length * dimension;
  const turns = dimension === 3 ? 3 : 1;
  const force = new Float64Array(n);
  const potential = sumOfForces(...parts.map((part) => part.force));
  const system = { ...bodies, potential };
  const a = new Float64Array(n);
  const blocks = new Float64Array(9 * masses.length);
  /** What is made of inertia is a force like others: what it takes for the accelerations that all make together. */
  const addInertial = ({ inertia }: Force, q: Float64Array, v: Float64Array): void => {
    if (inertia === undefined) return;
    blocks.fill(0);
    inertia.addMasses(bodies, q, v, blocks);
    for (let c = 0; c < n; c++) {
      const [i, axis] = [Math.floor(c / dimension), c % dimension];
      for (let b = 0; b < dimension; b++)
        force[c] =
          (force[c] as number) -
          (masses[i] as number) *
            (blocks[9 * i + 3 * axis + b] as number) *
            (a[i * dimension + b] as number);
    }
  };
  return (y, out, time) => {
    const [q, v] = [y.subarray(0, n), y.subarray(n, 2 * n)];
    out.fill(0);
    out.set(v);
    if (potential.inertia !== undefined) accelerations(system, q, a, v, time);
    parts.forEach((part, k) => {
      force.fill(0);
      part.force.addForces(bodies, q, force, v, time);
      addInertial(part.force, q, v);
      const o = 2 * n + k * (1 + dimension + turns);
      for (let c = 0; c < n; c++) {
        const f = force[c] as number;
        const axis = c % dimension;
        const x = (a: number): number => q[c - axis + a] as number;
        out[n + c] = (out[n + c] as number) + f / (masses[(c - axis) / dimension] as number);
        out[o] = (out[o] as number) + f * (v[c] as number);
        out[o + 1 + axis] = (out[o + 1 + axis] as number) + f;
        const t = o + 1 + dimension;
        if (turns === 1) out[t] = (out[t] as number) + (axis === 1 ? x(0) * f : -x(1) * f);
        else {
          // x cross f, of which this component of f goes into two.
          const [up, down] = [(axis + 2) % 3, (axis + 1) % 3];
          out[t + up] = (out[t + up] as number) + x(down) * -f;
          out[t + down] = (out[t + down] as number) + x(up) * f;
        }
      }
    });
  };
}

/** Orders of extrapolation, and what two of them may differ by, relative to the largest number of the state. */
const ORDERS = 10;
const TOLERANCE = 1e-13;
/** An interval is halved so often at most. */
const HALVINGS = 30;

/** The state at a later time. @throws MclnnError `diverged` */
function advanced(
  motion: Motion,
  y: Float64Array,
  from: number,
  to: number,
  halvings = 0,
): Float64Array {
  if (!(to > from))
    throw new MclnnError("times of a balance do not increase", {
      code: "different-times",
      argument: "times",
      expected: `a time after ${from}`,
      got: String(to),
    });
  const next = extrapolated(motion, y, from, to);
  if (next !== null) return next;
  if (halvings === HALVINGS)
    throw new MclnnError("the motion cannot be followed", {
      code: "diverged",
      argument: "state",
      expected: "forces that stay finite",
      got: `none that steps of ${to - from} follow at time ${from}`,
      kind: "failure",
    });
  const middle = 0.5 * (from + to);
  return advanced(
    motion,
    advanced(motion, y, from, middle, halvings + 1),
    middle,
    to,
    halvings + 1,
  );
}

/** One step by midpoint steps in ever larger number, extrapolated to none (Aitken and Neville); null where these do not agree. */
function extrapolated(
  motion: Motion,
  y: Float64Array,
  from: number,
  to: number,
): Float64Array | null {
  const size = y.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  let before: Float64Array[] = [];
  for (let k = 1; k <= ORDERS; k++) {
    let best = midpoints(motion, y, { from, step: to - from, steps: 2 * k });
    const row = [best];
    for (let j = 1; j < k; j++) {
      const ratio = k / (k - j);
      const share = 1 / (ratio * ratio - 1);
      const lower = before[j - 1] as Float64Array;
      const last = best;
      best = last.map((x, i) => x + share * (x - (lower[i] as number)));
      row.push(best);
    }
    if (!best.every(Number.isFinite)) return null;
    if (k > 1 && largest(best, row[k - 2] as Float64Array) <= TOLERANCE * size) return best;
    before = row;
  }
  return null;
}

const largest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);

/** Gragg's midpoint steps, smoothed: their error is a series in the square of the step. */
function midpoints(
  motion: Motion,
  y: Float64Array,
  { from, step, steps }: { readonly from: number; readonly step: number; readonly steps: number },
): Float64Array {
  const h = step / steps;
  const slope = new Float64Array(y.length);
  motion(y, slope, from);
  let before = y;
  let now = y.map((x, i) => x + h * (slope[i] as number));
  for (let k = 1; k < steps; k++) {
    motion(now, slope, from + k * h);
    const next = before.map((x, i) => x + 2 * h * (slope[i] as number));
    before = now;
    now = next;
  }
  motion(now, slope, from + step);
  return now.map((x, i) => 0.5 * (x + (before[i] as number) + h * (slope[i] as number)));
}
