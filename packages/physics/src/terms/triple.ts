/** Derivatives of a function of two distances a and b and of the cosine x of the angle between them, first and second. */
export interface Derivatives {
  readonly a: number;
  readonly b: number;
  readonly x: number;
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
  readonly ax: number;
  readonly bx: number;
  readonly xx: number;
}

/**
 * A particle with two others: the distances, the cosine of the angle at the first, and what a function of these does to the positions of all three, 0 to 2.
 * What is looked up is overwritten by the next look.
 */
export class Triple {
  ra = 0;
  rb = 0;
  /** Legendre polynomials of the cosine, from degree 0 on, and their first and second derivatives. */
  readonly P: Float64Array;
  readonly dP: Float64Array;
  readonly ddP: Float64Array;
  private cosine = 0;
  private readonly dimension: number;
  /** Unit vectors to the others, and the gradients of the cosine by the two separations. */
  private readonly A: Float64Array = new Float64Array(3);
  private readonly B: Float64Array = new Float64Array(3);
  private readonly g: Float64Array = new Float64Array(3);
  private readonly h: Float64Array = new Float64Array(3);

  constructor(dimension: number, angles: number) {
    this.dimension = dimension;
    const room = (): Float64Array => new Float64Array(Math.max(2, angles));
    [this.P, this.dP, this.ddP] = [room(), room(), room()];
  }

  look(q: Float64Array, i: number, j: number, k: number): void {
    const { A, B, g, h, P, dP, ddP, dimension } = this;
    let [aa, bb, ab] = [0, 0, 0];
    for (let c = 0; c < dimension; c++) {
      A[c] = q[3 * j + c] - q[3 * i + c];
      B[c] = q[3 * k + c] - q[3 * i + c];
      aa += A[c] * A[c];
      bb += B[c] * B[c];
      ab += A[c] * B[c];
    }
    const [ra, rb] = [Math.sqrt(aa), Math.sqrt(bb)];
    const x = ab / (ra * rb);
    for (let c = 0; c < dimension; c++) {
      A[c] /= ra;
      B[c] /= rb;
      g[c] = (B[c] - x * A[c]) / ra;
      h[c] = (A[c] - x * B[c]) / rb;
    }
    [this.ra, this.rb, this.cosine] = [ra, rb, x];
    P[0] = 1;
    P[1] = x;
    dP[1] = 1;
    for (let l = 2; l < P.length; l++) {
      P[l] = ((2 * l - 1) * x * P[l - 1] - (l - 1) * P[l - 2]) / l;
      dP[l] = dP[l - 2] + (2 * l - 1) * P[l - 1];
      ddP[l] = ddP[l - 2] + (2 * l - 1) * dP[l - 1];
    }
  }

  /** Forces of an energy with these first derivatives. */
  forces(
    a: number,
    b: number,
    x: number,
    tell: (body: 0 | 1 | 2, axis: number, force: number) => void,
  ): void {
    const { A, B, g, h, dimension } = this;
    for (let c = 0; c < dimension; c++) {
      const first = a * A[c] + x * g[c];
      const second = b * B[c] + x * h[c];
      tell(0, c, first + second);
      tell(1, c, -first);
      tell(2, c, -second);
    }
  }

  /** Derivatives of these forces by the positions. */
  stiffness(
    of: Derivatives,
    tell: (body: 0 | 1 | 2, axis: number, other: 0 | 1 | 2, along: number, x: number) => void,
  ): void {
    const { A, B, g, h, ra, rb, cosine, dimension } = this;
    for (let c = 0; c < dimension; c++)
      for (let d = 0; d < dimension; d++) {
        const one = c === d ? 1 : 0;
        const acrossA = (one - A[c] * A[d]) / ra;
        const acrossB = (one - B[c] * B[d]) / rb;
        const gA = -(g[c] * A[d] + A[c] * g[d] + cosine * acrossA) / ra;
        const hB = -(h[c] * B[d] + B[c] * h[d] + cosine * acrossB) / rb;
        const aa =
          of.aa * A[c] * A[d] +
          of.ax * (A[c] * g[d] + g[c] * A[d]) +
          of.xx * g[c] * g[d] +
          of.a * acrossA +
          of.x * gA;
        const bb =
          of.bb * B[c] * B[d] +
          of.bx * (B[c] * h[d] + h[c] * B[d]) +
          of.xx * h[c] * h[d] +
          of.b * acrossB +
          of.x * hB;
        const ab = this.mixed(of, c, d);
        const ba = this.mixed(of, d, c);
        tell(1, c, 1, d, -aa);
        tell(1, c, 2, d, -ab);
        tell(1, c, 0, d, aa + ab);
        tell(2, c, 1, d, -ba);
        tell(2, c, 2, d, -bb);
        tell(2, c, 0, d, ba + bb);
        tell(0, c, 1, d, aa + ba);
        tell(0, c, 2, d, ab + bb);
        tell(0, c, 0, d, -(aa + ab + ba + bb));
      }
  }

  /** By the c-th component of the first separation and the d-th of the second. */
  private mixed(of: Derivatives, c: number, d: number): number {
    const { A, B, g, h, ra, rb } = this;
    const gB = ((c === d ? 1 : 0) - B[c] * B[d]) / (rb * ra) - (A[c] * h[d]) / ra;
    return (
      of.ab * A[c] * B[d] +
      of.ax * A[c] * h[d] +
      of.bx * g[c] * B[d] +
      of.xx * g[c] * h[d] +
      of.x * gB
    );
  }
}
