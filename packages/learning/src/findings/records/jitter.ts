import type { TrajectorySet } from "@mclnn/datasets";
import { residualMaker } from "../../records/local-polynomial.ts";
import { spacingOf } from "../../records/rounding.ts";
import { deviations } from "../chi-squared.ts";
import { isObserved, type RecordCheck } from "./check.ts";

/** Records that polynomials go through, and their degrees. */
const FITS = [
  [7, 4],
  [9, 6],
] as const;
/** A time that a record is off by is the same for both but for this factor; what polynomials cannot follow is not. */
const SAME = 2;
/** Residuals along the velocity are so many times those across it, and so many standard deviations from being the same. */
const RATIO = 2;
const SURE = 8;
/** Components across the velocity of all particles at least. */
const LEAST = 2;
/** Median of the square of a standard normal number. */
const MEDIAN_SHARE = 0.4549;
/** Shares of the spacing that a clock is off by: less does no harm, more is none of a clock. */
const OFF = [0.005, 0.5] as const;

/**
 * Records that are off their times, each by its own: all particles are ahead or behind together, so that what a polynomial leaves of a record lies along the
 * velocity of all of them.
 */
export const jitter: RecordCheck = (set) => {
  const { records, particles, dimension, times, positions } = set;
  const size = particles * dimension;
  const across = size - dimension - 1;
  if (records < FITS[1][0] || across < LEAST) return null;
  // Mirror images are rounded alike.
  if (spacingOf(positions, (k) => isObserved(set, Math.floor(k / dimension))) > 0) return null;
  const [low, high] = FITS.map(([window, degree]) => residualsOf(set, window, degree));
  const frames = low.along.length;
  if (frames === 0 || high.along.length === 0) return null;
  const along = median(low.along);
  const noise = noiseOf(low);
  // Windows share their records: so many frames stand for themselves.
  const alone = frames / FITS[0][0];
  const sigmas = deviations((alone * along) / (MEDIAN_SHARE * noise), alone);
  const off = offOf(low);
  const share = (off * (records - 1)) / (times[records - 1] - times[0]);
  if (along < RATIO * MEDIAN_SHARE * noise || sigmas < SURE) return null;
  if (share < OFF[0] || share > OFF[1] || !isSame(off, offOf(high))) return null;
  // One clock is off for all: one particle that turns faster than records follow is no clock.
  const others = particles > 2 ? offOf(residualsOf(set, ...FITS[0], fastest(set))) : off;
  if (!isSame(off, others)) return null;
  if (!growsWithSpeed(low, noise)) return null;
  return {
    finding: {
      kind: "clock-jitter",
      text: `records are off their times, each by its own: about ${off.toPrecision(2)}, ${(100 * share).toPrecision(2)} % of the spacing (${sigmas.toFixed(0)} standard deviations)`,
      sigmas,
      share: null,
      try: "Give the times at which records were really taken, if they are known: this is the noise of the law.",
    },
  };
};

const isSame = (a: number, b: number): boolean => a <= SAME * b && b <= SAME * a;

/** Noise variance, of what lies across the velocity. */
function noiseOf({ across, components }: Residuals): number {
  // The median of chi-squared lies below its mean (Wilson & Hilferty 1931).
  const shift = 1 - 2 / (9 * components);
  return median(across) / (components * (shift * shift * shift));
}

/** What lies along the velocity beyond the noise, over the speed: noise alone would be the same for both polynomials. */
const offOf = (fit: Residuals): number =>
  Math.sqrt(Math.max(0, median(fit.along) / MEDIAN_SHARE - noiseOf(fit)) / median(fit.speed));

/** The particle that moves farthest from record to record. */
function fastest({ positions, particles, dimension, records }: TrajectorySet): number {
  const size = particles * dimension;
  const squares = new Float64Array(particles);
  for (let o = size; o < positions.length; o++) {
    if (Math.floor(o / size) % records === 0) continue;
    const step = positions[o] - positions[o - size];
    squares[Math.floor((o % size) / dimension)] += Number.isNaN(step) ? 0 : step * step;
  }
  return squares.indexOf(Math.max(...squares));
}

/** Whether what lies along the velocity beyond the noise is more where the velocity is larger: a clock that is off does nothing to what stands still. */
function growsWithSpeed({ along, speed }: Residuals, noise: number): boolean {
  const order = speed.map((_, k) => k).sort((a, b) => speed[a] - speed[b]);
  const third = Math.max(1, Math.floor(order.length / 3));
  const excess = (frames: readonly number[]): number =>
    median(frames.map((k) => along[k])) / MEDIAN_SHARE - noise;
  return excess(order.slice(-third)) >= excess(order.slice(0, third));
}

/** What polynomials leave of the records in the middle, squared: along the velocity of all particles and across it; and that velocity's square. [frames] */
interface Residuals {
  readonly along: number[];
  readonly across: number[];
  readonly speed: number[];
  /** Components across the velocity. */
  readonly components: number;
}

/** @param without - a particle that is left out; -1 for none */
function residualsOf(set: TrajectorySet, window: number, degree: number, without = -1): Residuals {
  const { trajectories, records, particles, dimension, times } = set;
  const size = particles * dimension;
  // A camera that shakes moves all alike; a clock does not.
  const positions = aboutMean(set);
  const [from, to] = [without * dimension, (without + 1) * dimension];
  const components = size - (without < 0 ? 1 : 2) * dimension - 1;
  const out: Residuals = { along: [], across: [], speed: [], components };
  const middle = (window - 1) / 2;
  for (let k = middle; k + middle < records; k++) {
    const first = k - middle;
    const hat = residualMaker(times.subarray(first, first + window), degree);
    if (hat === null) continue;
    const own = hat[middle * window + middle];
    for (let t = 0; t < trajectories; t++) {
      const frame = (t * records + first) * particles;
      let seen = true;
      for (let o = 0; seen && o < window * particles; o++) seen = isObserved(set, frame + o);
      if (!seen) continue;
      let [ev, vv, ee] = [0, 0, 0];
      for (let c = 0; c < size; c++) {
        if (without >= 0 && c >= from && c < to) continue;
        const o = frame * dimension + c;
        let e = 0;
        for (let b = 0; b < window; b++) e += hat[middle * window + b] * positions[o + b * size];
        e /= Math.sqrt(own);
        const v =
          (positions[o + (middle + 1) * size] - positions[o + (middle - 1) * size]) /
          (times[k + 1] - times[k - 1]);
        ev += e * v;
        vv += v * v;
        ee += e * e;
      }
      if (!(vv > 0)) continue;
      out.along.push((ev * ev) / vv);
      out.across.push(ee - (ev * ev) / vv);
      out.speed.push(vv);
    }
  }
  return out;
}

/** Positions of each record about their mean. */
function aboutMean({ positions, particles, dimension }: TrajectorySet): Float64Array {
  const out = positions.slice();
  const size = particles * dimension;
  for (let o = 0; o < positions.length; o += size)
    for (let c = 0; c < dimension; c++) {
      let sum = 0;
      for (let k = c; k < size; k += dimension) sum += positions[o + k];
      for (let k = c; k < size; k += dimension) out[o + k] -= sum / particles;
    }
  return out;
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(sorted.length / 2)];
}
