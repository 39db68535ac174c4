import { portableLog } from "@mclnn/physics/portable";
import { type Cloud, Drift } from "./drift.ts";
import type { MotionLaw } from "./law.ts";
import { meanSquareSpeed } from "./look.ts";
import { propagatorOf } from "./propagator.ts";
import type { Tracks } from "./tracks.ts";

/** What is beside the law: noise of the motion, and of the places that a camera gives. */
export interface Noise {
  /** Variance a time of positions (no inertia: 2 D), or of velocities times mass (2 gamma kT). [kinds] */
  readonly rates: Float64Array;
  /** Variance of a component of a place that was seen. */
  readonly blur: number;
}

/** How a pass is made. */
export interface PassOptions {
  readonly substeps: number;
  /** Whether the width of what is known of places counts in the forces. */
  readonly bend: boolean;
  /** Whether normal equations are wanted. */
  readonly tangent: boolean;
  /** Innovations of a track that are not counted, from its second frame on. Default 0. */
  readonly skip?: number;
}

/** What a pass over all tracks came to. The law's least squares are |innovations - tangents (c' - c)|^2 / variances. */
export interface Pass {
  readonly logLikelihood: number;
  /** Innovations that count, and their squares over their variances; the same of each kind. */
  readonly count: number;
  readonly chi: number;
  /** Mean square of an innovation. */
  readonly loss: number;
  readonly counts: Float64Array;
  readonly chis: Float64Array;
  /** Normal equations A c' = b of the coefficients themselves. [size x size], [size]; zeros without tangents */
  readonly metric: Float64Array;
  readonly right: Float64Array;
  /** Mean square of a velocity component, times the mass; NaN without inertia. */
  readonly temperature: number;
  /** Mean over particles of |dF/dq| in the mean over components: how stiff the law is where the particles are. */
  readonly stiffness: number;
}

/** What a filter is for. */
export interface FilterProblem {
  readonly tracks: Tracks;
  readonly law: MotionLaw;
  /** Places alone, or places and velocities. */
  readonly inertial: boolean;
  /** What forces are divided by: masses, or the inverse of relative mobilities. [particles] */
  readonly inertia: Float64Array;
}

/** After so many frames without a sight a track ends; a return is a new one. */
const LOST = 3;
const LOG_TWO_PI = 1.8378770664093453;

/**
 * Continuous-discrete Kalman filter with one small block a particle, whose drift is the law: innovations are uncorrelated with all that came before,
 * so that neither noise of places nor of motion biases what is fitted to them (Jazwinski, Stochastic Processes and Filtering Theory (1970), 7).
 */
export function filterPass(
  problem: FilterProblem,
  coefficients: Float64Array,
  noise: Noise,
  options: PassOptions,
): Pass {
  const run = new Filter(problem, coefficients, noise, options);
  for (let t = 0; t < problem.tracks.trajectories; t++) run.follow(t);
  return run.pass();
}

class Filter {
  private readonly problem: FilterProblem;
  private readonly coefficients: Float64Array;
  private readonly noise: Noise;
  private readonly options: PassOptions;
  private readonly drift: Drift;
  private readonly cloud: Cloud;
  /** d mean / d coefficients. [particles x width x size] */
  private readonly tangents: Float64Array;
  /** 1 where a particle's tangents are not all 0. [particles] */
  private readonly told: Uint8Array;
  private readonly ages: Int32Array;
  private readonly lost: Int32Array;
  private readonly propagate: ReturnType<typeof propagatorOf>;
  private readonly matrix: Float64Array;
  private readonly rate: Float64Array;
  private readonly next: Float64Array;
  private readonly rows: Float64Array;
  private readonly small: Float64Array;
  private readonly away = new Float64Array(3);
  private readonly firstSpeed: number;
  private logLikelihood = 0;
  private squares = 0;
  private readonly counts: Float64Array;
  private readonly chis: Float64Array;
  private readonly metric: Float64Array;
  private readonly right: Float64Array;
  private heat = 0;
  private heats = 0;
  private stiff = 0;
  private stiffs = 0;

  constructor(
    problem: FilterProblem,
    coefficients: Float64Array,
    noise: Noise,
    options: PassOptions,
  ) {
    const { tracks, law, inertial, inertia } = problem;
    const { particles, dimension: d, kinds } = tracks;
    const w = inertial ? 2 * d : d;
    this.problem = problem;
    this.coefficients = coefficients;
    this.noise = noise;
    this.options = options;
    this.drift = new Drift(tracks, law, inertia);
    this.drift.setLaw(coefficients);
    this.cloud = {
      width: w,
      mean: new Float64Array(particles * w),
      covariance: new Float64Array(particles * w * w),
      alive: new Uint8Array(particles),
    };
    const size = options.tangent ? law.size : 0;
    this.tangents = new Float64Array(particles * w * size);
    this.told = new Uint8Array(particles);
    this.ages = new Int32Array(particles);
    this.lost = new Int32Array(particles);
    this.propagate = propagatorOf(w, inertial ? d : 0);
    this.matrix = new Float64Array(w * w);
    this.rate = new Float64Array(w);
    this.next = new Float64Array(particles * w);
    this.rows = new Float64Array(w * size);
    this.small = new Float64Array(w * w);
    this.counts = new Float64Array(kinds);
    this.chis = new Float64Array(kinds);
    this.metric = new Float64Array(size * size);
    this.right = new Float64Array(size);
    this.firstSpeed = inertial ? WIDER * meanSquareSpeed(tracks) : 0;
  }

