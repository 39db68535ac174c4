import { pathVelocities } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Addends, ReusedFrame } from "./addends.ts";
import type { March, Tangents } from "./group.ts";

/** Velocities of a kick: at its begin, two in its middle, and at its end. */
const STAGES = 4;

/**
 * Rollouts and tangents of a pair law with terms beside it: between the events of the engine, the terms add what is theirs.
 *
 * Where no term is there, the engine does all events in one go.
 */
export class MixedMarch {
  private readonly addends: Addends;
  private readonly frame: ReusedFrame;
  private readonly components: number;
  /** Of one kick. */
  private readonly accelerations: Float64Array;
  private readonly stages: readonly Float64Array[];
  private readonly slopes: readonly Float64Array[];
  /** Positions, and velocities of the stages, of each kick. [lanes x kicks x (1 + STAGES) x components] */
  private kept: Float64Array = new Float64Array(0);

  constructor(data: TrainingData, addends: Addends) {
    const { components } = data;
    const rows = (): Float64Array[] =>
      Array.from({ length: STAGES }, () => new Float64Array(components));
    this.addends = addends;
    this.frame = new ReusedFrame(data);
    this.components = components;
    this.accelerations = new Float64Array(components);
    this.stages = rows();
    this.slopes = rows();
  }

  /**
   * Rolls out.
   *
   * @param lanes - the group
   * @param keep - whether tangents follow
   * @param path - positions at every event that forces are looked up along: velocities are the path's then
   */
  roll(
    march: March,
    { first, step, count }: Lanes,
    keep: boolean,
    path?: (trajectory: number) => Float64Array,
  ): void {
    const { addends } = this;
    if (addends.size === 0 || !(keep || addends.act)) {
      march.roll(count);
      return;
    }
    const { events, kick, kicks, kickIndex, time } = march.schedule;
    const width = (1 + STAGES) * this.components;
    if (keep && this.kept.length < count * kicks * width)
      this.kept = new Float64Array(count * kicks * width);
    const along =
      path === undefined || !addends.readVelocities
        ? null
        : Array.from({ length: count }, (_, lane) =>
            pathVelocities(path(first + lane * step), march.schedule, this.components),
          );
    march.begin(count);
    for (let e = 0; e < events; e++) {
      march.advance(e);
      if (kick[e] === 0) continue;
      this.frame.time = time[e];
      for (let lane = 0; lane < count; lane++) {
        this.frame.trajectory = first + lane * step;
        this.frame.at(keep ? march : null, lane, kickIndex[e]);
        this.kick(march, lane, e, kick[e]);
        if (along !== null)
          for (const stage of this.stages)
            stage.set(along[lane].subarray(e * this.components, (e + 1) * this.components));
        if (keep) this.keep((lane * kicks + kickIndex[e]) * width);
      }
      march.kick(e);
    }
  }

  /** Makes the accelerations of a kick those of all terms; with velocities, what leads as far as their flow. */
  private kick(march: March, lane: number, event: number, w: number): void {
    const { addends, accelerations: a, frame, stages, slopes } = this;
    const [begin, middle, again, end] = stages;
    march.readState(lane, event, frame.positions, begin);
    frame.velocities = begin;
    if (!addends.act && !addends.readVelocities) return;
    march.readAccelerations(lane, a);
    addends.accelerate(frame, a);
    if (!addends.damp) {
      if (addends.act) march.writeAccelerations(lane, a);
      if (!addends.readVelocities) return;
      move(begin, a, 0.5 * w, middle);
      again.set(middle);
      move(begin, a, w, end);
      return;
    }
    const [first, second, third, fourth] = slopes;
    this.slope(begin, first);
    move(begin, first, 0.5 * w, middle);
    this.slope(middle, second);
    move(begin, second, 0.5 * w, again);
    this.slope(again, third);
    move(begin, third, w, end);
    this.slope(end, fourth);
    for (let c = 0; c < a.length; c++)
      a[c] = (first[c] + 2 * (second[c] + third[c]) + fourth[c]) / 6;
    march.writeAccelerations(lane, a);
  }

  /** All accelerations at some velocities. */
  private slope(velocities: Float64Array, out: Float64Array): void {
    const { accelerations: a } = this;
    for (let c = 0; c < a.length; c++) out[c] = a[c];
    this.frame.velocities = velocities;
    this.addends.accelerateMoving(this.frame, out);
  }

