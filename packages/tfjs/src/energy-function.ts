import { createRandom } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type * as TF from "@tensorflow/tfjs";
import { gradient, numbers } from "./derivatives.ts";
import { checkDerivatives, type Derivative } from "./gradient-check.ts";
import { Parameters } from "./parameters.ts";
import { tf } from "./tensorflow.ts";

/**
 * A pair energy in tfjs: a function from separations [B] to energies [B], or a model from [B, 1] to [B, 1] with the same meaning.
 *
 * Each energy depends on its own separation only.
 */
export type TfjsEnergy = ((separations: TF.Tensor1D) => TF.Tensor) | TF.LayersModel;

/** Energies with their first two derivatives in the separation, and the gradient of sums of these with respect to the weights. */
export class EnergyFunction {
  readonly parameters: Parameters;
  private readonly apply: (separations: TF.Tensor1D) => TF.Tensor;

  /**
   * @param variables - the trained tensors, where `energy` is a function; a model names its own
   * @throws MclnnError `bad-function`, `bad-variables`
   */
  constructor(energy: TfjsEnergy, variables: readonly TF.Variable[] | undefined) {
    if (isLayersModel(energy)) {
      checkModelShape(energy);
      this.apply = (r) =>
        tf.reshape(energy.apply(tf.reshape(r, [-1, 1]), { training: false }) as TF.Tensor, [-1]);
      this.parameters = new Parameters(
        variables ?? energy.trainableWeights.map((w) => (w as unknown as { val: TF.Variable }).val),
      );
      return;
    }
    if (typeof energy !== "function")
      throw new MclnnError("the energy is neither a function nor a model", {
        code: "bad-function",
        argument: "energy",
        expected: "a function from separations [B] to energies [B], or a LayersModel",
        got: energy === null ? "null" : typeof energy,
      });
    this.apply = energy;
    this.parameters = new Parameters(variables ?? []);
  }

  /** Energies, slopes and curvatures. Inside a backend's run. @param separations - [B] */
  evaluate(separations: ArrayLike<number>): {
    energies: Float64Array;
    slopes: Float64Array;
    curvatures: Float64Array;
  } {
    const r = tf.tensor1d(Float32Array.from(separations));
    return {
      energies: numbers(this.apply(r)),
      slopes: numbers(this.slope(r)),
      curvatures: numbers(this.curvature(r)),
    };
  }

  /** Slopes and curvatures alone. Inside a backend's run. @param r - [B] */
  derivatives(r: TF.Tensor1D): { slopes: Float64Array; curvatures: Float64Array } {
    return { slopes: numbers(this.slope(r)), curvatures: numbers(this.curvature(r)) };
  }

  /** Slopes alone. Inside a backend's run. @param r - [B] */
  slopes(r: TF.Tensor1D): Float64Array {
    return numbers(this.slope(r));
  }

  /**
   * Gradient of sum_k a_k V'(r_k) + b_k V''(r_k) with respect to the weights. Inside a backend's run.
   *
   * @param b - null where it is 0
   * @param out - [parameters.size], overwritten
   */
  gradient(r: TF.Tensor1D, a: Float64Array, b: Float64Array | null, out: Float64Array): void {
    const first = tf.tensor1d(Float32Array.from(a));
    if (b === null) {
      this.parameters.gradientOf(() => tf.sum(tf.mul(this.slope(r), first)) as TF.Scalar, out);
      return;
    }
    const second = tf.tensor1d(Float32Array.from(b));
    this.parameters.gradientOf(() => {
      const bent = gradient((x) => tf.sum(tf.mul(this.slope(x), second)))(r);
      return tf.add(tf.sum(tf.mul(this.slope(r), first)), tf.sum(bent)) as TF.Scalar;
    }, out);
  }

  private slope(r: TF.Tensor): TF.Tensor {
    return gradient((x) => tf.sum(this.apply(x as TF.Tensor1D)))(r);
  }

  private curvature(r: TF.Tensor): TF.Tensor {
    return gradient((x) => tf.sum(this.slope(x)))(r);
  }

