import { experimentByName } from "@mclnn/datasets";
import {
  coulomb,
  definePairPotential,
  gaussianWell,
  lennardJones,
  linearSpring,
  MclnnError,
  morse,
  powerLaw,
  softCore,
  yukawa,
} from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { bipyramid, inward, polygon, still, tetrahedron, turning } from "./configurations.ts";
import { type LawSystem, lawSystem } from "./law-system.ts";

const equal = (particles: number): number[] => new Array(particles).fill(1);
const free = (k: number) => ({ ...coulomb({ k }), coupling: "none" }) as const;

/** One of the paper's systems, from its own starts; the held-out start is the one no training of the paper uses. */
function ofPaper(
  name: string,
  formula: string,
  watching: Pick<LawSystem, "wander" | "separations"> & { jitter: readonly [number, number] },
): LawSystem {
  const experiment = experimentByName(name);
  const { title, pair, masses, dimension, trainStart, testStart, dt, stride } = experiment;
  return lawSystem(name, title, formula, pair, {
    ...{ masses, dimension, positions: trainStart.positions, velocities: trainStart.velocities },
    ...{ spacing: dt * stride, heldOut: { start: testStart, time: 20 }, ...watching },
  });
}

// Attraction and repulsion without a bottom: the clouds that repel fly in, turn and leave.
const three = polygon(3, 0.87, 2);
const pyramid = tetrahedron(2.6);
const hexagon = polygon(6, 2, 2);
const widePyramid = tetrahedron(2.4);
// Hard cores and bottoms; two molecules that go round each other, five apart.
const seven = bipyramid(5, 1.12);
const five = bipyramid(3, 1.12);
const four = tetrahedron(1);
const dimers = [2.5, -2.5].flatMap((x) => [0.5, -0.5].map((h) => (x > 0 ? [x, h, 0] : [x, 0, h])));
// Laws chosen for their shape.
const pentagon = polygon(5, 1.2, 3);
const triangle = polygon(3, 0.7, 3);
const square = polygon(4, 0.8, 2);
const wide = polygon(4, 1.4, 3);
/** Three light particles joined by springs, two heavy ones that repel each other and stick to the light ones. */
const mixed = bipyramid(3, 1.3);

/** A spring that is stiffer pressed than pulled. */
const stiffness = (r: number): number => (r < 1 ? 20 : 4);
const kink = definePairPotential({
  name: "kink",
  energy: (r) => 0.5 * stiffness(r) * (r - 1) ** 2,
  slope: (r) => stiffness(r) * (r - 1),
  curvature: stiffness,
});
const formula = (name: string, text: string) => parseFormula(text, { name });

