import type { Bodies } from "../bodies.ts";
import { Spline } from "./spline.ts";
import { type Derivatives, Triple } from "./triple.ts";

/** Functions of two distances and of the angle between them: products of B-splines of the distances, symmetric, and of Legendre polynomials of the cosine. */
export class TripleBasis {
  /** Number of coefficients. */
  readonly size: number;
  /** What was looked up last. */
  readonly triple: Triple;
  private readonly angles: number;
  private readonly particles: number;
  private readonly cutoff: number;
  /** B-splines that are 0, straight and not bent at the last knot. */
  private readonly radial: number;
  private readonly first: Spline;
  private readonly second: Spline;
  private readonly sum = { value: 0, a: 0, b: 0, x: 0, aa: 0, ab: 0, bb: 0, ax: 0, bx: 0, xx: 0 };

  constructor(
    { knots, angles }: { readonly knots: readonly number[]; readonly angles: number },
    { masses, dimension }: Bodies,
  ) {
    const radial = knots.length - 1;
    this.radial = radial;
    this.angles = angles;
    this.particles = masses.length;
    this.cutoff = knots[radial];
    [this.first, this.second] = [new Spline(knots), new Spline(knots)];
    this.triple = new Triple(dimension, angles);
    this.size = (angles * radial * (radial + 1)) / 2;
  }

  /** Looks up every particle i with two others j and k within the cutoff, and calls `visit`. */
  eachTriple(q: Float64Array, visit: (i: number, j: number, k: number) => void): void {
    const { particles, triple, cutoff, first, second } = this;
    for (let i = 0; i < particles; i++)
      for (let j = 0; j < particles; j++)
        for (let k = j + 1; k < particles; k++) {
          if (i === j || i === k) continue;
          triple.look(q, i, j, k);
          if (triple.ra >= cutoff || triple.rb >= cutoff) continue;
          first.at(triple.ra);
          second.at(triple.rb);
          visit(i, j, k);
        }
  }

  /** Calls `visit` with every coefficient that counts and the derivatives of its function by both distances and the cosine. */
  eachTerm(visit: (z: number, a: number, b: number, x: number) => void): void {
    const { values: A, slopes: dA } = this.first;
    const { values: B, slopes: dB } = this.second;
    const { P, dP } = this.triple;
    this.eachPlace((z, e, f, l) => {
      visit(z, dA[e] * B[f] * P[l], A[e] * dB[f] * P[l], A[e] * B[f] * dP[l]);
    });
  }

  /** Value and derivatives of the function with these coefficients; overwritten by the next call. */
  derivatives(c: Float64Array): Derivatives & { readonly value: number } {
    const { sum, first, second } = this;
    const { values: A, slopes: dA } = first;
    const { values: B, slopes: dB } = second;
    const { P, dP, ddP } = this.triple;
    const [ddA, ddB] = [first.bends(), second.bends()];
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] = 0;
    this.eachPlace((z, e, f, l) => {
      const w = c[z];
      sum.value += w * A[e] * B[f] * P[l];
      sum.a += w * dA[e] * B[f] * P[l];
      sum.b += w * A[e] * dB[f] * P[l];
      sum.x += w * A[e] * B[f] * dP[l];
      sum.aa += w * ddA[e] * B[f] * P[l];
      sum.ab += w * dA[e] * dB[f] * P[l];
      sum.bb += w * A[e] * ddB[f] * P[l];
      sum.ax += w * dA[e] * B[f] * dP[l];
      sum.bx += w * A[e] * dB[f] * dP[l];
      sum.xx += w * A[e] * B[f] * ddP[l];
    });
    return sum;
  }

  /** Calls `visit` with every coefficient that counts, and which splines and polynomial are its. */
  private eachPlace(visit: (z: number, e: number, f: number, l: number) => void): void {
    const { angles, radial, first, second } = this;
    for (let e = 0; e < 4 && first.first + e < radial; e++)
      for (let f = 0; f < 4 && second.first + f < radial; f++) {
        const [a, b] = [first.first + e, second.first + f];
        const [low, high] = a < b ? [a, b] : [b, a];
        const z = angles * (low * radial - (low * (low - 1)) / 2 + high - low);
        for (let l = 0; l < angles; l++) visit(z + l, e, f, l);
      }
  }
}
