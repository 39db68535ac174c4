import { Linear } from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";
import type { Addends } from "./addends.ts";
import { type AffineTerms, MAP, MAP_B, MAP_Q, MAP_R } from "./affine.ts";
import type { Adjoint, March } from "./group.ts";
import type { Lanes, MixedMarch } from "./mixed-march.ts";
import type { Maps } from "./reference-affine.ts";

/** Share of each stage of a kick's flow of velocities in the kick, and of the stage before it that it is moved by. */
const WEIGHTS = [1 / 6, 2 / 6, 2 / 6, 1 / 6] as const;
const SHARES = [0.5, 0.5, 1] as const;

/**
 * The discrete adjoint of rollouts of a pair law with terms beside it: between the events of the engine's adjoint, what the terms do to a
 * kick is transposed. Exact to roundoff, as are the tangents.
 */
export class MixedAdjoint {
  private readonly addends: Addends;
  private readonly mixed: MixedMarch;
  private readonly march: March;
  private readonly adjoint: Adjoint;
  private readonly components: number;
  private readonly maps: Maps | null;
  private readonly tape: Linear = new Linear();
  /** Adjoints of positions and velocities of the lane at hand; while the pair law's kick is reversed, of what the kick makes of its impulse. */
  private readonly lambda: Float64Array;
  private readonly state: Float64Array;
  /** Adjoint of a stage's acceleration, what it makes of that of the stage's velocity, and the sum of all stages'. */
  private readonly slope: Float64Array;
  private readonly stage: Float64Array;
  private readonly impulse: Float64Array;
  /** Adjoints of velocities before the kick. [lanes x components] */
  private readonly before: Float64Array;
  /** By the coefficients of the terms. [lanes x size] */
  private readonly gradients: Float64Array;

  /** @param march - whose rollouts are reversed; `mixed` has kept every kick of them */
  constructor(
    { components }: TrainingData,
    addends: Addends,
    { mixed, march, adjoint, lanes }: AdjointOf,
  ) {
    const vector = (): Float64Array => new Float64Array(components);
    const { affine } = mixed;
    this.addends = addends;
    this.mixed = mixed;
    this.march = march;
    this.adjoint = adjoint;
    this.components = components;
    this.maps = affine === null ? null : affine.mapsOf(march.schedule.kick);
    this.lambda = new Float64Array(2 * components);
    this.state = new Float64Array(3 * components);
    this.slope = vector();
    this.stage = vector();
    this.impulse = vector();
    this.before = new Float64Array(lanes * components);
    this.gradients = new Float64Array(lanes * addends.size);
  }

  reverse(lanes: Lanes): void {
    const { addends, adjoint, march } = this;
    if (!addends.any) {
      adjoint.reverse(lanes.count);
      return;
    }
    const { events, kick } = march.schedule;
    this.gradients.fill(0);
    adjoint.begin(lanes.count);
    for (let e = events - 1; e >= 0; e--) {
      if (kick[e] !== 0) this.kick(e, lanes);
      adjoint.event(e);
    }
  }

  /** Adds the gradient by the coefficients of the terms. @param gradient - [size] */
  addGradient(lane: number, gradient: Float64Array): void {
    const { size } = this.addends;
    for (let k = 0; k < size; k++) gradient[k] = gradient[k] + this.gradients[lane * size + k];
  }

  private kick(e: number, { first, step, count }: Lanes): void {
    const { adjoint, lambda, before, components, gradients, mixed, maps } = this;
    const { size } = this.addends;
    for (let lane = 0; lane < count; lane++) {
      const own = before.subarray(lane * components, (lane + 1) * components);
      const gradient = gradients.subarray(lane * size, (lane + 1) * size);
      adjoint.read(lane, lambda);
      if (mixed.affine !== null && maps !== null) {
        this.march.readState(lane, this.march.schedule.kickIndex[e], this.state);
        this.transposeMaps(mixed.affine, maps, e, own, gradient);
      } else {
        mixed.recall(this.march, { lane, trajectory: first + lane * step }, e);
        this.transposeStages(e, own, gradient);
      }
      adjoint.write(lane, lambda);
    }
    adjoint.kick(e);
    for (let lane = 0; lane < count; lane++) {
      adjoint.read(lane, lambda);
      lambda.set(before.subarray(lane * components, (lane + 1) * components), components);
      adjoint.write(lane, lambda);
    }
  }

