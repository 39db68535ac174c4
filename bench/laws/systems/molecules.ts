import { lennardJones, morse } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { bipyramid, still, tetrahedron, turning } from "./configurations.ts";
import { type LawSystem, oneLaw } from "./law-system.ts";

/** Distance of neighbours in a small Lennard-Jones cluster. */
const LJ_EDGE = 1.12;
const seven = bipyramid(5, LJ_EDGE);
const five = bipyramid(3, LJ_EDGE);
const four = tetrahedron(1);
/** Two molecules that go round each other, five apart. */
const dimers = [
  [2.5, 0.5, 0],
  [2.5, -0.5, 0],
  [-2.5, 0, 0.5],
  [-2.5, 0, -0.5],
];

/** Hard cores and bottoms. */
export const moleculeSystems: readonly LawSystem[] = [
  oneLaw({
    name: "lennard-jones-warm",
    title: "Lennard-Jones, warm",
    formula: "4 (r⁻¹² - r⁻⁶)",
    pair: lennardJones(),
    masses: [1, 1, 1, 1, 1, 1, 1],
    dimension: 3,
    positions: seven,
    velocities: still(seven),
    jitter: { position: 0.04, velocity: 0.6 },
    spacing: 0.05,
    separations: [[0.85, 4]],
    heldOut: { time: 2 },
  }),
  oneLaw({
    name: "lennard-jones-cold",
    title: "Lennard-Jones, cold, sparse records",
    formula: "4 (r⁻¹² - r⁻⁶)",
    pair: lennardJones(),
    masses: [1, 1, 1, 1, 1],
    dimension: 3,
    positions: five,
    velocities: still(five),
    jitter: { position: 0.01, velocity: 0.1 },
    spacing: 0.12,
    separations: [[0.9, 2.5]],
    heldOut: { time: 20 },
  }),
  oneLaw({
    name: "morse",
    title: "Morse, unequal masses",
    formula: "(1 - exp((1 - r) / 0.4))²",
    pair: morse({ depth: 1, width: 0.4, restLength: 1 }),
    masses: [1, 2, 3, 1.5],
    dimension: 3,
    positions: four,
    velocities: turning(four, 0.3),
    jitter: { position: 0.06, velocity: 0.3 },
    spacing: 0.1,
    separations: [[0.4, 3.5]],
    heldOut: { time: 10 },
  }),
  oneLaw({
    name: "two-ranges",
    title: "two separated ranges, sparse records",
    formula: "2 (1 - exp((1 - r) / 0.4))² - 2 / r",
    pair: parseFormula("2*(1 - exp((1 - r)/0.4))^2 - 2/r", { name: "two-ranges" }),
    masses: [1, 1, 1, 1],
    dimension: 3,
    positions: dimers,
    velocities: [
      [0, 0.63, 0],
      [0, 0.63, 0],
      [0, -0.63, 0],
      [0, -0.63, 0],
    ],
    jitter: { position: 0.05, velocity: 0.15 },
    spacing: 0.2,
    separations: [
      [0.5, 1.7],
      [3, 9],
    ],
    heldOut: { time: 10 },
  }),
];
