import { MclnnError } from "@mclnn/physics";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { chebyshev } from "./local-polynomial.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { sortSeparations } from "./sort-separations.ts";
import { roomForSeparations, type TrainingData } from "./training-data.ts";

/**
 * Weights that take records to the events of a schedule: the path along which forces are looked up in the one-shot fit.
 *
 * Row e holds the weights of `width` records, from `start[e]` on.
 */
export interface PathWeights {
  /** For people: `Lagrange 9`, `Hermite 4`, `smooth 3 of 11`. */
  readonly name: string;
  readonly width: number;
  /** First record of each event's stencil. [events] */
  readonly start: Int32Array;
  /** [events x width] */
  readonly weights: Float64Array;
  /** Weights of the records' velocities, where the path goes through them. [events x width] */
  readonly velocityWeights: Float64Array | null;
}

/** Fills the rows: `row(t, first)` gives the weights of the records `first`, `first + 1`, ... at time t. */
function fillWeights(
  name: string,
  times: Float64Array,
  { events, time }: Schedule,
  wanted: number,
  hasVelocities: boolean,
  row: (
    t: number,
    first: number,
    width: number,
    weights: Float64Array,
    velocities: Float64Array,
  ) => void,
): PathWeights {
  const records = times.length;
  const width = Math.min(wanted, records);
  const start = new Int32Array(events);
  const weights = new Float64Array(events * width);
  const velocityWeights = hasVelocities ? new Float64Array(events * width) : null;
  const none = new Float64Array(width);
  for (let e = 0, before = 0; e < events; e++) {
    const t = time[e];
    while (before < records - 2 && times[before + 1] <= t) before++;
    const t0 = times[before];
    const position = before + (t - t0) / (times[before + 1] - t0);
    const first = Math.max(0, Math.min(records - width, Math.round(position - (width - 1) / 2)));
    start[e] = first;
    row(
      t,
      first,
      width,
      weights.subarray(e * width, (e + 1) * width),
      velocityWeights?.subarray(e * width, (e + 1) * width) ?? none,
    );
  }
  return { name, width, start, weights, velocityWeights };
}

/** Lagrange interpolation of the records by polynomials of this degree. @param times - of the records */
export function lagrangePath(times: Float64Array, schedule: Schedule, degree: number): PathWeights {
  return fillWeights(
    `Lagrange ${degree}`,
    times,
    schedule,
    degree + 1,
    false,
    (t, first, width, weights) => {
      for (let a = 0; a < width; a++) {
        const ta = times[first + a];
        let w = 1;
        for (let b = 0; b < width; b++)
          if (b !== a) {
            const tb = times[first + b];
            w *= (t - tb) / (ta - tb);
          }
        weights[a] = w;
      }
    },
  );
}

/** Hermite interpolation through positions and velocities of `points` records (degree 2 points - 1). */
export function hermitePath(times: Float64Array, schedule: Schedule, points: number): PathWeights {
  return fillWeights(
    `Hermite ${points}`,
    times,
    schedule,
    points,
    true,
    (t, first, width, weights, velocities) => {
      for (let a = 0; a < width; a++) {
        const ta = times[first + a];
        let l = 1;
        let slope = 0;
        for (let b = 0; b < width; b++)
          if (b !== a) {
            const h = ta - times[first + b];
            l *= (t - times[first + b]) / h;
            slope += 1 / h;
          }
        weights[a] = l * l * (1 - 2 * slope * (t - ta));
        velocities[a] = (t - ta) * l * l;
      }
    },
  );
}

/** Least-squares polynomials of this degree over a sliding window of records: for noisy positions. @throws MclnnError `too-few-records` */
export function smoothPath(
  times: Float64Array,
  schedule: Schedule,
  degree: number,
  window: number,
): PathWeights {
  const m = degree + 1;
  // Many events lie in one window.
  let now = { first: -1, basis: [] as Float64Array[], gram: new Float64Array(0), whole: false };
  return fillWeights(
    `smooth ${degree} of ${window}`,
    times,
    schedule,
    window,
    false,
    (t, first, width, weights) => {
      const t0 = times[first];
      const t1 = times[first + width - 1];
      if (now.first !== first) {
        const basis = Array.from({ length: width }, (_, k) =>
          chebyshev((2 * times[first + k] - t0 - t1) / (t1 - t0), m),
        );
        const gram = new Float64Array(m * m);
        for (const row of basis)
          for (let a = 0; a < m; a++)
            for (let b = 0; b <= a; b++) gram[a * m + b] = gram[a * m + b] + row[a] * row[b];
        now = { first, basis, gram, whole: choleskyFactor(gram, m) };
      }
      const { basis, gram } = now;
      const at = chebyshev((2 * t - t0 - t1) / (t1 - t0), m);
      if (!now.whole)
        throw new MclnnError("records do not determine a smooth path", {
          code: "too-few-records",
          argument: "times",
          expected:
            width > degree
              ? `${degree + 1} times that can be told apart`
              : `at least ${degree + 1} records a trajectory`,
          got:
            width > degree
              ? `${width} from t = ${t0} to ${t1}`
              : `${width}: ${degree + 1 - width} are missing`,
        });
      choleskySolve(gram, m, at);
      basis.forEach((row, k) => {
        let w = 0;
        for (let a = 0; a < m; a++) w += at[a] * row[a];
        weights[k] = w;
      });
    },
  );
}