  /** One trajectory from its first frame to its last. */
  follow(trajectory: number): void {
    const { tracks } = this.problem;
    const { particles, records, times } = tracks;
    this.cloud.alive.fill(0);
    for (let k = 0; k < records; k++) {
      if (k > 0) this.advance(times[k] - times[k - 1]);
      for (let i = 0; i < particles; i++) this.see(trajectory * records + k, i);
    }
  }

  private advance(time: number): void {
    const { drift, cloud, options, next } = this;
    const { particles } = this.problem.tracks;
    const { substeps, bend, tangent } = options;
    drift.listPairs(cloud);
    for (let n = 0; n < substeps; n++) {
      drift.evaluate(cloud, { bend, tangent });
      next.set(cloud.mean);
      for (let i = 0; i < particles; i++)
        if (cloud.alive[i] === 1) this.advanceOne(i, time / substeps);
      cloud.mean.set(next);
    }
  }

  /** One particle over a substep, under the forces at its beginning and their first order in its own place and velocity. */
  private advanceOne(i: number, time: number): void {
    const { drift, cloud, next, noise, small } = this;
    const { tracks, inertial, inertia } = this.problem;
    const { dimension: d, kind } = tracks;
    const { width: w, covariance } = cloud;
    const rate = noise.rates[kind[i]] / (inertial ? inertia[i] : 1);
    if (!inertial && drift.touched[i] === 0) {
      for (let a = 0; a < d; a++) covariance[(i * w + a) * w + a] += rate * time;
      return;
    }
    this.linearise(i);
    const { flow, push, noise: scatter } = this.propagate(this.matrix, rate, time);
    if (this.options.tangent) this.carryTangents(i, flow, push);
    for (let a = 0; a < w; a++) {
      let s = 0;
      for (let e = 0; e < w; e++) s += push[a * w + e] * this.rate[e];
      next[i * w + a] += s;
    }
    const o = i * w * w;
    for (let a = 0; a < w; a++)
      for (let e = 0; e < w; e++) {
        let s = 0;
        for (let k = 0; k < w; k++) s += flow[a * w + k] * covariance[o + k * w + e];
        small[a * w + e] = s;
      }
    for (let a = 0; a < w; a++)
      for (let e = 0; e < w; e++) {
        let s = scatter[a * w + e];
        for (let k = 0; k < w; k++) s += small[a * w + k] * flow[e * w + k];
        covariance[o + a * w + e] = s;
      }
  }

  /** The motion y' = rate + matrix (y - y0) of one particle. */
  private linearise(i: number): void {
    const { drift, cloud, matrix, rate } = this;
    const { dimension: d } = this.problem.tracks;
    const { width: w, mean } = cloud;
    let stiffness = 0;
    if (w === d)
      for (let a = 0; a < d; a++) {
        rate[a] = drift.force[i * d + a];
        for (let e = 0; e < d; e++) matrix[a * d + e] = drift.stiffness[(i * d + a) * d + e];
      }
    else
      for (let a = 0; a < d; a++) {
        rate[a] = mean[i * w + d + a];
        rate[d + a] = drift.force[i * d + a];
        matrix[a * w + d + a] = 1;
        for (let e = 0; e < d; e++) {
          matrix[(d + a) * w + e] = drift.stiffness[(i * d + a) * d + e];
          matrix[(d + a) * w + d + e] = drift.damping[(i * d + a) * d + e];
        }
      }
    for (let a = 0; a < d; a++) stiffness -= drift.stiffness[(i * d + a) * d + a];
    this.stiff += Math.abs(stiffness) / d;
    this.stiffs++;
  }

  private carryTangents(i: number, flow: Float64Array, push: Float64Array): void {
    const { tangents, rows, drift } = this;
    const { tracks, law } = this.problem;
    const { dimension: d } = tracks;
    const { width: w } = this.cloud;
    const { size } = law;
    const o = i * w * size;
    const from = w - d;
    rows.fill(0);
    for (let a = 0; a < w; a++) {
      if (this.told[i] === 1)
        for (let e = 0; e < w; e++) {
          const f = flow[a * w + e];
          if (f === 0) continue;
          for (let k = 0; k < size; k++) rows[a * size + k] += f * tangents[o + e * size + k];
        }
      if (drift.touched[i] === 0) continue;
      for (let e = 0; e < d; e++) {
        const b = push[a * w + from + e];
        const q = (i * d + e) * size;
        for (let k = 0; k < size; k++) rows[a * size + k] += b * drift.sources[q + k];
      }
    }
    if (drift.touched[i] === 1) this.told[i] = 1;
    tangents.set(rows, o);
  }

