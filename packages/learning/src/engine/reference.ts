import type { Schedule } from "../records/schedule.ts";
import type {
  Adjoint,
  Engine,
  Group,
  GroupProblem,
  LaneState,
  March,
  MarchHow,
  TangentProblem,
} from "./group.ts";
import { ReferenceAdjoint } from "./reference-adjoint.ts";
import { createRolloutScratch, PairRollout, type RolloutScratch } from "./reference-rollout.ts";
import { ReferenceTangents } from "./reference-tangents.ts";

/** Plain TypeScript, one trajectory at a time: what the kernels are checked against. */
export const reference: ReferenceEngine = {
  name: "reference",
  open: (problem: GroupProblem): ReferenceGroup => new ReferenceGroup(problem),
};

interface ReferenceEngine extends Engine {
  open(problem: GroupProblem): ReferenceGroup;
}

class ReferenceGroup implements Group {
  readonly lanes: number = 1;
  /** The last rollout, with whose residuals tangents and adjoint go on. */
  last: ReferenceMarch | null = null;
  trajectory = 0;
  private readonly problem: GroupProblem;

  constructor(problem: GroupProblem) {
    this.problem = problem;
  }

  load(first: number, _step: number, _count: number): void {
    this.trajectory = first;
  }

  march(schedule: Schedule, how: MarchHow): ReferenceMarch {
    return new ReferenceMarch(this, this.problem, schedule, how);
  }

  sumOfSquares(_lane: number): number {
    return this.rolled().rollout.sum;
  }

  copyResiduals(_lane: number, out: Float64Array): void {
    out.set(this.rolled().scratch.residuals);
  }

  tangents(problem: TangentProblem): ReferenceTangents {
    const { data, starts } = this.problem;
    const { scratch: rollout, rollout: rolled } = problem.along as ReferenceMarch;
    const { states } = rolled;
    const residuals = (): Float64Array => this.rolled().scratch.residuals;
    return new ReferenceTangents({ ...problem, data, starts, rollout, states, residuals });
  }

  adjoint(march: March, weight: number): Adjoint {
    const { scratch } = march as ReferenceMarch;
    const trajectory = (): number => this.trajectory;
    return new ReferenceAdjoint(this.problem, march.schedule, scratch, { trajectory, weight });
  }

  private rolled(): ReferenceMarch {
    // Residuals are asked for after a rollout.
    return this.last as ReferenceMarch;
  }
}

class ReferenceMarch implements March {
  readonly schedule: Schedule;
  readonly scratch: RolloutScratch;
  readonly rollout: PairRollout;
  states: readonly LaneState[] = [];
  private readonly group: ReferenceGroup;
  /** Positions on a path. */
  private readonly at: Float64Array;

  constructor(
    group: ReferenceGroup,
    problem: GroupProblem,
    schedule: Schedule,
    { keep, affine }: MarchHow,
  ) {
    this.group = group;
    this.schedule = schedule;
    this.at = new Float64Array(problem.data.components);
    this.scratch = createRolloutScratch(problem.data, schedule);
    const { scratch } = this;
    this.rollout = new PairRollout({ ...problem, schedule, scratch, keep, affine: affine ?? null });
  }

  setPath(_lane: number, _count: number, path: Float64Array): void {
    this.rollout.path = path;
  }

  roll(): void {
    this.group.last = this;
    this.rollout.roll(this.group.trajectory);
  }

  begin(): void {
    this.group.last = this;
    const { q, v, a } = this.scratch;
    const positions = this.rollout.path === null ? q : this.at;
    this.states = [{ positions, velocities: v, accelerations: a }];
    this.rollout.begin(this.group.trajectory);
  }

  advance(event: number): void {
    this.rollout.advance(event);
    const { path } = this.rollout;
    if (path === null) return;
    const { at } = this;
    for (let c = 0; c < at.length; c++) at[c] = path[event * at.length + c];
  }

  kick(event: number): void {
    this.rollout.kick(event);
  }

  readLookups(_lane: number, kick: number, out: Float64Array): void {
    const first = kick * out.length;
    for (let k = 0; k < out.length; k++) out[k] = this.scratch.lookups[first + k];
  }

  readState(_lane: number, kick: number, out: Float64Array): void {
    const first = kick * out.length;
    for (let k = 0; k < out.length; k++) out[k] = this.rollout.states[first + k];
  }
}
