import {
  createState,
  createSystem,
  gravity,
  type ParticleSystem,
  pairwise,
  type State,
  sumOfForces,
} from "@mclnn/physics";
import {
  harmonicTrap,
  linearDrag,
  magneticField,
  quadraticDrag,
  uniformField,
} from "@mclnn/physics/forces";

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

/**
 * One charge in a trap, with drag and a magnetic field: in the complex plane z" = -k z - (gamma + i b) z', so z = A exp(s t) + B exp(u t)
 * with s, u the roots of s^2 + (gamma + i b) s + k = 0.
 */
export function dampedCharge(gamma: number, b: number): SolvedSystem {
  const k = 1.7;
  const [z0, v0]: [Complex, Complex] = [
    [1, 0.2],
    [-0.4, 0.9],
  ];
  const half: Complex = [-gamma / 2, -b / 2];
  const root = squareRoot(plus(product(half, half), [-k, 0]));
  const [s, u] = [plus(half, root), minus(half, root)];
  const first = quotient(minus(v0, product(u, z0)), minus(s, u));
  const parts = [
    [first, s],
    [minus(z0, first), u],
  ] as const;
  const mass = 2;
  const potential = sumOfForces(
    harmonicTrap({ stiffness: k, coupling: "mass" }),
    linearDrag({ coefficient: gamma, coupling: "mass" }),
    magneticField(mass * b, { coupling: "none" }),
  );
  return {
    name: `trap, drag ${gamma}, magnetic field ${b}`,
    system: createSystem({ masses: [mass], dimension: 2, potential }),
    start: createState({ positions: [z0], velocities: [v0] }, { dimension: 2 }),
    exact(time) {
      const terms = parts.map(([a, rate]) => product(a, exponential(product(rate, [time, 0]))));
      const rates = parts.map(([, rate], p) => product(rate, terms[p] as Complex));
      return [terms, rates].flatMap(([x, y]) => plus(x as Complex, y as Complex));
    },
  };
}

/** A shot down through air: |v| = w coth(a), a = a0 + g t / w; way w^2 / g log sinh(a), with the last speed w = sqrt(m g / c). */
export function shotThroughAir(): SolvedSystem {
  const [g, c, mass, push] = [3, 2, 2, 0.3] as const;
  const last = Math.sqrt((mass * g) / c);
  const down = [0.6, -0.8];
  const potential = sumOfForces(
    uniformField(down.map((x) => g * x)),
    quadraticDrag({ coefficient: c }),
  );
  return {
    name: "shot through air",
    system: createSystem({ masses: [mass], dimension: 2, potential }),
    start: createState(
      { positions: [0, 0], velocities: down.map((x) => (last / Math.tanh(push)) * x) },
      { dimension: 2 },
    ),
    exact(time) {
      const a = push + (g * time) / last;
      const way = (last ** 2 / g) * Math.log(Math.sinh(a) / Math.sinh(push));
      const speed = last / Math.tanh(a);
      return [way, speed].flatMap((size) => down.map((x) => size * x));
    },
  };
}

type Complex = [number, number];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const minus = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const product = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const quotient = (x: Complex, [c, d]: Complex): Complex => {
  const [a, b] = product(x, [c, -d]);
  return [a / (c * c + d * d), b / (c * c + d * d)];
};
const exponential = ([a, b]: Complex): Complex => [
  Math.exp(a) * Math.cos(b),
  Math.exp(a) * Math.sin(b),
];
const squareRoot = ([a, b]: Complex): Complex => {
  const [size, angle] = [Math.sqrt(Math.hypot(a, b)), Math.atan2(b, a) / 2];
  return [size * Math.cos(angle), size * Math.sin(angle)];
};

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
