import { filterPass, type Noise } from "./filter.ts";
import { DRAG, separationsOf } from "./fit.ts";
import { motionLaw } from "./law.ts";
import type { StepLook } from "./look.ts";
import { motionPosterior } from "./posterior.ts";
import type { Tracks } from "./tracks.ts";

/** Cutoffs that are compared lie so far apart, from the largest separation down to a few times the nearest. */
const APART = 0.75;
const MOST = 12;
const NEAREST = 1.15;
const CELLS = 20;
/** A shorter cutoff has to be as likely within so many nats. */
const BEHIND = 1;
/** Share of separations that are nearer than the knots. */
const NEARER = 2e-4;

/** Under what the reach of a law is looked for. */
export interface Under {
  readonly inertial: boolean;
  readonly noise: Noise;
  /** 0 without inertia. */
  readonly friction: number;
}

/** The noise of motion without inertia, by steps alone. */
export function stepsNoise(
  tracks: Tracks,
  { correlations, meanSquare, interval }: StepLook,
): Under {
  const along = Math.min(0, correlations[0]) * meanSquare;
  const rate = Math.max(meanSquare + 2 * along, 0.05 * meanSquare) / interval;
  return {
    inertial: false,
    noise: {
      rates: new Float64Array(tracks.kinds).fill(rate),
      blur: Math.max(-along, 1e-4 * meanSquare),
    },
    friction: 0,
  };
}

/** The reach of a law that tracks are best explained with, by the evidence of one look. @param reach - the largest that is tried */
export function chooseCutoff(
  tracks: Tracks,
  reach: number,
  { inertial, noise, friction }: Under,
): number {
  const all = separationsOf(tracks, reach);
  const nearest = all.map((own) =>
    own.length === 0 ? reach / 2 : own[Math.floor(own.length * NEARER)],
  );
  const least = Math.min(...nearest);
  const inertia = inertial ? tracks.masses : new Float64Array(tracks.particles).fill(1);
  const terms = inertial ? [DRAG] : [];
  let best = { cutoff: reach, evidence: Number.NEGATIVE_INFINITY };
  for (let n = 0, cutoff = reach; n < MOST && cutoff > NEAREST * least; n++, cutoff *= APART) {
    const law = motionLaw(tracks, {
      nearest: nearest.map((r) => Math.min(r, cutoff / NEAREST)),
      ...{ cutoff, cells: CELLS, terms, inertia },
    });
    const coefficients = new Float64Array(law.size);
    if (inertial) coefficients[law.size - 1] = friction;
    const pass = filterPass({ tracks, law, inertial, inertia }, coefficients, noise, {
      ...{ substeps: 1, bend: false, tangent: true },
    });
    const evidence = motionPosterior(law, pass, { average: false })?.evidence;
    if (evidence !== undefined && evidence > best.evidence - BEHIND)
      best = { cutoff, evidence: Math.max(best.evidence, evidence) };
  }
  return best.cutoff;
}
