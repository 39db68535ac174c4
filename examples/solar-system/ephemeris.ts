import { addPositionNoise, type TrajectorySet } from "@mclnn/datasets";
import { Body, HelioState } from "astronomy-engine";

/** Masses of the Sun and the planets (with their moons), in solar masses (IAU 2009 system of constants: ratios to the Sun). */
const BODIES: readonly (readonly [Body, number])[] = [
  [Body.Sun, 1],
  [Body.Mercury, 1 / 6_023_600],
  [Body.Venus, 1 / 408_523.71],
  // Where Earth and Moon have their common centre of mass.
  [Body.EMB, 1 / 328_900.56],
  [Body.Mars, 1 / 3_098_703.59],
  [Body.Jupiter, 1 / 1_047.3486],
  [Body.Saturn, 1 / 3_497.898],
  [Body.Uranus, 1 / 22_902.98],
  [Body.Neptune, 1 / 19_412.26],
];

export const NAMES: readonly string[] = BODIES.map(([body]) =>
  body === Body.EMB ? "Earth" : body,
);

/** Noise that is added to positions, 15 km: the centre of mass is taken with the known masses, and would give the smallest of them away. */
const NOISE = 1e-7;

/** The gravitational constant of Gauss: in astronomical units, solar masses and days. */
export const GAUSS = 0.01720209895 ** 2;

/**
 * Positions and velocities of the Sun and planets as seen from their common centre of mass, cut into trajectories.
 *
 * Astronomical units, days, solar masses. astronomy-engine gives heliocentric states; what moves with the Sun is taken out again by the
 * centre of mass.
 */
export function solarSystem({
  years = 20,
  trajectories = 20,
  records = 20,
}: {
  years?: number;
  trajectories?: number;
  records?: number;
} = {}): TrajectorySet {
  const particles = BODIES.length;
  const frames = trajectories * records;
  const spacing = (years * 365.25) / frames;
  const positions = new Float64Array(frames * particles * 3);
  const velocities = new Float64Array(frames * particles * 3);
  const masses = Float64Array.from(BODIES, ([, mass]) => mass);
  const total = masses.reduce((a, b) => a + b);
  const epoch = Date.UTC(2000, 0, 1, 12);
  for (let k = 0; k < frames; k++) {
    const time = new Date(epoch + k * spacing * 86_400_000);
    const states = BODIES.map(([body]) => HelioState(body, time));
    const mean = (component: (state: (typeof states)[number]) => number): number =>
      states.reduce((sum, state, i) => sum + (masses[i] as number) * component(state), 0) / total;
    const centre = [mean((s) => s.x), mean((s) => s.y), mean((s) => s.z)] as const;
    const drift = [mean((s) => s.vx), mean((s) => s.vy), mean((s) => s.vz)] as const;
    states.forEach(({ x, y, z, vx, vy, vz }, i) => {
      const o = (k * particles + i) * 3;
      positions.set([x - centre[0], y - centre[1], z - centre[2]], o);
      velocities.set([vx - drift[0], vy - drift[1], vz - drift[2]], o);
    });
  }
  const set: TrajectorySet = {
    trajectories,
    records,
    particles,
    dimension: 3,
    times: Float64Array.from({ length: records }, (_, k) => k * spacing),
    masses,
    positions,
    velocities,
    provenance: { source: "astronomy-engine", from: new Date(epoch).toISOString(), years },
  };
  return addPositionNoise(set, { sigma: NOISE, seed: 1 });
}
