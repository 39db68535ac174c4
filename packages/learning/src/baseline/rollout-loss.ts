import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import type { PositionNetwork } from "@mclnn/models";
import { checkArgument, checkLength, room } from "@mclnn/physics/arguments";
import type { Objective } from "../optimizers/optimizer.ts";

/**
 * Rollout loss (Eq. 6) of a position network and its exact gradient, by the discrete adjoint of velocity Verlet.
 *
 * Mean over trajectories, records after the first, particles and components of the squared position error, in the data's units. The
 * adjoint needs the network's Hessian times a vector, which comes with the gradient of forces with respect to the weights.
 */
export class LnnRolloutLoss implements Objective {
  readonly size: number;
  private readonly network: PositionNetwork;
  private readonly trajectories: number;
  private readonly records: number;
  private readonly stride: number;
  private readonly dimension: number;
  private readonly dt: number;
  private readonly weight: number;
  /** Scaled positions at the records. [trajectories x records x components] */
  private readonly targets: Float64Array;
  /** Scaled velocities at record 0. [trajectories x components] */
  private readonly startVelocities: Float64Array;
  /** Scaled acceleration for a unit of the network's gradient. [components] */
  private readonly responses: Float64Array;
  /** Scaled positions at every substep of one trajectory. [(records - 1) x stride + 1, components] */
  private readonly path: Float64Array;
  private readonly velocity: Float64Array;
  private readonly positionAdjoint: Float64Array;
  private readonly velocityAdjoint: Float64Array;
  private readonly lambda: Float64Array;

  /**
   * @param set - with velocities; the network's inputs are (positions - centre) / inputScale
   * @throws MclnnError `bad-argument`, `bad-option`, `bad-shape`, `not-finite`
   */
  constructor(
    network: PositionNetwork,
    set: TrajectorySet,
    scaling: {
      readonly centre: Float64Array;
      readonly inputScale: number;
      readonly energyScale: number;
      readonly dt: number;
      readonly stride: number;
    },
  ) {
    checkArgument("network", network, { inputs: "count", size: "count", evaluate: "function" });
    checkTrajectorySet("set", set);
    checkArgument("options", scaling, {
      centre: "numbers",
      inputScale: "positive",
      energyScale: "positive",
      dt: "positive",
      stride: "count",
    });
    const { centre, inputScale, energyScale, dt, stride } = scaling;
    const { trajectories, records, dimension, masses, positions, velocities } = set;
    const components = network.inputs;
    checkLength("centre", centre, [components, "inputs of the network"]);
    checkLength("set.masses", masses, [components / dimension, "particles of the network"]);
    this.size = network.size;
    this.network = network;
    this.trajectories = trajectories;
    this.records = records;
    this.stride = stride;
    this.dimension = dimension;
    this.dt = dt;
    this.weight = (inputScale * inputScale) / (trajectories * (records - 1) * components);
    this.targets = positions.map((q, index) => (q - centre[index % components]) / inputScale);
    this.startVelocities = new Float64Array(trajectories * components);
    for (let t = 0; t < trajectories; t++)
      for (let k = 0; k < components; k++)
        this.startVelocities[t * components + k] =
          (velocities?.[t * records * components + k] ?? Number.NaN) / inputScale;
    const perUnit = energyScale / (inputScale * inputScale);
    this.responses = Float64Array.from(
      { length: components },
      (_, k) => -perUnit / masses[Math.floor(k / dimension)],
    );
    this.path = room("stride", ((records - 1) * stride + 1) * components);
    this.velocity = new Float64Array(components);
    this.positionAdjoint = new Float64Array(components);
    this.velocityAdjoint = new Float64Array(components);
    this.lambda = new Float64Array(components);
  }

  evaluate(weights: Float64Array, gradient?: Float64Array): number {
    gradient?.fill(0);
    let sum = 0;
    for (let t = 0; t < this.trajectories; t++) {
      sum += this.rollOut(weights, t);
      if (gradient !== undefined) this.rollBack(weights, t, gradient);
    }
    return sum * this.weight;
  }

  locate(weights: Float64Array): string {
    const { network, path, stride } = this;
    const components = network.inputs;
    const particles = components / this.dimension;
    for (let t = 0; t < this.trajectories; t++) {
      if (Number.isFinite(this.rollOut(weights, t))) continue;
      const at = path.findIndex((x) => !Number.isFinite(x));
      if (at < 0) return `trajectory ${t}, whose error is beyond all numbers`;
      const step = Math.floor(at / components);
      const particle = Math.floor((at % components) / this.dimension);
      return `trajectory ${t}, step ${step} (record ${Math.ceil(step / stride)}): particle ${particle} of ${particles}`;
    }
    return "the rollouts are finite, their gradient is not";
  }

  /** Fills {@link path}; returns the sum of squared errors of one trajectory. */
  private rollOut(weights: Float64Array, trajectory: number): number {
    const { network, path, velocity, responses, targets, records, stride, dt } = this;
    const components = network.inputs;
    const start = trajectory * records * components;
    for (let k = 0; k < components; k++) {
      path[k] = targets[start + k];
      velocity[k] = this.startVelocities[trajectory * components + k];
    }
    let sum = 0;
    for (let step = 0, o = 0; step < (records - 1) * stride; step++, o += components) {
      // Two half kicks in a row are one.
      const kick = step === 0 ? 0.5 * dt : dt;
      network.evaluate(weights, path, o);
      const { gradient } = network;
      for (let k = 0; k < components; k++) {
        const v = velocity[k] + kick * (responses[k] * gradient[k]);
        velocity[k] = v;
        path[o + components + k] = path[o + k] + dt * v;
      }
      if ((step + 1) % stride !== 0) continue;
      const target = start + ((step + 1) / stride) * components;
      for (let k = 0; k < components; k++) {
        const d = path[o + components + k] - targets[target + k];
        sum += d * d;
      }
    }
    return sum;
  }

  /** Adds the gradient of the sum that {@link rollOut} returned, times the weight of the mean. */
  private rollBack(weights: Float64Array, trajectory: number, out: Float64Array): void {
    const { network, path, responses, targets, records, stride, dt, lambda } = this;
    const { positionAdjoint, velocityAdjoint } = this;
    const components = network.inputs;
    const start = trajectory * records * components;
    positionAdjoint.fill(0);
    velocityAdjoint.fill(0);
    for (let step = (records - 1) * stride - 1; step >= 0; step--) {
      const o = step * components;
      if ((step + 1) % stride === 0) {
        const target = start + ((step + 1) / stride) * components;
        for (let k = 0; k < components; k++)
          positionAdjoint[k] =
            positionAdjoint[k] + 2 * this.weight * (path[o + components + k] - targets[target + k]);
      }
      const kick = step === 0 ? 0.5 * dt : dt;
      for (let k = 0; k < components; k++) {
        const v = velocityAdjoint[k] + dt * positionAdjoint[k];
        velocityAdjoint[k] = v;
        lambda[k] = kick * responses[k] * v;
      }
      network.evaluate(weights, path, o);
      network.differentiate(weights, lambda);
      network.accumulateGradient(out);
      const { hessianProduct } = network;
      for (let k = 0; k < components; k++)
        positionAdjoint[k] = positionAdjoint[k] + hessianProduct[k];
    }
  }
}
