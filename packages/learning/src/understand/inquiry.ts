import { scheduleOf } from "../records/dynamics.ts";
import { secondsOf } from "../records/meter.ts";
import type { Limits } from "./effort.ts";
import { firstHypothesis, type Hypothesis, type Question } from "./hypothesis.ts";
import type { Sample } from "./sample.ts";

/** Records, and what is asked of them. */
export interface Inquiry {
  readonly sample: Sample;
  readonly question: Question;
  readonly limits: Limits;
  /** The hypothesis to begin with. */
  readonly first: Hypothesis;
  /** Whether there are so many particles that start states cannot be unknowns: one pass would cost more than the whole training may. */
  readonly startsTooMany: boolean;
}

export function inquiryOf(sample: Sample, question: Question, limits: Limits): Inquiry {
  const cover = sample.segments === sample.all ? "whole" : "segments";
  const first = firstHypothesis(sample.data, question, cover);
  return { sample, question, limits, first, startsTooMany: startsTooMany(first, limits) };
}

function startsTooMany({ data, dynamics, cells }: Hypothesis, { work }: Limits): boolean {
  const { trajectories, pairs, particles, dimension, laws, times } = data;
  const { kicks } = scheduleOf(times, dynamics);
  const columns = laws * cells + 2 * particles * dimension;
  return secondsOf({ trajectories, kicks, pairs, columns }) > work.seconds;
}

/** Exact starts that leave so little are exact: what is left is resolution, or noise that does no harm. */
export const EXACT = 1e-12;
/** Exact starts that leave so much have met encounters between records, or something else than a law. */
export const ASTRAY = 1e-7;
/** A loss of so many noise variances, as local polynomials see it, may still be a law's. */
export const SENSIBLE = 4;
/** Knots are refined down to here. */
export const RESOLVED = 1e-14;