  /** What a frame says of one particle. */
  private see(frame: number, i: number): void {
    const { cloud, lost, ages } = this;
    const { tracks, inertial, inertia } = this.problem;
    const { particles, seen } = tracks;
    const at = frame * particles + i;
    if (seen !== null && seen[at] !== 1) {
      lost[i]++;
      if (lost[i] > LOST) cloud.alive[i] = 0;
      return;
    }
    if (cloud.alive[i] === 0) {
      this.begin(at, i);
      return;
    }
    lost[i] = 0;
    ages[i]++;
    this.learnFrom(at, i, ages[i] > (this.options.skip ?? 0));
    if (!inertial || ages[i] < WARM) return;
    const { dimension: d } = tracks;
    const { width: w, mean, covariance } = cloud;
    for (let a = d; a < w; a++) {
      const v = mean[i * w + a];
      this.heat += inertia[i] * (v * v + covariance[(i * w + a) * w + a]);
      this.heats++;
    }
  }

  /** A track begins: a place within its blur, and a velocity that is not known. */
  private begin(at: number, i: number): void {
    const { cloud, noise, firstSpeed, tangents } = this;
    const { tracks, law } = this.problem;
    const { dimension: d, positions } = tracks;
    const { width: w, mean, covariance, alive } = cloud;
    alive[i] = 1;
    this.ages[i] = 0;
    this.lost[i] = 0;
    this.told[i] = 0;
    covariance.fill(0, i * w * w, (i + 1) * w * w);
    for (let a = 0; a < w; a++) {
      mean[i * w + a] = a < d ? positions[at * d + a] : 0;
      covariance[(i * w + a) * w + a] = a < d ? noise.blur : firstSpeed;
    }
    if (this.options.tangent) tangents.fill(0, i * w * law.size, (i + 1) * w * law.size);
  }

  /** One component after another. */
  private learnFrom(at: number, i: number, counts: boolean): void {
    const { cloud, noise, small, tangents, told } = this;
    const { tracks, law } = this.problem;
    const { dimension: d, positions, kind } = tracks;
    const { width: w, mean, covariance } = cloud;
    const { tangent } = this.options;
    const [o, q] = [i * w * w, i * w];
    const { away } = this;
    for (let a = 0; a < d; a++) {
      for (let e = 0; e < d; e++) away[e] = positions[at * d + e] - mean[q + e];
      tracks.nearest?.(away);
      const innovation = away[a];
      const variance = covariance[o + a * w + a] + noise.blur;
      if (counts) {
        const square = (innovation * innovation) / variance;
        this.logLikelihood -= 0.5 * (LOG_TWO_PI + portableLog(variance) + square);
        this.counts[kind[i]]++;
        this.chis[kind[i]] += square;
        this.squares += innovation * innovation;
      }
      for (let e = 0; e < w; e++) small[e] = covariance[o + e * w + a] / variance;
      if (tangent && told[i] === 1) {
        const row = (q + a) * law.size;
        if (counts) this.addEquation(row, innovation, variance);
        const own = this.rows;
        for (let k = 0; k < law.size; k++) own[k] = tangents[row + k];
        for (let e = 0; e < w; e++)
          for (let k = 0; k < law.size; k++) tangents[(q + e) * law.size + k] -= small[e] * own[k];
      }
      for (let e = 0; e < w; e++) mean[q + e] += small[e] * innovation;
      for (let e = 0; e < w; e++) small[w + e] = covariance[o + a * w + e];
      for (let e = 0; e < w; e++)
        for (let f = 0; f < w; f++) covariance[o + e * w + f] -= small[e] * small[w + f];
    }
  }

  /** Adds an innovation to the normal equations: e + t.c is what the law has to explain. */
  private addEquation(row: number, innovation: number, variance: number): void {
    const { tangents, metric, right, coefficients } = this;
    const { size } = this.problem.law;
    let wanted = innovation;
    for (let k = 0; k < size; k++) wanted += tangents[row + k] * coefficients[k];
    for (let k = 0; k < size; k++) {
      const t = tangents[row + k] / variance;
      if (t === 0) continue;
      right[k] += t * wanted;
      for (let m = 0; m <= k; m++) metric[k * size + m] += t * tangents[row + m];
    }
  }

  pass(): Pass {
    const { metric, right, counts, chis } = this;
    const size = right.length;
    for (let k = 0; k < size; k++)
      for (let m = 0; m < k; m++) metric[m * size + k] = metric[k * size + m];
    const count = counts.reduce((a, b) => a + b, 0);
    return {
      logLikelihood: this.logLikelihood,
      count,
      loss: this.squares / count,
      chi: chis.reduce((a, b) => a + b, 0),
      counts,
      chis,
      metric,
      right,
      temperature: this.heat / this.heats,
      stiffness: this.stiffs === 0 ? 0 : this.stiff / this.stiffs,
    };
  }
}

/** A velocity that nothing is known of: its variance beside the mean square of steps over times. */
const WIDER = 1.2;
/** Frames after which a velocity is known from more than its beginning. */
const WARM = 3;
