import { respond } from "@mclnn/physics/terms";
import { pathAccelerations, pathVelocities } from "../records/path.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Addends, ReusedFrame } from "./addends.ts";
import type { AffineTerms } from "./affine.ts";
import type { LaneState, March, Tangents } from "./group.ts";
import { coarseStep } from "./tangent-step.ts";

/** Velocities and accelerations along a path. [events x components] each */
type Motion = readonly [velocities: Float64Array, accelerations: Float64Array];

/** Velocities of a kick: at its begin, two in its middle, and at its end. */
const STAGES = 4;

/**
 * Rollouts and tangents of a pair law with terms beside it: between the events of the engine, the terms add what is theirs.
 *
 * Where no term is there, or all are affine, the engine does all events in one go.
 */
export class MixedMarch {
  /** Whether terms go by the events. */
  readonly byEvents: boolean;
  /** Terms that the engine is to have itself. */
  readonly affine: AffineTerms | null;
  private readonly addends: Addends;
  readonly frame: ReusedFrame;
  private readonly begins: Float64Array | undefined;
  private readonly components: number;
  /** Of one kick: positions, velocities of its stages, and accelerations there. */
  private readonly positions: Float64Array;
  readonly stages: readonly Float64Array[];
  /** Accelerations of the stages, where terms go by them. */
  private readonly made: readonly Float64Array[];
  private readonly held: Float64Array;
  private readonly slope: Float64Array;
  private readonly sum: Float64Array;
  /** Positions and velocities of kicks: those at their begins, or of all stages where terms read them, and their accelerations. [lanes x kicks x width] */
  private readonly width: number;
  private kept: Float64Array = new Float64Array(0);
  /** Whether tangents have stayed in the plane z = 0 so far, where trajectories do. */
  private planar = true;

  /** @param along - whether look-ups follow a path: velocities are the path's then, which the engine does not have */
  constructor(data: TrainingData, addends: Addends, along = false) {
    this.affine = along ? null : addends.affine;
    this.byEvents = addends.any && this.affine === null;
    // Who does not go by events has no use for them.
    const components = this.byEvents ? data.components : 0;
    this.addends = addends;
    this.frame = new ReusedFrame(data);
    this.begins = data.begins;
    this.components = components;
    const stages = (): Float64Array[] =>
      Array.from({ length: STAGES }, () => new Float64Array(components));
    this.width =
      ((addends.readVelocities ? 1 + STAGES : 2) + (addends.inert ? STAGES : 0)) * components;
    this.positions = new Float64Array(components);
    this.stages = stages();
    this.made = addends.inert ? stages() : [];
    this.held = new Float64Array(components);
    this.slope = new Float64Array(components);
    this.sum = new Float64Array(components);
  }

  /**
   * Rolls out.
   *
   * @param lanes - the group
   * @param every - of how many kicks one is kept for tangents; 0 where none is
   * @param path - positions at every event that forces are looked up along: velocities are the path's then
   * @param seen - is shown each trajectory's state at every force evaluation
   */
  roll(
    march: March,
    { first, step, count }: Lanes,
    every: number,
    { path, seen }: RollOptions = {},
  ): void {
    const { addends, byEvents, width, frame } = this;
    if (seen === undefined && (!byEvents || (every === 0 && !addends.act))) {
      march.roll(count);
      return;
    }
    const { events, kick, kicks, kickIndex, time } = march.schedule;
    if (byEvents && every > 0 && this.kept.length < count * kicks * width)
      this.kept = new Float64Array(count * kicks * width);
    const along =
      path === undefined || !addends.readVelocities
        ? null
        : Array.from({ length: count }, (_, lane): Motion => {
            const { schedule } = march;
            const line = path(first + lane * step);
            const velocities = pathVelocities(line, schedule, this.components);
            return addends.inert
              ? [velocities, pathAccelerations(line, schedule, this.components)]
              : [velocities, velocities];
          });
    march.begin(count);
    for (let e = 0; e < events; e++) {
      march.advance(e);
      if (kick[e] === 0) continue;
      const j = kickIndex[e];
      const keep = every > 0 && j % every === 0;
      if (seen !== undefined)
        for (let lane = 0; lane < count; lane++) seen(march.states[lane], j, first + lane * step);
      if (byEvents && (keep || addends.act)) {
        for (let lane = 0; lane < count; lane++) {
          frame.trajectory = first + lane * step;
          frame.time = time[e] + (this.begins?.[frame.trajectory] ?? 0);
          frame.at(every > 0 ? march : null, lane, j);
          const state = march.states[lane];
          this.kick(state, kick[e], keep);
          if (!keep) continue;
          const o = (lane * kicks + j) * width;
          this.keep(state, o);
          if (along !== null) this.keepMotion(along[lane], e, o);
        }
      }
      march.kick(e);
    }
  }

