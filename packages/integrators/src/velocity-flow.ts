import {
  accelerations,
  type Force,
  type ParticleSystem,
  partsOf,
  type State,
  sumOfForces,
} from "@mclnn/physics";

/**
 * Changes the velocities of a state as forces do over a time, at positions and a time that stand still.
 *
 * @param moved - whether these are others than at the last kick @param now - the time at which forces act
 */
export type Kick = (time: number, moved: boolean, now: number) => void;

/** Gauss-Legendre collocation of three stages. */
const ROOT = Math.sqrt(15);
const STAGES = [
  [5 / 36, 2 / 9 - ROOT / 15, 5 / 36 - ROOT / 30],
  [5 / 36 + ROOT / 24, 2 / 9, 5 / 36 - ROOT / 24],
  [5 / 36 + ROOT / 30, 2 / 9 + ROOT / 15, 5 / 36],
] as const;
const WEIGHTS: Weights = [5 / 18, 4 / 9, 5 / 18];
type Weights = readonly [number, number, number];

/** Slopes that still change after so many rounds call for a kick in halves, up to so many; three to six are usual. */
const ROUNDS = 30;
const MOST_PARTS = 64;
/**
 * So does a part in which a round leaves more than this share of the last one's change: it leaves 0.14 to 0.22 h |da/dv|, and up to
 * h |da/dv| = 0.05 the error (h |da/dv|)^7 / 100,800 is below 1e-14.
 */
const EXACT_SHARE = 0.008;
/** Changes up to so many times the smallest are half roundoff, and tell nothing of it. */
const ABOVE_ROUNDOFF = 1000;
/** Share of a velocity that no longer changes it; and share of an impulse below which changes that stop falling are the force's own roundoff. */
const ROUNDOFF = 2 ** -53;
const NOISE = 1e-6;

/**
 * Flow of the velocities at positions that stand still, v' = a(q, v), where forces read velocities.
 *
 * Forces of positions alone are evaluated once and held. The rest flows by Gauss collocation of order 6, solved to roundoff, whatever the force: it is
 * its own inverse for -dt, keeps total momentum and what is quadratic in velocities wherever the force does (|v| in a magnetic field), and is
 * exact to roundoff where the force is linear in velocities: a kick is taken in parts that are short enough, up to dt |da/dv| = 2.
 *
 * Source: Hairer, Lubich, Wanner, Geometric Numerical Integration (2006), II.1.3, IV.2, V.2; solved as in VIII.6.
 */
export function velocityFlow(system: ParticleSystem, { positions, velocities: v }: State): Kick {
  const [still, reading] = divided(system);
  const n = v.length;
  const vector = (): Float64Array => new Float64Array(n);
  const [held, start, at, found] = [vector(), vector(), vector(), vector()] as const;
  let clock = 0;
  const slopes = [vector(), vector(), vector()] as const;
  const [one, two, three] = slopes;
  /** Largest change of an impulse in each round, from 1. */
  const changes = new Float64Array(ROUNDS + 1).fill(Number.POSITIVE_INFINITY);

  function slopeAt(velocities: Float64Array, out: Float64Array): void {
    accelerations(reading, positions, out, velocities, clock);
    for (let k = 0; k < n; k++) out[k] = (held[k] as number) + (out[k] as number);
  }

  /** The stages' slopes for a part of the kick; whether they settled, and so fast that it is exact. */
  function solve(h: number): boolean {
    slopeAt(v, found);
    for (const slope of slopes) slope.set(found);
    let speed = 0;
    for (let k = 0; k < n; k++) speed = Math.max(speed, Math.abs(v[k] as number));
    for (let round = 1; round <= ROUNDS; round++) {
      let change = 0;
      let impulse = 0;
      for (let s = 0; s < 3; s++) {
        const slope = slopes[s] as Float64Array;
        addSlopes(STAGES[s] as Weights, h, at);
        slopeAt(at, found);
        for (let k = 0; k < n; k++) {
          const to = h * (found[k] as number);
          const by = Math.abs(to - h * (slope[k] as number));
          if (!(by <= change)) change = by;
          if (Math.abs(to) > impulse) impulse = Math.abs(to);
          slope[k] = found[k] as number;
        }
      }
      changes[round] = change;
      const least = ROUNDOFF * Math.max(speed, impulse);
      if (change <= least) return fast(round, least);
      if (!(change < (changes[round - 1] as number)))
        return change <= NOISE * impulse && fast(round, change);
    }
    return false;
  }

  function fast(rounds: number, roundoff: number): boolean {
    for (let k = 2; k <= rounds; k++) {
      const [before, change] = [changes[k - 1] as number, changes[k] as number];
      if (change > ABOVE_ROUNDOFF * roundoff && change > EXACT_SHARE * before) return false;
    }
    return true;
  }

  function addSlopes([a, b, c]: Weights, h: number, out: Float64Array): void {
    for (let k = 0; k < n; k++)
      out[k] =
        (v[k] as number) +
        h * (a * (one[k] as number) + b * (two[k] as number) + c * (three[k] as number));
  }

  return (time, moved, now) => {
    clock = now;
    if (moved) accelerations(still, positions, held, v, now);
    start.set(v);
    for (let count = 1; ; count *= 2) {
      const h = time / count;
      let done = 0;
      for (; done < count && (solve(h) || count === MOST_PARTS); done++) addSlopes(WEIGHTS, h, v);
      if (done === count) return;
      v.set(start);
    }
  };
}

/** What stays through a kick, and what reads velocities: all forces where velocities decide how bodies respond to them. */
function divided(system: ParticleSystem): [still: ParticleSystem, reading: ParticleSystem] {
  const parts = partsOf(system.potential);
  const responds = system.potential.inertia !== undefined;
  const stays = ({ reads }: Force): boolean => !responds && !reads.includes("velocities");
  const of = (still: boolean): ParticleSystem => ({
    ...system,
    potential: sumOfForces(...parts.filter((part) => stays(part) === still)),
  });
  return [of(true), of(false)];
}
