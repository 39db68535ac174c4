import { bodyVariances, localVariance } from "../records/scatter.ts";
import type { TrainingData } from "../records/training-data.ts";
import { centreOfMassTest } from "./centre-of-mass.ts";
import { deviations } from "./chi-squared.ts";
import type { Finding } from "./finding.ts";

/** The centre of mass leaves a straight line by so many standard deviations, and nothing that acts from outside explains this share of it. */
const SURE = 8;
const UNEXPLAINED = 0.5;

/** Records about their centre of mass, and why they may have to be seen from there. */
export interface MovingFrame {
  readonly data: TrainingData;
  readonly finding: Finding;
}

/**
 * A frame that moves: a camera that shakes, or coordinates about one of the bodies. Forces between particles do not feel it, so that a law of pairs explains
 * the records as they are seen from their centre of mass; whether one does is for a fit to say.
 *
 * @returns null where the centre of mass goes straight, or its path has a plainer cause
 */
export function movingFrame(data: TrainingData): MovingFrame | null {
  if (data.weights !== null || (data.held ?? []).length > 0) return null;
  const told = (text: string, sigmas: number): MovingFrame => ({
    data: aboutCentre(data),
    finding: {
      kind: "moving-frame",
      text: `${text}; about the centre of mass a law of pairs explains them, and was learned there`,
      sigmas,
      share: null,
      try: "Give positions about the centre of mass, or with the motion of the camera taken out.",
    },
  });
  const origin = atRest(data);
  if (origin !== null)
    return told(
      `particle ${origin} (counted from 0) stays at the origin: positions are relative to it`,
      0,
    );
  const noise = localVariance(data);
  if (!Number.isFinite(noise) || !(noise > 0)) return null;
  // One body that is measured worse than the others shakes the centre of mass, too, and nothing else.
  const variances = bodyVariances(data);
  const { trajectories, records, particles } = data;
  const weights = Float64Array.from({ length: trajectories * records * particles }, (_, k) =>
    Math.sqrt(noise / variances[k % particles]),
  );
  const test = centreOfMassTest({ ...data, weights }, noise);
  if (test === null || test.share < UNEXPLAINED) return null;
  const sigmas = deviations(test.chiSquared, test.freedom);
  return sigmas < SURE
    ? null
    : told(
        `all particles share a motion that nothing between them makes (${sigmas.toFixed(0)} standard deviations): the frame moves, as a camera that shakes`,
        sigmas,
      );
}

/** The particle that is always at the origin; null where there is none, or two. A body at rest anywhere else is only heavy, or feels nothing. */
function atRest({ positions, components, particles }: TrainingData): number | null {
  const rest = Array.from({ length: particles }, (_, i) => i).filter((i) => {
    for (let k = 0; k < positions.length; k++)
      if (Math.floor((k % components) / 3) === i && positions[k] !== 0) return false;
    return true;
  });
  return rest.length === 1 ? rest[0] : null;
}

/** The records with the centre of mass at rest at the origin. */
function aboutCentre(data: TrainingData): TrainingData {
  const { particles, components, masses } = data;
  const total = masses.reduce((a, b) => a + b, 0);
  const centred = (values: Float64Array): Float64Array => {
    const out = values.slice();
    for (let o = 0; o < values.length; o += components)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = 0; i < particles; i++) sum += masses[i] * values[o + 3 * i + c];
        for (let i = 0; i < particles; i++) out[o + 3 * i + c] -= sum / total;
      }
    return out;
  };
  const { positions, velocities, startVelocities } = data;
  return {
    ...data,
    positions: centred(positions),
    velocities: velocities && centred(velocities),
    startVelocities: centred(startVelocities),
  };
}
