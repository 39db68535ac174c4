import { cellOf, splineCurve } from "@mclnn/models/parts";
import { Linear } from "@mclnn/physics/terms";
import type { MotionLaw } from "./law.ts";
import type { Tracks } from "./tracks.ts";

/** Where the filter takes the particles to be. */
export interface Cloud {
  /** Numbers of a particle: its place, and its velocity where it has inertia. */
  readonly width: number;
  /** [particles x width] */
  readonly mean: Float64Array;
  /** [particles x width x width] */
  readonly covariance: Float64Array;
  /** 1 where a track goes on. [particles] */
  readonly alive: Uint8Array;
}

/** Pairs are listed up to so many cutoffs, for they move while a list is used. */
const MARGIN = 1.25;

/**
 * Forces over inertia of a law at a cloud's mean, with what the cloud's width adds to second order (without it steep walls seem softer), how they
 * change with each particle's own place and velocity, and what each coefficient adds.
 */
export class Drift {
  /** [particles x dimension] */
  readonly force: Float64Array;
  /** Derivatives by the particle's own place and velocity. [particles x dimension x dimension] */
  readonly stiffness: Float64Array;
  readonly damping: Float64Array;
  /** [particles x dimension x law.size] */
  readonly sources: Float64Array;
  /** 1 where anything acted on a particle. [particles] */
  readonly touched: Uint8Array;
  private readonly tracks: Tracks;
  private readonly law: MotionLaw;
  /** [particles] */
  private readonly inertia: Float64Array;
  private readonly curve: Float64Array;
  private coefficients: Float64Array;
  private pairs: Int32Array = new Int32Array(1024);
  private listed = 0;
  private readonly tape = new Linear();
  private readonly places: Float64Array;
  private readonly speeds: Float64Array;
  private readonly n = new Float64Array(3);
  private readonly spread = new Float64Array(3);

  constructor(tracks: Tracks, law: MotionLaw, inertia: Float64Array) {
    const { particles, dimension: d } = tracks;
    this.tracks = tracks;
    this.law = law;
    this.inertia = inertia;
    this.coefficients = new Float64Array(law.size);
    this.curve = new Float64Array(4 * law.basis.cells.count);
    this.force = new Float64Array(particles * d);
    this.stiffness = new Float64Array(particles * d * d);
    this.damping = new Float64Array(particles * d * d);
    this.sources = new Float64Array(particles * d * law.size);
    this.touched = new Uint8Array(particles);
    this.places = new Float64Array(3 * particles);
    this.speeds = new Float64Array(3 * particles);
  }

  /** @param coefficients - of f = -V' and of the terms. [law.size] */
  setLaw(coefficients: Float64Array): void {
    this.coefficients = coefficients;
    splineCurve(this.law.basis, coefficients, this.curve);
  }

  /** Lists the pairs that may come within the cutoff. */
  listPairs({ mean, width, alive }: Cloud): void {
    const { particles, dimension: d } = this.tracks;
    const { nearest } = this.tracks;
    const { n } = this;
    const reach = MARGIN * this.law.cutoff;
    this.listed = 0;
    for (let i = 0; i < particles; i++) {
      if (alive[i] === 0) continue;
      for (let j = i + 1; j < particles; j++) {
        if (alive[j] === 0) continue;
        for (let a = 0; a < d; a++) n[a] = mean[i * width + a] - mean[j * width + a];
        nearest?.(n);
        let s = 0;
        for (let a = 0; a < d; a++) s += n[a] * n[a];
        if (!(s < reach * reach)) continue;
        if (this.listed + 2 > this.pairs.length) {
          const more = new Int32Array(2 * this.pairs.length);
          more.set(this.pairs);
          this.pairs = more;
        }
        this.pairs[this.listed++] = i;
        this.pairs[this.listed++] = j;
      }
    }
  }

  /** @param bend - whether the cloud's width counts @param tangent - whether sources are wanted */
  evaluate(cloud: Cloud, { bend, tangent }: { bend: boolean; tangent: boolean }): void {
    this.force.fill(0);
    this.stiffness.fill(0);
    this.touched.fill(0);
    if (tangent) this.sources.fill(0);
    for (let p = 0; p < this.listed; p += 2)
      this.addPair(cloud, this.pairs[p], this.pairs[p + 1], { bend, tangent });
    if (this.law.terms.length > 0) this.addTerms(cloud, tangent);
  }

