import {
  createState,
  createSystem,
  gravity,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import { harmonicTrap } from "@mclnn/physics/potentials";

/** A system whose motion is known in closed form. */
export interface SolvedSystem {
  readonly name: string;
  readonly system: ParticleSystem;
  readonly start: State;
  /** Positions, then velocities, at a time. */
  exact(time: number): number[];
}

/** One particle in a harmonic trap of frequency 1.3, in two dimensions. */
export function harmonicOscillator(): SolvedSystem {
  const frequency = 1.3;
  const [q, v] = [
    [1, 0.2],
    [-0.4, 0.9],
  ] as const;
  const potential = harmonicTrap({ stiffness: 2 * frequency * frequency });
  return {
    name: "harmonic oscillator",
    system: createSystem({ masses: [2], dimension: 2, potential }),
    start: createState({ positions: [q], velocities: [v] }, { dimension: 2 }),
    exact(time) {
      const [c, s] = [Math.cos(frequency * time), Math.sin(frequency * time)];
      return [
        ...q.map((q0, i) => q0 * c + ((v[i] as number) / frequency) * s),
        ...q.map((q0, i) => (v[i] as number) * c - q0 * frequency * s),
      ];
    },
  };
}

/** Two bodies of masses 1 and 3 on ellipses round their centre of mass: semi-major axis 1, so the mean motion is 2. */
export function keplerProblem(eccentricity: number): SolvedSystem {
  const masses = [1, 3] as const;
  const total = 4;
  const motion = Math.sqrt(total);
  const minor = Math.sqrt(1 - eccentricity * eccentricity);
  function exact(time: number): number[] {
    // Kepler's equation by Newton's method.
    let anomaly = motion * time;
    for (let i = 0; i < 50; i++)
      anomaly -=
        (anomaly - eccentricity * Math.sin(anomaly) - motion * time) /
        (1 - eccentricity * Math.cos(anomaly));
    const rate = motion / (1 - eccentricity * Math.cos(anomaly));
    const apart = [Math.cos(anomaly) - eccentricity, minor * Math.sin(anomaly)];
    const rates = [-Math.sin(anomaly) * rate, minor * Math.cos(anomaly) * rate];
    return [apart, rates].flatMap((r) =>
      [masses[1] / total, -masses[0] / total].flatMap((share) => r.map((x) => share * x)),
    );
  }
  const at0 = exact(0);
  return {
    name: `Kepler problem, eccentricity ${eccentricity}`,
    system: createSystem({ masses, dimension: 2, potential: pairwise(gravity()) }),
    start: createState({ positions: at0.slice(0, 4), velocities: at0.slice(4) }, { dimension: 2 }),
    exact,
  };
}