/** Positions of one trajectory at every event. @param out - [events x components], overwritten */
export function interpolatePath(
  data: TrainingData,
  { width, start, weights, velocityWeights }: PathWeights,
  trajectory: number,
  out: Float64Array,
): Float64Array {
  const { components, records, positions, velocities } = data;
  const base = trajectory * records * components;
  for (let e = 0; e < start.length; e++) {
    const first = base + start[e] * components;
    for (let c = 0; c < components; c++) {
      let s = 0;
      for (let a = 0; a < width; a++) {
        const o = first + a * components + c;
        s += weights[e * width + a] * positions[o];
        if (velocityWeights !== null && velocities !== null)
          s += velocityWeights[e * width + a] * velocities[o];
      }
      out[e * components + c] = s;
    }
  }
  return out;
}

/** Velocities along a path at its events: the slope of the parabola through three neighbouring ones. @param line - [events x components] */
export const pathVelocities = (
  line: Float64Array,
  schedule: Pick<Schedule, "events" | "time">,
  components: number,
): Float64Array =>
  alongLine(line, schedule, components, (sa, sb, ha, hb) => (hb * sa - ha * sb) / (hb - ha));

/** Accelerations along it, likewise. */
export const pathAccelerations = (
  line: Float64Array,
  schedule: Pick<Schedule, "events" | "time">,
  components: number,
): Float64Array =>
  alongLine(line, schedule, components, (sa, sb, ha, hb) => (2 * (sb - sa)) / (hb - ha));

/** What the slopes of the line from each event to two others make, these being `ha` and `hb` later. */
function alongLine(
  line: Float64Array,
  { events, time }: Pick<Schedule, "events" | "time">,
  components: number,
  of: (sa: number, sb: number, ha: number, hb: number) => number,
): Float64Array {
  const out = new Float64Array(events * components);
  /** Events at other times, before and after. */
  const before = new Int32Array(events).fill(-1);
  const after = new Int32Array(events).fill(-1);
  for (let e = 1; e < events; e++) before[e] = time[e - 1] < time[e] ? e - 1 : before[e - 1];
  for (let e = events - 2; e >= 0; e--) after[e] = time[e + 1] > time[e] ? e + 1 : after[e + 1];
  for (let e = 0; e < events; e++) {
    const [a, b] =
      before[e] < 0
        ? [after[e], after[after[e]]]
        : after[e] < 0
          ? [before[e], before[before[e]]]
          : [before[e], after[e]];
    const ha = time[a] - time[e];
    const hb = time[b] - time[e];
    for (let c = 0; c < components; c++) {
      const x = line[e * components + c];
      const sa = (line[a * components + c] - x) / ha;
      const sb = (line[b * components + c] - x) / hb;
      out[e * components + c] = of(sa, sb, ha, hb);
    }
  }
  return out;
}

/** Points between two records at which {@link pathSeparations} looks. */
const BETWEEN = 4;

/**
 * Separations along a smooth path through the records, sorted, one array a law: close encounters between two records count too.
 *
 * Only stretches between two records in which both particles were observed are looked at.
 */
export function pathSeparations(data: TrainingData): Float64Array[] {
  const { trajectories, records, particles, components, pairs, times, weights, velocities } = data;
  const { pairI, pairJ, pairLaw } = data;
  const schedule = createSchedule(times, [["drift", 1]], BETWEEN);
  const path =
    velocities === null
      ? lagrangePath(times, schedule, Math.min(3, records - 1))
      : hermitePath(times, schedule, Math.min(3, records));
  const line = new Float64Array(schedule.events * components);
  const out = roomForSeparations(data, trajectories * schedule.events);
  const filled = new Int32Array(data.laws);
  const seen = (t: number, k: number, particle: number): boolean =>
    weights === null || weights[(t * records + k) * particles + particle] > 0;
  for (let t = 0; t < trajectories; t++) {
    interpolatePath(data, path, t, line);
    for (let e = 0, before = 0; e < schedule.events; e++) {
      const record = schedule.record[e];
      if (record >= 0) before = record;
      for (let p = 0; p < pairs; p++) {
        const i = pairI[p];
        const j = pairJ[p];
        const after = record >= 0 ? record : before + 1;
        if (!(seen(t, before, i / 3) && seen(t, before, j / 3))) continue;
        if (!(seen(t, after, i / 3) && seen(t, after, j / 3))) continue;
        const o = e * components;
        const x = line[o + i] - line[o + j];
        const y = line[o + i + 1] - line[o + j + 1];
        const z = line[o + i + 2] - line[o + j + 2];
        const law = pairLaw[p];
        const k = filled[law];
        out[law][k] = Math.sqrt(x * x + y * y + z * z);
        filled[law] = k + 1;
      }
    }
  }
  return out.map((s, law) => sortSeparations(s.subarray(0, filled[law])));
}

/**
 * Of the pair that turns most: the share of record spacings in which it turns by more than a right angle. Above a third or so records skip whole
 * turns, and no path leads from one to the next.
 */
export function turningShare({
  trajectories,
  records,
  pairs,
  components,
  positions,
  pairI,
  pairJ,
}: TrainingData): number {
  let most = 0;
  for (let p = 0; p < pairs; p++) {
    const i = pairI[p];
    const j = pairJ[p];
    let turned = 0;
    for (let t = 0; t < trajectories; t++)
      for (let k = 1; k < records; k++) {
        const now = (t * records + k) * components;
        const before = now - components;
        let dot = 0;
        for (let c = 0; c < 3; c++)
          dot +=
            (positions[now + i + c] - positions[now + j + c]) *
            (positions[before + i + c] - positions[before + j + c]);
        if (dot < 0) turned++;
      }
    most = Math.max(most, turned / (trajectories * (records - 1)));
  }
  return most;
}