  /** Makes the accelerations of a kick those of all terms; with velocities, what leads as far as their flow. */
  private kick(
    { positions, velocities, accelerations }: LaneState,
    w: number,
    keep: boolean,
  ): void {
    const { addends, frame, stages } = this;
    const middle = stages[1];
    const again = stages[2];
    const end = stages[3];
    frame.positions = positions;
    frame.velocities = velocities;
    frame.accelerations = undefined;
    if (addends.act) addends.accelerate(frame, accelerations);
    if (!addends.damp) {
      for (const each of this.made) each.set(accelerations);
      if (!keep || !addends.readVelocities) return;
      move(velocities, accelerations, 0.5 * w, middle);
      move(velocities, accelerations, w, end);
      return;
    }
    const { held, slope, sum } = this;
    for (let c = 0; c < held.length; c++) {
      held[c] = accelerations[c];
      slope[c] = accelerations[c];
      sum[c] = 0;
    }
    this.stageOf(0, velocities, velocities, 0.5 * w, middle);
    this.stageOf(1, middle, velocities, 0.5 * w, again);
    this.stageOf(2, again, velocities, w, end);
    this.slopeAt(3, end);
    for (let c = 0; c < sum.length; c++) accelerations[c] = (sum[c] + slope[c]) / 6;
  }

  /** A stage of the flow of velocities: its slope, as often as it counts, and where it leads from the begin in time h. */
  private stageOf(
    n: number,
    velocities: Float64Array,
    begin: Float64Array,
    h: number,
    next: Float64Array,
  ): void {
    const { held, slope, sum } = this;
    const weight = n === 0 ? 1 : 2;
    this.slopeAt(n, velocities);
    for (let c = 0; c < slope.length; c++) {
      const x = slope[c];
      sum[c] += weight * x;
      next[c] = begin[c] + h * x;
      slope[c] = held[c];
    }
  }

  /** Makes what is held the slope of a stage. */
  private slopeAt(n: number, velocities: Float64Array): void {
    const { addends, slope, frame, made } = this;
    frame.velocities = velocities;
    addends.accelerateMoving(frame, slope);
    const responses = addends.respond(frame);
    if (responses !== null) respond(responses, slope, 3);
    if (addends.inert) made[n].set(slope);
  }

  /** Makes the frame that of a stage of the kick at hand. */
  see(n: number): void {
    const { frame, stages, made } = this;
    frame.velocities = stages[n];
    frame.accelerations = made[n];
  }

  /** Adds what goes by velocities; false where it leads out of the plane, as below. */
  private tell(tangents: Tangents, n: number, factor: number): boolean {
    this.see(n);
    this.addends.lineariseMoving(this.frame, tangents.linear);
    return tangents.apply(factor, false);
  }

  private stage(
    tangents: Tangents,
    n: number,
    factor: number,
    share: number,
    weight: number,
  ): boolean {
    this.see(n);
    this.addends.lineariseMoving(this.frame, tangents.linear);
    return tangents.stage(factor, share, weight, this.addends.respond(this.frame));
  }

  private keep({ positions, velocities }: LaneState, o: number): void {
    const { components, kept, stages, made, width } = this;
    for (let c = 0; c < components; c++) {
      kept[o + c] = positions[c];
      kept[o + components + c] = velocities[c];
    }
    let to = o + 2 * components;
    for (let n = 1; n < STAGES && to < o + width; n++, to += components) kept.set(stages[n], to);
    for (let n = 0; n < made.length; n++, to += components) kept.set(made[n], to);
  }

  /** The velocities of an event for those of all stages of its kick, and the accelerations. @param lines - each [events x components] */
  private keepMotion([velocities, accelerations]: Motion, event: number, o: number): void {
    const { components, kept, width, made } = this;
    const at = event * components;
    const last = o + width - made.length * components;
    for (let to = o + components; to < o + width; to += components)
      kept.set((to < last ? velocities : accelerations).subarray(at, at + components), to);
  }

  /** Makes the frame that of a kick that was kept, and the velocities of its stages those of then. */
  recall(
    march: March,
    { lane, trajectory }: Pick<TangentsOf, "lane" | "trajectory">,
    event: number,
  ): void {
    const { components, kept, stages, made, width, frame, positions } = this;
    const { kickIndex, kicks, time } = march.schedule;
    const o = (lane * kicks + kickIndex[event]) * width;
    frame.trajectory = trajectory;
    frame.time = time[event] + (this.begins?.[trajectory] ?? 0);
    frame.at(march, lane, kickIndex[event]);
    frame.positions = positions;
    for (let c = 0; c < components; c++) positions[c] = kept[o + c];
    let from = o + components;
    for (let n = 0; n < STAGES && from < o + width; n++, from += components)
      stages[n].set(kept.subarray(from, from + components));
    for (let n = 0; n < made.length; n++, from += components)
      made[n].set(kept.subarray(from, from + components));
  }