  private addPair(
    { mean, covariance, width: w }: Cloud,
    i: number,
    j: number,
    { bend, tangent }: { bend: boolean; tangent: boolean },
  ): void {
    const { law, n, spread, curve, inertia } = this;
    const { dimension: d, kind, kinds, nearest } = this.tracks;
    for (let a = 0; a < d; a++) n[a] = mean[i * w + a] - mean[j * w + a];
    nearest?.(n);
    let s = 0;
    for (let a = 0; a < d; a++) s += n[a] * n[a];
    const r = Math.sqrt(s);
    if (!(r < law.cutoff) || r === 0) return;
    for (let a = 0; a < d; a++) n[a] /= r;
    let along = 0;
    let trace = 0;
    if (bend)
      for (let a = 0; a < d; a++) {
        const p = (i * w + a) * w;
        const q = (j * w + a) * w;
        let z = 0;
        for (let e = 0; e < d; e++) z += (covariance[p + e] + covariance[q + e]) * n[e];
        spread[a] = z;
        along += z * n[a];
        trace += covariance[p + a] + covariance[q + a];
      }
    const { cells, firstBasis, polynomials } = law.basis;
    const block = kinds === 1 ? 0 : law.lawOf[kind[i] * kinds + kind[j]];
    const cell = cellOf(cells, block, r);
    const u = cells.inverseWidths[cell];
    const t = (r - cells.left[cell]) * u;
    const wi = 1 / inertia[i];
    const wj = 1 / inertia[j];
    this.touched[i] = 1;
    this.touched[j] = 1;
    const { sources } = this;
    const k = law.size;
    // The law's curve first, then each of the functions that it is made of there.
    for (let m = -1; m < (tangent ? 4 : 0); m++) {
      const column = m < 0 ? 0 : firstBasis[cell] + m;
      if (m >= 0 && law.free[column] === 0) continue;
      const values = m < 0 ? curve : polynomials;
      const o = m < 0 ? 4 * cell : 16 * cell + 4 * m;
      const c1 = values[o + 1];
      const c2 = values[o + 2];
      const c3 = values[o + 3];
      const f = values[o] + t * (c1 + t * (c2 + t * c3));
      const f1 = (c1 + t * (2 * c2 + t * 3 * c3)) * u;
      let outward = f;
      let spreading = 0;
      if (bend) {
        // Half of the second derivative of f n along the width of both: g = f / r, and its derivatives.
        const f2 = (2 * c2 + 6 * t * c3) * u * u;
        spreading = f1 / r - f / s;
        const g2 = f2 / r - (2 * f1) / s + (2 * f) / (s * r);
        outward += 0.5 * (r * g2 * along + spreading * (trace - along));
      }
      for (let a = 0; a < d; a++) {
        const x = outward * n[a] + spreading * spread[a];
        if (m >= 0) {
          sources[(i * d + a) * k + column] += wi * x;
          sources[(j * d + a) * k + column] -= wj * x;
          continue;
        }
        this.force[i * d + a] += wi * x;
        this.force[j * d + a] -= wj * x;
        for (let e = 0; e < d; e++) {
          const h = (f1 - f / r) * n[a] * n[e] + (a === e ? f / r : 0);
          this.stiffness[(i * d + a) * d + e] += wi * h;
          this.stiffness[(j * d + a) * d + e] += wj * h;
        }
      }
    }
  }

  /** Terms are linear in their coefficients, so that their sources are all there is to their forces. */
  private addTerms({ mean, width: w }: Cloud, tangent: boolean): void {
    const { law, tape, places, speeds, coefficients, sources, touched } = this;
    const { particles, dimension: d } = this.tracks;
    for (let i = 0; i < particles; i++)
      for (let a = 0; a < d; a++) {
        places[3 * i + a] = mean[i * w + a];
        if (w > d) speeds[3 * i + a] = mean[i * w + d + a];
      }
    this.damping.fill(0);
    let first = law.basis.size;
    for (const term of law.terms) {
      const own = coefficients.subarray(first, first + term.size);
      tape.clear();
      tape.first = first;
      term.linearise({ trajectory: 0, time: 0, positions: places, velocities: speeds }, own, tape);
      for (let k = 0; k < tape.sources; k++) {
        const row = packed(tape.sourceRow[k], d);
        const column = tape.sourceCoefficient[k];
        this.force[row] += coefficients[column] * tape.sourceValue[k];
        if (tangent) sources[row * law.size + column] += tape.sourceValue[k];
      }
      for (let k = 0; k < tape.stiffnesses; k++) {
        const [row, column] = [tape.stiffnessRow[k], tape.stiffnessColumn[k]];
        if (Math.floor(row / 3) === Math.floor(column / 3))
          this.stiffness[packed(row, d) * d + (column % 3)] += tape.stiffnessValue[k];
      }
      for (let k = 0; k < tape.dampings; k++) {
        const [row, column] = [tape.dampingRow[k], tape.dampingColumn[k]];
        if (Math.floor(row / 3) === Math.floor(column / 3))
          this.damping[packed(row, d) * d + (column % 3)] += tape.dampingValue[k];
      }
      first += term.size;
    }
    touched.fill(1);
  }
}

/** Place of a component of three among those of d. */
const packed = (row: number, d: number): number => Math.floor(row / 3) * d + (row % 3);