  private keep(o: number): void {
    const { components, kept, stages } = this;
    const { positions } = this.frame;
    const [begin, middle, again, end] = stages;
    for (let c = 0; c < components; c++) {
      kept[o + c] = positions[c];
      kept[o + components + c] = begin[c];
      kept[o + 2 * components + c] = middle[c];
      kept[o + 3 * components + c] = again[c];
      kept[o + 4 * components + c] = end[c];
    }
  }

  /** Adds the equations of a lane whose rollout was kept. */
  equations(tangents: Tangents, { march, lane, trajectory, tangentStep }: TangentsOf): void {
    if (this.addends.size === 0) {
      tangents.equations(lane, trajectory);
      return;
    }
    this.propagate(tangents, { march, lane, trajectory, tangentStep });
    tangents.end(trajectory);
  }

  /** The tangents of a lane, without their equations. */
  propagate(tangents: Tangents, of: TangentsOf): void {
    // A term that leads out of a plane is seen when it does.
    if (!this.steps(tangents, of, true)) this.steps(tangents, of, false);
  }

  private steps(
    tangents: Tangents,
    { march, lane, trajectory, tangentStep }: TangentsOf,
    planar: boolean,
  ): boolean {
    const { frame, addends, components } = this;
    const { schedule } = march;
    const { kick, kickIndex, kicks, time } = schedule;
    const coarse = coarseStep(schedule, tangentStep);
    const width = (1 + STAGES) * components;
    const steps = tangents.begin(lane, trajectory, planar);
    frame.trajectory = trajectory;
    for (let s = 0; s < steps; s++) {
      tangents.drift(s);
      const e = s * coarse;
      if (kick[e] === 0) {
        tangents.kick(s);
        continue;
      }
      // Kicks inside a coarse step count for its two ends.
      const w = coarse === 1 ? kick[e] : coarse * kick[e];
      frame.time = time[e];
      frame.at(march, lane, kickIndex[e]);
      this.recall((lane * kicks + kickIndex[e]) * width);
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
    const [begin, middle, , end] = stages;
    let stayed = true;
    if (addends.hold) {
      frame.velocities = begin;
      addends.linearise(frame, linear);
      stayed = tangents.apply(w, false);
    }
    if (addends.readVelocities)
      for (const [velocities, share] of exact
        ? ([
            [begin, 1 / 6],
            [middle, 4 / 6],
            [end, 1 / 6],
          ] as const)
        : ([[middle, 1]] as const)) {
        frame.velocities = velocities;
        addends.lineariseMoving(frame, linear);
        stayed = tangents.apply(share * w, false) && stayed;
      }
    tangents.kick(s);
    return stayed;
  }

  /** The same stages as those of the rollout, exactly; a coarse step makes do with its middle. */
  private dampedKick(tangents: Tangents, s: number, w: number, exact: boolean): boolean {
    const { addends, frame, stages } = this;
    const { linear } = tangents;
    const [begin, middle, again, end] = stages;
    tangents.hold(s);
    let stayed = true;
    if (addends.hold) {
      frame.velocities = begin;
      addends.linearise(frame, linear);
      stayed = tangents.apply(w, true);
    }
    const stage = (velocities: Float64Array, share: number, weight: number): void => {
      frame.velocities = velocities;
      addends.lineariseMoving(frame, linear);
      stayed = tangents.stage(w, share, weight) && stayed;
    };
    if (exact) {
      stage(begin, 0, 1 / 6);
      stage(middle, 0.5, 2 / 6);
      stage(again, 0.5, 2 / 6);
      stage(end, 1, 1 / 6);
    } else {
      stage(middle, 0, 0);
      stayed = tangents.stage(w, 0.5, 1) && stayed;
    }
    tangents.release();
    return stayed;
  }

  private recall(o: number): void {
    const { components, kept, stages } = this;
    const { positions } = this.frame;
    const [begin, middle, again, end] = stages;
    for (let c = 0; c < components; c++) {
      positions[c] = kept[o + c];
      begin[c] = kept[o + components + c];
      middle[c] = kept[o + 2 * components + c];
      again[c] = kept[o + 3 * components + c];
      end[c] = kept[o + 4 * components + c];
    }
  }
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

/** Substeps of a step of the tangents, each an event. */
const coarseStep = ({ uniform }: Schedule, tangentStep: number): number =>
  uniform === null ? 1 : tangentStep;

/** out = v + h a. */
function move(v: Float64Array, a: Float64Array, h: number, out: Float64Array): void {
  for (let c = 0; c < out.length; c++) out[c] = v[c] + h * a[c];
}
