import type { Cells, SplineBasis } from "@mclnn/models/parts";
import type { Linear } from "@mclnn/physics/terms";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { PartialEquations } from "../rollout/normal-equations.ts";
import type { Starts } from "../rollout/starts.ts";
import type { AffineTerms } from "./affine.ts";

/** Who rolls trajectories out and differentiates them. All of them give the same bits; only the time differs. */
export interface Engine {
  readonly name: "reference" | "wasm";
  /** Lays a pair law and the trajectories out. One at a time: the next one takes the memory. */
  open(problem: GroupProblem): Group;
}

export interface GroupProblem {
  readonly data: TrainingData;
  readonly cells: Cells;
  /** [4 x cells] */
  readonly curve: Float64Array;
  readonly starts: Starts;
  /** Force evaluations of a trajectory whose look-ups will be kept; 0 for none. */
  readonly keptKicks: number;
}

/** Trajectories that are worked on together, one a lane. */
export interface Group {
  readonly lanes: number;
  /** Copies records in. @param step - from one trajectory to the next @param count - how many, at most `lanes` */
  load(first: number, step: number, count: number): void;
  march(schedule: Schedule, how: MarchHow): March;
  /** Of the last rollout. Not finite where it diverged. */
  sumOfSquares(lane: number): number;
  /** Of the last rollout. @param out - [(records + 1) x components] */
  copyResiduals(lane: number, out: Float64Array): void;
  tangents(problem: TangentProblem): Tangents;
  /** The discrete adjoint of rollouts whose look-ups were kept. @param weight - of a residual in the derivative of the loss */
  adjoint(march: March, weight: number): Adjoint;
}

/** How rollouts go, and what is kept of them. */
export interface MarchHow {
  /** Whether look-ups are kept, and the states that affine terms ask for. */
  readonly keep: boolean;
  /** Whether look-ups follow a path instead of the rollout's own positions. */
  readonly path?: boolean;
  /** What acts at every kick; other terms go by the events. */
  readonly affine?: AffineTerms | null;
  /** Of how many kicks the state of one is kept. Default: 1. */
  readonly every?: number;
}

/** A trajectory at a force evaluation. [components] each */
export interface LaneState {
  /** Those that the pair law was looked up at. */
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly accelerations: Float64Array;
}

/** Rollouts of a group along one schedule: begin; then advance and kick for each event. */
export interface March {
  readonly schedule: Schedule;
  /** Copies a path in. @param count - lanes that count @param path - positions. [events x components] */
  setPath(lane: number, count: number, path: Float64Array): void;
  /** All events, with the pair law and affine terms alone. */
  roll(count: number): void;
  begin(count: number): void;
  /** Drifts, compares with the records, and makes the accelerations of the pair law. */
  advance(event: number): void;
  /** v += w a, with what others have added to the accelerations. */
  kick(event: number): void;
  /** Of each lane after {@link advance} to an event with a kick; others add to the accelerations. Taken anew after {@link begin}. */
  readonly states: readonly LaneState[];
  /** Look-ups of a kick, where they are kept: unit vector (3), V'/r, V'', t in the cell. @param out - [pairs x LOOKUP] */
  readLookups(lane: number, kick: number, out: Float64Array): void;
  /** Positions, velocities and pair accelerations at a kick, where affine terms have them kept. @param out - [3 x components] */
  readState(lane: number, kick: number, out: Float64Array): void;
}

/** Numbers kept of one look-up: unit vector (3), f / r, df/dr, t in the cell. */
export const LOOKUP = 6;

export interface TangentProblem {
  /** Whose rollouts, of which look-ups are kept. */
  readonly along: March;
  readonly basis: SplineBasis;
  /** Coefficients of other terms, which follow those of the basis. */
  readonly beside: number;
  /** Whether other terms go by the events. */
  readonly mixed: boolean;
  /** The terms, where the rollouts had them as affine ones. */
  readonly affine: AffineTerms | null;
  /** Substeps between two applications of the force gradient; 1 is exact. */
  readonly tangentStep: number;
  /** Left out by the one-shot fit, whose path does not follow the coefficients. */
  readonly forceGradient: boolean;
}

/** Tangents of one trajectory at a time, column by column: begin; then a kick and the drift after it for each step but the last; then end. */
export interface Tangents {
  /** What other terms do to first order is told here, and then applied. */
  readonly linear: Linear;
  /** Begins the sums of a chunk. */
  clear(): void;
  /** All steps with the pair law and affine terms alone, and the equations. */
  equations(lane: number, trajectory: number): void;
  /** Of the last rollout, as far as the first kick; returns the number of steps. @param planar - whether what stays in the plane z = 0 needs no rows across it */
  begin(lane: number, trajectory: number, planar: boolean): number;
  /** What the kick of the pair law and of affine terms does to dv, then as {@link drift}. */
  step(step: number): void;
  /** From the kick of a step to the next one: dq += h dv, and rows of a record. */
  drift(step: number): void;
  /** Adds factor x what was told to dv, or to a kick that is held; false where it leads out of the plane. */
  apply(factor: number, held: boolean): boolean;
  /** Holds the kick of the pair law for stages in which it stays the same while velocities move. */
  hold(step: number): void;
  /**
   * A stage of it: at dv + share x the slope of the stage before, slope = held + factor x what was told; weight x slope is added up.
   *
   * @param responses - what bodies make of it, row by row; null where they take it as it is. [3 x components]
   */
  stage(factor: number, share: number, weight: number, responses: Float64Array | null): boolean;
  /** Adds the sum of the stages to dv. */
  release(): void;
  /** Adds the trajectory's equations to those of the chunk. @throws MclnnError `start-not-determined` */
  end(trajectory: number): void;
  /** What the chunk has added up, but for its sum of squares. */
  take(into: PartialEquations): void;
}

export interface Adjoint {
  /** All events, with the pair law alone. */
  reverse(count: number): void;
  /** Begins a reversal event by event, from the last one on: the kick of an event, if it has one, then the rest of it. */
  begin(count: number): void;
  /** The pair law's kick, for the adjoint of velocities at hand. */
  kick(event: number): void;
  /** Residuals and the drift before them. */
  event(event: number): void;
  /** Adjoints of positions and velocities at hand. [2 x components] */
  read(lane: number, out: Float64Array): void;
  write(lane: number, from: Float64Array): void;
  /** Adds the gradient by the curve. @param gradient - [4 x cells] */
  addGradient(lane: number, gradient: Float64Array): void;
}
