import type { TermSpec } from "@mclnn/physics/terms";
import { type FilterProblem, filterPass, type Noise, type Pass } from "./filter.ts";
import { type MotionLaw, motionLaw } from "./law.ts";
import { lookAtSteps, meanSquareSpeed, type StepLook } from "./look.ts";
import { type FittedNoise, fitNoise } from "./noise.ts";
import { type MotionPosterior, motionPosterior } from "./posterior.ts";
import type { Tracks } from "./tracks.ts";

/** What is fitted to tracks. */
export interface MotionQuestion {
  /** Whether particles have inertia. */
  readonly inertial: boolean;
  readonly cutoff: number;
  readonly cells: number;
  /** Beside the pair law; drag is added where there is inertia. */
  readonly terms: readonly TermSpec[];
  readonly substeps: number;
  /** Gauss-Newton steps with all that counts; before them come rougher ones. */
  readonly passes: number;
  /** Whether the posterior is averaged over priors: for error bars. */
  readonly average: boolean;
  readonly skip?: number;
  /** Friction to begin with, a rate. Default: a tenth of the frame rate. */
  readonly friction?: number;
  /** A fit of the same kind of motion to begin with: its noise and friction, and its law where the knots are the same. */
  readonly from?: MotionFit;
}

/** A law, its noise and how sure both are. */
export interface MotionFit {
  readonly problem: FilterProblem;
  readonly question: MotionQuestion;
  readonly posterior: MotionPosterior;
  readonly noise: FittedNoise;
  /** The last look, without the law's own step. */
  readonly pass: Pass;
  readonly look: StepLook;
  /** Sorted separations below the cutoff, one array a law. */
  readonly separations: readonly Float64Array[];
}

/** A step of a fit. */
export interface MotionStep {
  readonly phase: string;
  readonly iterations: number;
  readonly loss: number;
}

/** Friction, the last term where there is inertia. */
export const DRAG: TermSpec = { name: "drag" };

/** Knots begin above this share of the separations. */
const NEAREST = 2e-4;
/** Share of a step's variance that blur begins with, where the steps do not tell. */
const LEAST_BLUR = 1e-4;
const LEAST_DIFFUSION = 0.05;
/** Blur of a place below this share of what motion scatters it by from frame to frame is none. */
const NO_BLUR = 1e-5;

/** Fits a law and its noise to tracks: Gauss-Newton of the law and the most likely noise alternate. */
export function* fitMotion(
  tracks: Tracks,
  question: MotionQuestion,
): Generator<MotionStep, MotionFit | null> {
  const { inertial, cutoff, cells, substeps, passes, average, skip = 0 } = question;
  const look = lookAtSteps(tracks);
  const separations = separationsOf(tracks, cutoff);
  const nearest = separations.map((own) =>
    own.length === 0 ? cutoff / 2 : own[Math.floor(own.length * NEAREST)],
  );
  const terms = inertial ? [...question.terms, DRAG] : question.terms;
  const { from } = question;
  let noise: Noise & Partial<FittedNoise> = from?.noise ?? firstNoise(tracks, look, inertial);
  let inertia = inertiaOf(tracks, inertial, noise);
  let law: MotionLaw = motionLaw(tracks, { nearest, cutoff, cells, terms, inertia });
  let coefficients: Float64Array = new Float64Array(law.size);
  if (inertial) coefficients[law.size - 1] = question.friction ?? 0.1 / look.interval;
  if (from !== undefined) beginWith(coefficients, law, from);
  const rough = { substeps: inertial ? substeps : 1, bend: false, skip };
  const full = { substeps, bend: true, skip };
  const plan = [
    ...(from !== undefined ? [] : inertial ? [rough, rough] : [rough]),
    ...Array.from({ length: passes }, () => full),
  ];
  let problem: FilterProblem = { tracks, law, inertial, inertia };
  let posterior: MotionPosterior | null = null;
  for (const [n, options] of plan.entries()) {
    if (tracks.kinds > 1 && !inertial) {
      inertia = inertiaOf(tracks, inertial, noise);
      law = motionLaw(tracks, { nearest, cutoff, cells, terms, inertia });
      problem = { tracks, law, inertial, inertia };
    }
    const equations = filterPass(problem, coefficients, noise, { ...options, tangent: true });
    posterior = motionPosterior(law, equations, { average: false });
    if (posterior === null) return null;
    ({ coefficients } = posterior);
    const own = coefficients;
    noise = fitNoise((at) => filterPass(problem, own, at, { ...options, tangent: false }), noise, {
      none: NO_BLUR * look.interval * (inertial ? look.interval * look.interval : 1),
      near: n + 1 < plan.length,
      kinds: inertial ? 1 : tracks.kinds,
    });
    yield { phase: "filter", iterations: n + 1, loss: look.meanSquare };
  }
  const pass = filterPass(problem, coefficients, noise, {
    ...(plan.at(-1) ?? full),
    tangent: true,
  });
  posterior = motionPosterior(law, pass, { average });
  if (posterior === null) return null;
  return { problem, question, posterior, noise: noise as FittedNoise, pass, look, separations };
}