  /** Adds the equations of a lane whose rollout was kept. */
  equations(tangents: Tangents, { march, lane, trajectory, tangentStep }: TangentsOf): void {
    if (!this.byEvents) {
      tangents.equations(lane, trajectory);
      return;
    }
    this.propagate(tangents, { march, lane, trajectory, tangentStep });
    tangents.end(trajectory);
  }

  /** The tangents of a lane, without their equations. */
  propagate(tangents: Tangents, of: TangentsOf): void {
    if (!this.byEvents) {
      const steps = tangents.begin(of.lane, of.trajectory, this.affine?.planar ?? true);
      for (let s = 0; s < steps - 1; s++) tangents.step(s);
      return;
    }
    // A term that leads out of a plane is seen when it does; others will do so, too.
    if (this.planar && this.steps(tangents, of)) return;
    this.planar = false;
    this.steps(tangents, of);
  }

  private steps(tangents: Tangents, { march, lane, trajectory, tangentStep }: TangentsOf): boolean {
    const { addends, planar } = this;
    const { schedule } = march;
    const { kick } = schedule;
    const coarse = coarseStep(schedule, tangentStep);
    const steps = tangents.begin(lane, trajectory, planar);
    for (let s = 0; s < steps - 1; s++) {
      const e = s * coarse;
      if (kick[e] === 0) {
        tangents.step(s);
        continue;
      }
      // Kicks inside a coarse step count for its two ends.
      const w = coarse === 1 ? kick[e] : coarse * kick[e];
      this.recall(march, { lane, trajectory }, e);
      const stayed = addends.damp
        ? this.dampedKick(tangents, s, w, coarse === 1)
        : this.plainKick(tangents, s, w, coarse === 1);
      if (!stayed && planar) return false;
    }
    return true;
  }

  /** Of terms that go by velocities only the sources count, if there are any: columns of what acts at the begin of the kick. */
  private plainKick(tangents: Tangents, s: number, w: number, exact: boolean): boolean {
    const { addends, frame, stages } = this;
    const { linear } = tangents;
    let stayed = true;
    if (addends.hold) {
      frame.velocities = stages[0];
      addends.linearise(frame, linear);
      stayed = tangents.apply(w, false);
    }
    if (addends.readVelocities)
      if (exact)
        stayed =
          this.tell(tangents, 0, w / 6) &&
          this.tell(tangents, 1, (4 * w) / 6) &&
          this.tell(tangents, 3, w / 6) &&
          stayed;
      else stayed = this.tell(tangents, 1, w) && stayed;
    tangents.step(s);
    return stayed;
  }

  /** The same stages as those of the rollout, exactly; a coarse step makes do with its middle. */
  private dampedKick(tangents: Tangents, s: number, w: number, exact: boolean): boolean {
    const { addends, frame, stages } = this;
    const { linear } = tangents;
    tangents.hold(s);
    let stayed = true;
    if (addends.hold) {
      frame.velocities = stages[0];
      addends.linearise(frame, linear);
      stayed = tangents.apply(w, true);
    }
    if (exact)
      stayed =
        this.stage(tangents, 0, w, 0, 1 / 6) &&
        this.stage(tangents, 1, w, 0.5, 2 / 6) &&
        this.stage(tangents, 2, w, 0.5, 2 / 6) &&
        this.stage(tangents, 3, w, 1, 1 / 6) &&
        stayed;
    else
      stayed =
        this.stage(tangents, 1, w, 0, 0) &&
        tangents.stage(w, 0.5, 1, addends.respond(frame)) &&
        stayed;
    tangents.release();
    tangents.drift(s);
    return stayed;
  }
}

/** What a rollout may go along, and who looks on. */
export interface RollOptions {
  readonly path?: ((trajectory: number) => Float64Array) | undefined;
  readonly seen?: (state: LaneState, kick: number, trajectory: number) => void;
}

/** Trajectories of a group: the first, from one to the next, and how many. */
export interface Lanes {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Whose tangents. */
export interface TangentsOf {
  /** Along which rollouts were kept. */
  readonly march: March;
  readonly lane: number;
  readonly trajectory: number;
  readonly tangentStep: number;
}

/** out = v + h a. */
function move(v: Float64Array, a: Float64Array, h: number, out: Float64Array): void {
  for (let c = 0; c < out.length; c++) out[c] = v[c] + h * a[c];
}
