import { createRandom } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type * as TF from "@tensorflow/tfjs";
import { gradient, numbers } from "./derivatives.ts";
import { checkedValues } from "./energy-function.ts";
import { checkDerivatives, type Derivative } from "./gradient-check.ts";
import { solveLinear } from "./linear-solve.ts";
import { Parameters } from "./parameters.ts";
import { tf } from "./tensorflow.ts";

/** A Lagrangian in tfjs: coordinates [B, n] and their velocities [B, n] to values [B], each row for itself. */
export type TfjsLagrangianEnergy = (q: TF.Tensor2D, v: TF.Tensor2D) => TF.Tensor;

/** Accelerations with the matrices they were solved with. */
export interface SolvedMotion {
  /** [B x n] */
  readonly accelerations: Float64Array;
  /** d2L/dv dv of each row. [B x n x n] */
  readonly inertia: Float64Array;
}

/**
 * Equations of motion of a Lagrangian (Eq. 3): (d2L/dv dv) a = dL/dq - (d2L/dv dq) v.
 *
 * Derivatives come from tfjs, in float32; the small systems are solved in float64. All methods run inside a backend's run.
 */
export class LagrangianFunction {
  readonly coordinates: number;
  readonly parameters: Parameters;
  private readonly apply: TfjsLagrangianEnergy;

  constructor(
    energy: TfjsLagrangianEnergy,
    coordinates: number,
    variables: readonly TF.Variable[],
  ) {
    if (typeof energy !== "function")
      throw new MclnnError("the Lagrangian is not a function", {
        code: "bad-function",
        argument: "lagrangian",
        expected: "a function from q [B, n] and v [B, n] to values [B]",
        got: energy === null ? "null" : typeof energy,
      });
    this.apply = energy;
    this.coordinates = coordinates;
    this.parameters = new Parameters(variables);
  }

  /** L of each row. [B] */
  values(q: Float64Array, v: Float64Array): Float64Array {
    return numbers(this.apply(this.rows(q), this.rows(v)));
  }

  /** v . dL/dv - L, which the motion conserves where L does not name the time. [B] */
  energies(q: Float64Array, v: Float64Array): Float64Array {
    const n = this.coordinates;
    const momenta = numbers(this.momenta(this.rows(q), this.rows(v)));
    return this.values(q, v).map((value, b) => {
      let sum = -value;
      for (let k = b * n; k < (b + 1) * n; k++) sum += (v[k] as number) * (momenta[k] as number);
      return sum;
    });
  }