  /**
   * Throws unless shape, type and values are as they must be, each energy depends on its own separation only, and tfjs's derivatives are
   * right. Inside a backend's run.
   *
   * @throws MclnnError `bad-function`, `not-finite`, `bad-gradient`
   */
  check([from, to]: readonly [number, number]): void {
    const points = 5;
    const at = Float64Array.from(
      { length: points },
      (_, k) => from + ((to - from) * (k + 0.5)) / points,
    );
    const r = tf.tensor1d(Float32Array.from(at));
    const energies = this.checkedEnergies(r, at);
    at.forEach((separation, k) => {
      const alone = this.checkedEnergies(tf.tensor1d([separation]), [separation])[0] as number;
      const batched = energies[k] as number;
      if (!(Math.abs(alone - batched) <= 1e-4 * Math.max(1, Math.abs(batched))))
        throw new MclnnError("an energy depends on the other separations of its batch", {
          code: "bad-function",
          argument: "energy",
          expected: `${alone} at r = ${separation}, as when it is asked alone`,
          got: `${batched}`,
          mend: "Leave out what works across a batch (mean, sum, normalisation over axis 0).",
        });
    });
    const random = createRandom(11);
    const apply = (x: TF.Tensor): TF.Tensor => this.apply(x as TF.Tensor1D);
    const slope = (x: TF.Tensor): TF.Tensor => this.slope(x);
    const curvature = (x: TF.Tensor): TF.Tensor => this.curvature(x);
    const valueAt = (f: (x: TF.Tensor) => TF.Tensor, s: number, k: number): number =>
      numbers(f(tf.tensor1d([(at[k] as number) + s])))[0] as number;
    const { parameters } = this;
    const start = parameters.size === 0 ? new Float64Array(0) : parameters.read();
    const directions = Array.from(at, () => start.map(() => random.normal()));
    const trained = new Float64Array(parameters.size);
    const checks: Derivative[] = [
      {
        what: "the slope dV/dr",
        order: 1,
        directions: points,
        at: (s, k) => valueAt(apply, s, k),
        exact: (k) => valueAt(slope, 0, k),
      },
      {
        what: "the second derivative d2V/dr2",
        order: 2,
        directions: points,
        at: (s, k) => valueAt(slope, s, k),
        exact: (k) => valueAt(curvature, 0, k),
      },
    ];
    if (parameters.size > 0)
      checks.push({
        what: "the gradient of slope and curvature with respect to the weights",
        order: 3,
        directions: points,
        at: (s, k) => {
          const direction = directions[k] as Float64Array;
          parameters.write(start.map((x, i) => x + s * (direction[i] as number)));
          const { slopes, curvatures } = this.derivatives(tf.tensor1d([at[k] as number]));
          parameters.write(start);
          return (slopes[0] as number) + 0.3 * (curvatures[0] as number);
        },
        exact: (k) => {
          const here = tf.tensor1d([at[k] as number]);
          this.gradient(here, Float64Array.of(1), Float64Array.of(0.3), trained);
          const direction = directions[k] as Float64Array;
          return trained.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
        },
      });
    checkDerivatives("energy", checks, () => this.apply(r));
  }

  private checkedEnergies(r: TF.Tensor1D, at: ArrayLike<number>): Float64Array {
    let energies: unknown;
    try {
      energies = this.apply(r);
    } catch (cause) {
      throw new MclnnError(`the energy throws for separations of shape [${at.length}]`, {
        code: "bad-function",
        argument: "energy",
        expected: `a tensor of shape [${at.length}]`,
        got: cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause),
        cause,
      });
    }
    return checkedValues(energies, "energy", "energies", [at.length], (k) => `r = ${at[k]}`);
  }
}

/** Values of what a user's function returned, after a look at what it is. */
export function checkedValues(
  value: unknown,
  argument: string,
  what: string,
  shape: readonly number[],
  where: (index: number) => string,
): Float64Array {
  const tensor = value as TF.Tensor | null | undefined;
  const wanted = `a float32 tensor of shape [${shape.join(", ")}]`;
  const refuse = (got: string, mend?: string): never => {
    throw new MclnnError(`the ${argument} does not return ${what}`, {
      code: "bad-function",
      argument,
      expected: wanted,
      got,
      ...(mend === undefined ? {} : { mend }),
    });
  };
  if (typeof (value as { then?: unknown } | null | undefined)?.then === "function")
    return refuse("a promise", "Leave out async and await: read no data inside the function.");
  if (typeof tensor?.dataSync !== "function" || !Array.isArray(tensor.shape))
    return refuse(value === null ? "null" : Array.isArray(value) ? "an array" : typeof value);
  if (tensor.shape.length !== shape.length || tensor.shape.some((n, k) => n !== shape[k]))
    return refuse(`shape [${tensor.shape.join(", ")}]`);
  if (tensor.dtype !== "float32") return refuse(`dtype ${tensor.dtype}`);
  const values = numbers(tensor);
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new MclnnError(`the ${argument} returns ${what} that are not finite`, {
      code: "not-finite",
      argument,
      expected: "finite numbers",
      got: `${values[bad]} at ${where(bad)}`,
    });
  return values;
}

function isLayersModel(energy: unknown): energy is TF.LayersModel {
  const model = energy as Partial<TF.LayersModel> | null;
  // Not instanceof: two copies of tfjs may live in one project.
  return (
    typeof model === "object" &&
    model !== null &&
    typeof model.apply === "function" &&
    Array.isArray(model.trainableWeights)
  );
}

function checkModelShape({ inputs, outputs }: TF.LayersModel): void {
  for (const [what, tensors] of [
    ["input", inputs],
    ["output", outputs],
  ] as const) {
    const shapes = (tensors ?? []).map(({ shape }) => shape);
    const [shape] = shapes;
    if (shapes.length !== 1 || shape?.length !== 2 || shape[1] !== 1)
      throw new MclnnError(`the model's ${what} is not that of a pair energy`, {
        code: "bad-function",
        argument: "energy",
        expected: `one ${what} of shape [null, 1]`,
        got: shapes.map((s) => `[${s.map(String).join(", ")}]`).join(" and ") || "none",
      });
  }
}
