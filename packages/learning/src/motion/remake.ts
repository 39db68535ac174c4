import { createRandom, type Random } from "@mclnn/datasets";
import { baoab, eulerMaruyama, type Integrator, rolloutIterator } from "@mclnn/integrators";
import { curveDerivativeAt, splineCurve } from "@mclnn/models/parts";
import type { Force, ParticleSystem, State } from "@mclnn/physics";
import { Drift } from "./drift.ts";
import type { FilterProblem, Noise } from "./filter.ts";
import type { Tracks } from "./tracks.ts";

/** A law of tracks at its coefficients, with its noise. */
export interface MotionAt {
  readonly problem: FilterProblem;
  readonly coefficients: Float64Array;
  readonly noise: Noise;
  /** Mean square of a velocity component times the mass; of motion with inertia. */
  readonly temperature: number;
}

/** A step of a simulation lets no wall relax by more than this share, nor swing by more than this part of a radian. */
const RELAXES = 1 / 8;
const SWINGS = 0.2;
const MOST_STEPS = 1000;
/** Places at which a law is looked at for its stiffest. */
const PLACES = 64;
/** A list of pairs is made anew after a particle has gone by this share of the cutoff. */
const GONE = 0.12;

/** Steps of a simulation between two frames. */
export function stepsBetweenFrames({
  problem,
  coefficients,
}: Omit<MotionAt, "noise" | "temperature">): number {
  const { law, tracks, inertial, inertia } = problem;
  const curve = splineCurve(law.basis, coefficients);
  let stiffest = 0;
  law.basis.clusters.forEach(({ knots }, index) => {
    for (let k = 0; k <= PLACES; k++) {
      const r = knots[0] + ((law.cutoff - knots[0]) * k) / PLACES;
      stiffest = Math.max(stiffest, Math.abs(curveDerivativeAt(law.basis.cells, curve, index, r)));
    }
  });
  const lightest = inertia.reduce((a, b) => Math.min(a, b));
  const rate = stiffest / lightest;
  const step = inertial ? SWINGS / Math.sqrt(rate) : RELAXES / rate;
  const times = tracks.times;
  let longest = 0;
  for (let k = 1; k < times.length; k++) longest = Math.max(longest, times[k] - times[k - 1]);
  return rate > 0 ? Math.min(MOST_STEPS, Math.max(1, Math.ceil(longest / step))) : 1;
}

/** Tracks that a law makes from the same first places, at the same times, with the same gaps and noise of places. */
export function remake(at: MotionAt, seed: number): Tracks {
  const { tracks } = at.problem;
  const { trajectories, records, particles, dimension: d } = tracks;
  const random = createRandom(seed);
  const positions = new Float64Array(tracks.positions.length);
  const size = particles * d;
  const blur = Math.sqrt(at.noise.blur);
  for (let t = 0; t < trajectories; t++) {
    const frames = follow(at, t, random);
    for (let k = 0; k < records; k++)
      for (let o = 0; o < size; o++)
        positions[(t * records + k) * size + o] = frames[k * size + o] + blur * random.normal();
  }
  return { ...tracks, positions };
}

/** One trajectory under the law. [records x particles x dimension] */
function follow(at: MotionAt, trajectory: number, random: Random): Float64Array {
  const { problem, temperature } = at;
  const { tracks, inertial } = problem;
  const { records, particles, dimension: d, times, masses } = tracks;
  const size = particles * d;
  const out = new Float64Array(records * size);
  const stride = stepsBetweenFrames(at);
  const system: ParticleSystem = { masses, dimension: d, potential: forceOf(at) };
  const positions = firstPlaces(tracks, trajectory);
  const velocities = Float64Array.from({ length: size }, (_, o) =>
    inertial ? Math.sqrt(temperature / masses[Math.floor(o / d)]) * random.normal() : 0,
  );
  let state: State = { time: times[0], positions, velocities };
  out.set(positions);
  const integrator = methodOf(at, random);
  for (let k = 1; k < records; k++) {
    const dt = (times[k] - times[k - 1]) / stride;
    for (const next of rolloutIterator(system, state, { dt, stride, records: 2, integrator }))
      state = next;
    out.set(state.positions, k * size);
  }
  return out;
}

/** Where each particle is seen first. */
function firstPlaces(
  { records, particles, dimension: d, positions, seen }: Tracks,
  t: number,
): Float64Array {
  const out = new Float64Array(particles * d);
  for (let i = 0; i < particles; i++) {
    let k = 0;
    while (k < records - 1 && seen !== null && seen[(t * records + k) * particles + i] !== 1) k++;
    const o = ((t * records + k) * particles + i) * d;
    for (let a = 0; a < d; a++) out[i * d + a] = positions[o + a];
  }
  return out;
}

/** The law's forces: what the filter has over inertia, times it. */
function forceOf({ problem, coefficients }: MotionAt): Force {
  const { tracks, law, inertia } = problem;
  const { particles, dimension: d } = tracks;
  const drift = new Drift(tracks, law, inertia);
  drift.setLaw(coefficients);
  const mean = new Float64Array(particles * d);
  const cloud = {
    ...{ width: d, mean, covariance: new Float64Array(particles * d * d) },
    alive: new Uint8Array(particles).fill(1),
  };
  const listed = new Float64Array(particles * d).fill(Number.NaN);
  const far = GONE * law.cutoff * (GONE * law.cutoff);
  return {
    name: "learned law",
    reads: "positions",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces(_, positions, out) {
      mean.set(positions);
      let moved = false;
      for (let i = 0; i < particles && !moved; i++) {
        let s = 0;
        for (let a = 0; a < d; a++) {
          const x = positions[i * d + a] - listed[i * d + a];
          s += x * x;
        }
        moved = !(s < far);
      }
      if (moved) {
        listed.set(positions);
        drift.listPairs(cloud);
      }
      drift.evaluate(cloud, { bend: false, tangent: false });
      for (let o = 0; o < out.length; o++) out[o] += inertia[Math.floor(o / d)] * drift.force[o];
    },
  };
}

/** Forces without inertia are in units of kT over the mean D. */
function methodOf({ problem, noise, coefficients }: MotionAt, random: Random): Integrator {
  const { law, inertial, tracks } = problem;
  if (inertial) {
    const friction = coefficients[law.size - 1];
    return baoab({ friction, temperature: noise.rates[0] / (2 * friction), random });
  }
  const mean = noise.rates.reduce((a, b) => a + b, 0) / tracks.kinds / 2;
  return eulerMaruyama({
    diffusion: Array.from(noise.rates, (q) => q / 2),
    temperature: mean,
    random,
  });
}