  /**
   * Solves the equations of motion. @param q - [B x n] @param v - [B x n]
   *
   * @throws MclnnError `singular-lagrangian` (failure) where d2L/dv dv cannot be inverted
   */
  solve(q: Float64Array, v: Float64Array): SolvedMotion {
    const n = this.coordinates;
    const batch = q.length / n;
    const forces = numbers(this.slopes(this.rows(q), this.rows(v)));
    // One pass for n columns of d2L/dv dv (along the unit vectors) and for (d2L/dv dq) v (along v), rows one after another.
    const size = q.length;
    const along = new Float32Array((n + 1) * size);
    const across = new Float32Array((n + 1) * size);
    for (let i = 0; i < n; i++) for (let b = 0; b < batch; b++) along[i * size + b * n + i] = 1;
    across.set(v, n * size);
    const tiled = (x: Float64Array): TF.Tensor2D =>
      tf.tile(this.rows(x), [n + 1, 1]) as TF.Tensor2D;
    const bent = numbers(
      this.directional(
        tiled(q),
        tiled(v),
        tf.tensor2d(across, [(n + 1) * batch, n]),
        tf.tensor2d(along, [(n + 1) * batch, n]),
      ),
    );
    const inertia = new Float64Array(batch * n * n);
    const accelerations = new Float64Array(size);
    for (let b = 0; b < batch; b++) {
      const own = inertia.subarray(b * n * n, (b + 1) * n * n);
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++)
          own[i * n + k] =
            0.5 * ((bent[k * size + b * n + i] as number) + (bent[i * size + b * n + k] as number));
      const a = accelerations.subarray(b * n, (b + 1) * n);
      for (let i = 0; i < n; i++)
        a[i] = (forces[b * n + i] as number) - (bent[n * size + b * n + i] as number);
      solveOrThrow(own, a, n, b);
    }
    return { accelerations, inertia };
  }

  /**
   * Gradient of lambda . a with respect to weights, and to coordinates and velocities where they are asked for.
   *
   * @param lambda - [B x n]
   * @param weights - [parameters.size], added to
   * @param state - [B x n] each, overwritten
   */
  pullback(
    q: Float64Array,
    v: Float64Array,
    { accelerations, inertia }: SolvedMotion,
    lambda: Float64Array,
    weights: Float64Array,
    state?: { readonly q: Float64Array; readonly v: Float64Array },
  ): void {
    const n = this.coordinates;
    const mu = lambda.slice();
    for (let b = 0; b < q.length / n; b++)
      solveOrThrow(
        inertia.subarray(b * n * n, (b + 1) * n * n),
        mu.subarray(b * n, (b + 1) * n),
        n,
        b,
      );
    const [qs, vs] = [this.rows(q), this.rows(v)];
    const a = this.rows(accelerations);
    const m = this.rows(mu);
    const part = new Float64Array(this.parameters.size);
    const [byQ, byV] = this.parameters.gradientOf(
      () => this.residual(qs, vs, a, m),
      part,
      state === undefined ? [] : [qs, vs],
    );
    part.forEach((g, k) => {
      weights[k] = (weights[k] as number) + g;
    });
    if (state === undefined) return;
    state.q.set(byQ as Float64Array);
    state.v.set(byV as Float64Array);
  }

  /** mu . (dL/dq - d/dt dL/dv) summed over the batch, the time derivative taken along (v, a); its gradients at constant a are those of lambda . a. */
  private residual(q: TF.Tensor2D, v: TF.Tensor2D, a: TF.Tensor, mu: TF.Tensor): TF.Scalar {
    const force = this.slopes(q, v);
    return tf.sum(tf.mul(mu, tf.sub(force, this.directional(q, v, v, a)))) as TF.Scalar;
  }

  /** d/dv of (dL/dq . w + dL/dv . u), w and u held constant. [B, n] */
  private directional(q: TF.Tensor2D, v: TF.Tensor2D, w: TF.Tensor, u: TF.Tensor): TF.Tensor {
    // A copy, so that what w owes to v is not differentiated.
    const own = tf.clone(v);
    return gradient((x) => {
      const velocity = x as TF.Tensor2D;
      return tf.add(
        tf.sum(tf.mul(this.slopes(q, velocity), w)),
        tf.sum(tf.mul(this.momenta(q, velocity), u)),
      );
    })(own);
  }

  /** dL/dq. [B, n] */
  private slopes(q: TF.Tensor2D, v: TF.Tensor2D): TF.Tensor {
    return gradient((x) => tf.sum(this.apply(x as TF.Tensor2D, v)))(q);
  }

  /** dL/dv. [B, n] */
  private momenta(q: TF.Tensor2D, v: TF.Tensor2D): TF.Tensor {
    return gradient((x) => tf.sum(this.apply(q, x as TF.Tensor2D)))(v);
  }

  private rows(x: Float64Array): TF.Tensor2D {
    const n = this.coordinates;
    return tf.tensor2d(Float32Array.from(x), [x.length / n, n]);
  }

  /**
   * Throws unless shape, type and values are as they must be, each value depends on its own row only, and tfjs's derivatives are right.
   *
   * @param q - states to look at it at. [B x n]
   * @throws MclnnError `bad-function`, `not-finite`, `bad-gradient`
   */
  check(q: Float64Array, v: Float64Array): void {
    this.checkRows(q, v);
    checkDerivatives("lagrangian", this.derivatives(q, v), () =>
      this.apply(this.rows(q), this.rows(v)),
    );
  }

  /** Throws where the value of a row depends on the other rows. */
  private checkRows(q: Float64Array, v: Float64Array): void {
    const n = this.coordinates;
    const batch = q.length / n;
    const values = this.checkedApply(q, v);
    for (let b = 0; b < batch; b++) {
      const [own, velocity] = [q, v].map((x) => x.slice(b * n, (b + 1) * n)) as [
        Float64Array,
        Float64Array,
      ];
      const alone = this.checkedApply(own, velocity)[0] as number;
      const batched = values[b] as number;
      if (!(Math.abs(alone - batched) <= 1e-4 * Math.max(1, Math.abs(batched))))
        throw new MclnnError("a value of the Lagrangian depends on the other rows of its batch", {
          code: "bad-function",
          argument: "lagrangian",
          expected: `${alone} for row ${b}, as when it is asked alone`,
          got: `${batched}`,
          mend: "Sum over axis 1 (coordinates), not over axis 0 (the batch).",
        });
    }
  }

  /** Each derivative along directions drawn at random, from tfjs and of what it is the derivative of. */
  private derivatives(q: Float64Array, v: Float64Array): Derivative[] {
    const n = this.coordinates;
    const batch = q.length / n;
    const random = createRandom(13);
    const draw = (length: number): Float64Array =>
      Float64Array.from({ length }, () => random.normal());
    const along = Array.from({ length: batch }, () => ({
      q: draw(n),
      v: draw(n),
      w: draw(n),
      u: draw(n),
      mu: draw(n),
      weights: draw(this.parameters.size),
    }));
    type Along = (typeof along)[number];
    const row = (x: Float64Array, k: number, s: number, u: Float64Array): TF.Tensor2D =>
      this.rows(u.map((d, i) => (x[k * n + i] as number) + s * d));
    const still = new Float64Array(n);
    const product = (x: TF.Tensor, u: Float64Array): number =>
      numbers(x).reduce((sum, y, i) => sum + y * (u[i] as number), 0);
    const momentum = (s: number, k: number): number => {
      const { v: direction, w, u } = along[k] as Along;
      const [x, y] = [row(q, k, 0, still), row(v, k, s, direction)];
      return product(this.slopes(x, y), w) + product(this.momenta(x, y), u);
    };
    const { parameters } = this;
    const start = parameters.size === 0 ? new Float64Array(0) : parameters.read();
    const residual = (k: number): TF.Scalar => {
      const { u, mu } = along[k] as Along;
      return this.residual(row(q, k, 0, still), row(v, k, 0, still), this.rows(u), this.rows(mu));
    };
    const derivatives: Derivative[] = [
      {
        what: "the derivatives dL/dq and dL/dv",
        order: 1,
        directions: batch,
        at: (s, k) => {
          const direction = along[k] as Along;
          const value = this.apply(row(q, k, s, direction.q), row(v, k, s, direction.v));
          return numbers(value)[0] as number;
        },
        exact: (k) => {
          const [x, y] = [row(q, k, 0, still), row(v, k, 0, still)];
          const direction = along[k] as Along;
          return product(this.slopes(x, y), direction.q) + product(this.momenta(x, y), direction.v);
        },
      },
      {
        what: "the second derivatives d2L/dv dv and d2L/dv dq",
        order: 2,
        directions: batch,
        at: momentum,
        exact: (k) => {
          const { v: direction, w, u } = along[k] as Along;
          const [x, y] = [row(q, k, 0, still), row(v, k, 0, still)];
          return product(this.directional(x, y, this.rows(w), this.rows(u)), direction);
        },
      },
    ];
    if (parameters.size > 0)
      derivatives.push({
        what: "the gradient of second derivatives with respect to the weights",
        order: 3,
        directions: batch,
        at: (s, k) => {
          const { weights } = along[k] as Along;
          parameters.write(start.map((x, i) => x + s * (weights[i] as number)));
          const value = numbers(residual(k))[0] as number;
          parameters.write(start);
          return value;
        },
        exact: (k) => {
          const { weights } = along[k] as Along;
          const found = new Float64Array(parameters.size);
          parameters.gradientOf(() => residual(k), found);
          return found.reduce((sum, g, i) => sum + g * (weights[i] as number), 0);
        },
      });
    return derivatives;
  }

  private checkedApply(q: Float64Array, v: Float64Array): Float64Array {
    const n = this.coordinates;
    const batch = q.length / n;
    let values: unknown;
    try {
      values = this.apply(this.rows(q), this.rows(v));
    } catch (cause) {
      throw new MclnnError(`the Lagrangian throws for q and v of shape [${batch}, ${n}]`, {
        code: "bad-function",
        argument: "lagrangian",
        expected: `a tensor of shape [${batch}]`,
        got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause),
        cause,
      });
    }
    return checkedValues(values, "lagrangian", "values", [batch], (b) => `row ${b}`);
  }
}

function solveOrThrow(a: Float64Array, b: Float64Array, n: number, row: number): void {
  if (solveLinear(a, b, n)) return;
  throw new MclnnError("the Lagrangian does not determine the accelerations", {
    code: "singular-lagrangian",
    argument: "lagrangian",
    expected: "a regular matrix d2L/dv dv",
    got: `${Array.from(a, (x) => x.toPrecision(3)).join(" ")} in row ${row}`,
    mend: "Every velocity must occur in the kinetic energy; a network may start from (inertia / 2) |v|^2.",
    kind: "failure",
  });
}