/** What a fit before has found, as far as it is of the same columns. */
function beginWith(
  coefficients: Float64Array,
  { basis, size }: MotionLaw,
  { problem: { law, inertial }, posterior }: MotionFit,
): void {
  const knots = ({ clusters }: MotionLaw["basis"]): string =>
    clusters.map((cluster) => cluster.knots.join()).join(";");
  if (knots(law.basis) === knots(basis))
    coefficients.set(posterior.coefficients.subarray(0, basis.size));
  if (inertial) coefficients[size - 1] = posterior.coefficients[law.size - 1];
}

/** Noise to begin with: by the covariance of neighbouring steps without inertia, else a sixth of a step's motion. */
function firstNoise(
  tracks: Tracks,
  { meanSquare, interval, correlations }: StepLook,
  inertial: boolean,
): Noise {
  const kinds = inertial ? 1 : tracks.kinds;
  if (inertial) {
    const speed =
      meanSquareSpeed(tracks) * (tracks.masses.reduce((a, b) => a + b, 0) / tracks.particles);
    return {
      rates: new Float64Array(tracks.kinds).fill((0.1 * speed) / interval),
      blur: 0.003 * meanSquare,
    };
  }
  const along = Number.isFinite(correlations[0]) ? correlations[0] * meanSquare : 0;
  const diffusion = Math.max(meanSquare + 2 * along, LEAST_DIFFUSION * meanSquare) / interval;
  return {
    rates: new Float64Array(kinds).fill(diffusion),
    blur: Math.max(-along, LEAST_BLUR * meanSquare),
  };
}

/** What forces are divided by: masses, or the inverse of mobilities relative to their mean. */
function inertiaOf(
  { masses, kind, kinds }: Tracks,
  inertial: boolean,
  { rates }: Noise,
): Float64Array {
  if (inertial) return masses;
  const mean = rates.reduce((a, b) => a + b, 0) / kinds;
  return Float64Array.from(kind, (k) => mean / rates[k]);
}

/** Pairs beyond so many are not all looked at. */
const MOST_PAIRS = 4e6;

/** Sorted separations below a cutoff, one array a law. */
export function separationsOf(tracks: Tracks, cutoff: number): Float64Array[] {
  const {
    trajectories,
    records,
    particles,
    dimension: d,
    positions,
    seen,
    kind,
    kinds,
    nearest,
  } = tracks;
  const laws = (kinds * (kinds + 1)) / 2;
  const out: number[][] = Array.from({ length: laws }, () => []);
  const frames = trajectories * records;
  const every = Math.max(1, Math.floor((frames * particles * particles) / 2 / MOST_PAIRS));
  const n = new Float64Array(3);
  for (let frame = 0; frame < frames; frame += every)
    for (let i = 0; i < particles; i++) {
      const p = frame * particles + i;
      if (seen !== null && seen[p] !== 1) continue;
      for (let j = 0; j < i; j++) {
        const q = frame * particles + j;
        if (seen !== null && seen[q] !== 1) continue;
        for (let a = 0; a < d; a++) n[a] = positions[p * d + a] - positions[q * d + a];
        nearest?.(n);
        let s = 0;
        for (let a = 0; a < d; a++) s += n[a] * n[a];
        if (!(s < cutoff * cutoff)) continue;
        const [low, high] = kind[i] < kind[j] ? [kind[i], kind[j]] : [kind[j], kind[i]];
        out[low * kinds - (low * (low - 1)) / 2 + high - low]?.push(Math.sqrt(s));
      }
    }
  return out.map((own) => Float64Array.from(own).sort());
}
