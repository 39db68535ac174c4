import { blanesMoan4, type SplittingIntegrator } from "@mclnn/integrators";
import type { TermSpec } from "@mclnn/physics/terms";
import type { SlopeFunction } from "../fit/spline-fit.ts";
import type { PriorShape } from "../prior/prior.ts";
import { type Dynamics, named } from "../records/dynamics.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Kink } from "../splines/bent-knots.ts";
import type { KnotShape } from "../splines/knots.ts";

/** How the records may have come about. A value: another hypothesis is another object. */
export interface Hypothesis {
  /** What acts beside the pair law, with coefficients to be found. What is given acts in the records. */
  readonly terms: readonly TermSpec[];
  readonly dynamics: Dynamics;
  /** Who settled the steps: options or provenance; half steps that no longer differ; or the maker's own error, found in the records. */
  readonly steps: "told" | "resolved" | "makers";
  /** Whether trajectories start exactly where their first records say, or start states are unknowns. */
  readonly starts: "exact" | "free";
  /** Knot intervals of V', and the law that knots are placed for; undefined where they follow the separations alone. */
  readonly cells: number;
  readonly shape: KnotShape | undefined;
  /** What a law has to follow from a start: whole trajectories, segments of them, or single intervals between records. */
  readonly cover: "whole" | "segments" | "intervals";
  /** The records that it is fitted to: some of the trajectories, segments or intervals. */
  readonly data: TrainingData;
}

/** What is known about the records beforehand, and what has to be found out. */
export interface Question {
  /** As named by options or provenance; null where the records have to say. */
  readonly dynamics: Dynamics | null;
  /** The method, where only its substeps have to be found. */
  readonly method: SplittingIntegrator | null;
  /** `auto` where there are velocities, and it must be found out whether they are exact. */
  readonly velocities: "auto" | "given" | "unknown";
  /** Whether single intervals, or segments, may stand for trajectories. */
  readonly mayCut?: boolean;
  /** Terms to be learned beside the pair law. Default: none. */
  readonly terms?: readonly TermSpec[];
  /** What a training before has found. */
  readonly known?: KnownLaw | null;
}

/** A law of records before these, in training units, and the hypothesis it was found under. */
export interface KnownLaw extends Pick<Hypothesis, "dynamics" | "steps" | "starts" | "cells"> {
  readonly slope: SlopeFunction;
  /** Coefficients of the terms that are asked for. */
  readonly values: Float64Array;
  readonly kinks: readonly Kink[];
  /** Start states that it asked for, of the first trajectories or of all; null where they were exact, or those of segments. */
  readonly startStates: Starts | null;
  readonly prior: PriorShape | null;
  /** Mean square residual that it left. */
  readonly loss: number;
}

/** Knot intervals to begin with. */
export const CELLS = 48;

/** The simplest hypothesis: the dynamics that are known, else one step of a fourth-order method from record to record. */
export function firstHypothesis(
  data: TrainingData,
  { dynamics, method, velocities, terms = [] }: Question,
  cover: Hypothesis["cover"],
): Hypothesis {
  return {
    terms,
    dynamics: dynamics ?? {
      ...named(method ?? blanesMoan4),
      substeps: 1,
      dt: null,
      tangentSubsteps: 1,
      source: "measured",
    },
    steps: dynamics === null ? "resolved" : "told",
    starts: velocities === "unknown" ? "free" : "exact",
    cells: CELLS,
    shape: undefined,
    cover,
    data,
  };
}