  /** P, Q, R and the derivatives of a kick's maps, transposed. */
  private transposeMaps(
    { kindOf, size, stride }: AffineTerms,
    { of, maps }: Maps,
    e: number,
    before: Float64Array,
    gradient: Float64Array,
  ): void {
    const { lambda, state, impulse, components } = this;
    const w = this.march.schedule.kick[e];
    for (let c = 0; c < components; c++) state[2 * components + c] *= w;
    for (let i = 0; i < components; i += 3) {
      const map = of[e] * stride + kindOf[i / 3] * (1 + size) * MAP;
      const [x, y, z] = lambda.subarray(components + i, components + i + 3);
      const column = (o: number): number => x * maps[o] + y * maps[o + 3] + z * maps[o + 6];
      for (let b = 0; b < 3; b++) {
        before[i + b] = column(map + b);
        lambda[i + b] += column(map + MAP_Q + b);
        impulse[i + b] = column(map + MAP_R + b);
      }
      for (let k = 0; k < size; k++) {
        const by = map + (1 + k) * MAP;
        let s = x * maps[by + MAP_B] + y * maps[by + MAP_B + 1] + z * maps[by + MAP_B + 2];
        for (let b = 0; b < 3; b++) {
          s += column(by + b) * state[components + i + b];
          s += column(by + MAP_Q + b) * state[i + b];
          s += column(by + MAP_R + b) * state[2 * components + i + b];
        }
        gradient[k] += s;
      }
    }
    lambda.set(impulse, components);
  }

  /** The stages of a kick, from the last one back, and what goes by positions alone. */
  private transposeStages(e: number, before: Float64Array, gradient: Float64Array): void {
    const { addends, mixed, tape, lambda, slope, stage, impulse, components } = this;
    const { frame, stages } = mixed;
    const w = this.march.schedule.kick[e];
    const velocities = lambda.subarray(components);
    before.set(velocities);
    impulse.fill(0);
    stage.fill(0);
    if (addends.readVelocities)
      for (let n = 3; n >= 0; n--) {
        const share = n < 3 ? w * SHARES[n] : 0;
        for (let c = 0; c < components; c++)
          slope[c] = w * WEIGHTS[n] * velocities[c] + share * stage[c];
        // Where nothing moves velocities, both in the middle are the same, and one is kept.
        mixed.see(n === 2 && !addends.damp ? 1 : n);
        const responses = addends.respond(frame);
        if (responses !== null) respondBack(responses, slope);
        for (let c = 0; c < components; c++) impulse[c] += slope[c];
        addends.lineariseMoving(frame, tape);
        stage.fill(0);
        transpose(tape, slope, lambda, stage, gradient);
        for (let c = 0; c < components; c++) before[c] += stage[c];
      }
    else for (let c = 0; c < components; c++) impulse[c] = w * velocities[c];
    if (addends.hold) {
      frame.velocities = stages[0];
      addends.linearise(frame, tape);
      transpose(tape, impulse, lambda, stage, gradient);
    }
    for (let c = 0; c < components; c++) velocities[c] = impulse[c] / w;
  }
}

interface AdjointOf {
  readonly mixed: MixedMarch;
  readonly march: March;
  readonly adjoint: Adjoint;
  /** At most. */
  readonly lanes: number;
}

/** What bodies make of forces, transposed. @param responses - row by row [particles x 3 x 3] @param vectors - [particles x 3] */
function respondBack(responses: Float64Array, vectors: Float64Array): void {
  for (let i = 0, o = 0; o < vectors.length; i += 9, o += 3) {
    const [x, y, z] = [vectors[o], vectors[o + 1], vectors[o + 2]];
    for (let a = 0; a < 3; a++)
      vectors[o + a] = responses[i + a] * x + responses[i + 3 + a] * y + responses[i + 6 + a] * z;
  }
}

/** What a tape tells, transposed, times the adjoint of accelerations: added to those of positions, velocities and coefficients. */
function transpose(
  tape: Linear,
  slope: Float64Array,
  q: Float64Array,
  v: Float64Array,
  coefficients: Float64Array,
): void {
  for (let k = 0; k < tape.sources; k++)
    coefficients[tape.sourceCoefficient[k]] += tape.sourceValue[k] * slope[tape.sourceRow[k]];
  for (let k = 0; k < tape.stiffnesses; k++)
    q[tape.stiffnessColumn[k]] += tape.stiffnessValue[k] * slope[tape.stiffnessRow[k]];
  for (let k = 0; k < tape.dampings; k++)
    v[tape.dampingColumn[k]] += tape.dampingValue[k] * slope[tape.dampingRow[k]];
}