/** The library, in the order of its tables. */
export const lawSystems: readonly LawSystem[] = [
  ofPaper("linear-spring", "(r - 1)² / 2", { jitter: [0.1, 0.15], separations: [[0.2, 4]] }),
  ofPaper("quartic-spring", "(r - 1)⁴ / 2", { jitter: [0.1, 0.15], separations: [[0.2, 4]] }),
  // The paper's run passes through all of the orbits.
  ofPaper("gravity", "-mᵢmⱼ / r", { jitter: [0.08, 0.05], wander: 10, separations: [[0.45, 15]] }),
  lawSystem("coulomb-attraction", "Coulomb, attraction", "-1 / r", free(-1), {
    ...{ masses: equal(3), dimension: 2, positions: three, velocities: turning(three, 0.85) },
    ...{ jitter: [0.08, 0.1], separations: [[0.5, 6]], heldOut: { time: 5 } },
  }),
  lawSystem("coulomb-repulsion", "Coulomb, repulsion", "1 / r", free(1), {
    ...{ masses: [1, 1, 2, 0.5], positions: pyramid, velocities: inward(pyramid, 1.2) },
    ...{ jitter: [0.2, 0.2], spacing: 0.15, separations: [[0.3, 8]], heldOut: { time: 2.85 } },
  }),
  lawSystem("yukawa", "Yukawa", "3 exp(-r) / r", yukawa({ strength: 3, range: 1 }), {
    ...{ masses: equal(6), dimension: 2, positions: hexagon, velocities: inward(hexagon, 1.2) },
    ...{ jitter: [0.2, 0.2], separations: [[0.3, 8]], heldOut: { time: 1.9 } },
  }),
  lawSystem(
    ...(["inverse-cube", "power law, repulsion", "1 / (3 r³)"] as const),
    powerLaw({ strength: 1 / 3, exponent: -3 }),
    {
      ...{ masses: [1, 1, 2, 2], positions: widePyramid, velocities: inward(widePyramid, 1) },
      ...{ jitter: [0.15, 0.2], separations: [[0.3, 6]], heldOut: { time: 1.9 } },
    },
  ),
  lawSystem("lennard-jones-warm", "Lennard-Jones, warm", "4 (r⁻¹² - r⁻⁶)", lennardJones(), {
    ...{ masses: equal(7), positions: seven, velocities: still(seven) },
    ...{ jitter: [0.04, 0.6], spacing: 0.05, separations: [[0.85, 4]], heldOut: { time: 2 } },
  }),
  lawSystem(
    ...(["lennard-jones-cold", "Lennard-Jones, cold, sparse records", "4 (r⁻¹² - r⁻⁶)"] as const),
    lennardJones(),
    {
      ...{ masses: equal(5), positions: five, velocities: still(five) },
      ...{ jitter: [0.01, 0.1], spacing: 0.12, separations: [[0.9, 2.5]], heldOut: { time: 20 } },
    },
  ),
  lawSystem(
    ...(["morse", "Morse, unequal masses", "(1 - exp((1 - r) / 0.4))²"] as const),
    morse({ depth: 1, width: 0.4, restLength: 1 }),
    {
      ...{ masses: [1, 2, 3, 1.5], positions: four, velocities: turning(four, 0.3) },
      ...{ jitter: [0.06, 0.3], separations: [[0.4, 3.5]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["two-ranges", "two separated ranges, sparse records"] as const),
    "2 (1 - exp((1 - r) / 0.4))² - 2 / r",
    formula("two-ranges", "2*(1 - exp((1 - r)/0.4))^2 - 2/r"),
    {
      ...{ masses: equal(4), positions: dimers },
      velocities: dimers.map(([x]) => [0, x > 0 ? 0.63 : -0.63, 0]),
      ...{ jitter: [0.05, 0.15], spacing: 0.2, heldOut: { time: 10 } },
      separations: [
        [0.5, 1.7],
        [3, 9],
      ],
    },
  ),
  lawSystem(
    ...(["soft-core", "soft core, unequal masses", "-1 / √(r² + 1/4)"] as const),
    softCore({ strength: 1, core: 0.5 }),
    {
      ...{ masses: [1, 0.5, 2, 1, 1.5], positions: pentagon, velocities: turning(pentagon, 0.8) },
      ...{ jitter: [0.2, 0.25], separations: [[0.1, 5]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["cubic", "power law, attraction", "r³ / 3"] as const),
    powerLaw({ strength: 1 / 3, exponent: 3 }),
    {
      ...{ masses: equal(3), positions: triangle, velocities: turning(triangle, 0.8) },
      ...{ jitter: [0.12, 0.2], separations: [[0.1, 4]], heldOut: { time: 20 } },
    },
  ),
  lawSystem(
    ...(["gaussian-well", "Gaussian well", "-3 exp(-r² / 2)"] as const),
    gaussianWell({ depth: 3, width: 1, centre: 0 }),
    {
      ...{ masses: equal(4), dimension: 2, positions: square, velocities: turning(square, 1.5) },
      ...{ jitter: [0.15, 0.3], separations: [[0.05, 5]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["double-well", "double well", "8 ((r - 3/2)² - 1/4)²"] as const),
    formula("double-well", "8*((r - 1.5)^2 - 0.25)^2"),
    {
      ...{ masses: equal(3), positions: polygon(3, 0.75, 3), velocities: still(triangle) },
      ...{ jitter: [0.12, 0.6], separations: [[0.3, 3]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["kink", "kink: V' bends at r = 1", "10 (r - 1)² pressed, 2 (r - 1)² pulled"] as const),
    kink,
    {
      ...{ masses: equal(4), positions: four, velocities: still(four) },
      ...{ jitter: [0.08, 0.4], separations: [[0.3, 3]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["long-tail", "short range with a long tail"] as const),
    "0.1 exp((1 - r) / 0.08) - 1 / r",
    formula("long-tail", "0.1*exp((1 - r)/0.08) - 1/r"),
    {
      ...{ masses: [1, 2, 1, 2], positions: wide, velocities: turning(wide, 0.45) },
      ...{ jitter: [0.15, 0.2], separations: [[0.7, 6]], heldOut: { time: 10 } },
    },
  ),
  lawSystem(
    ...(["two-species", "two species, three laws"] as const),
    "(r - 1)² / 2; 2 (1 - exp(2 (1.2 - r)))²; 1 / r",
    [
      { species: [0, 0], pair: linearSpring() },
      { species: [0, 1], pair: morse({ depth: 2, width: 0.5, restLength: 1.2 }) },
      { species: [1, 1], pair: free(1) },
    ],
    {
      ...{ species: [0, 0, 0, 1, 1], masses: [1, 1, 1, 2, 2] },
      ...{ positions: mixed, velocities: turning(mixed, 0.3) },
      ...{ jitter: [0.1, 0.35], separations: [[0.3, 5]], heldOut: { time: 10 } },
    },
  ),
];

/** A system of the library. @throws MclnnError `unknown-system` with the names there are */
export function lawSystemByName(name: string): LawSystem {
  const found = lawSystems.find((system) => system.name === name);
  if (found === undefined)
    throw new MclnnError(`there is no system "${name}"`, {
      ...{ code: "unknown-system", argument: "systems", got: name },
      expected: `one of ${lawSystems.map((system) => system.name).join(", ")}`,
    });
  return found;
}
