import { definePairPotential, gaussianWell, powerLaw, softCore } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { polygon, still, tetrahedron, turning } from "./configurations.ts";
import { type LawSystem, oneLaw } from "./law-system.ts";

const pentagon = polygon(5, 1.2, 3);
const triangle = polygon(3, 0.7, 3);
const square = polygon(4, 0.8, 2);
const wide = polygon(4, 1.4, 3);
const four = tetrahedron(1);

/** Stiffness of the kinked spring, pressed and pulled. */
const PRESSED = 20;
const PULLED = 4;

/** Laws chosen for their shape. */
export const shapeSystems: readonly LawSystem[] = [
  oneLaw({
    name: "soft-core",
    title: "soft core, unequal masses",
    formula: "-1 / √(r² + 1/4)",
    pair: softCore({ strength: 1, core: 0.5 }),
    masses: [1, 0.5, 2, 1, 1.5],
    dimension: 3,
    positions: pentagon,
    velocities: turning(pentagon, 0.8),
    jitter: { position: 0.2, velocity: 0.25 },
    spacing: 0.1,
    separations: [[0.1, 5]],
    heldOut: { time: 10 },
  }),
  oneLaw({
    name: "cubic",
    title: "power law, attraction",
    formula: "r³ / 3",
    pair: powerLaw({ strength: 1 / 3, exponent: 3 }),
    masses: [1, 1, 1],
    dimension: 3,
    positions: triangle,
    velocities: turning(triangle, 0.8),
    jitter: { position: 0.12, velocity: 0.2 },
    spacing: 0.1,
    separations: [[0.1, 4]],
    heldOut: { time: 20 },
  }),
  oneLaw({
    name: "gaussian-well",
    title: "Gaussian well",
    formula: "-3 exp(-r² / 2)",
    pair: gaussianWell({ depth: 3, width: 1, centre: 0 }),
    masses: [1, 1, 1, 1],
    dimension: 2,
    positions: square,
    velocities: turning(square, 1.5),
    jitter: { position: 0.15, velocity: 0.3 },
    spacing: 0.1,
    separations: [[0.05, 5]],
    heldOut: { time: 10 },
  }),
  oneLaw({
    name: "double-well",
    title: "double well",
    formula: "8 ((r - 3/2)² - 1/4)²",
    pair: parseFormula("8*((r - 1.5)^2 - 0.25)^2", { name: "double-well" }),
    masses: [1, 1, 1],
    dimension: 3,
    positions: polygon(3, 0.75, 3),
    velocities: still(triangle),
    jitter: { position: 0.12, velocity: 0.6 },
    spacing: 0.1,
    separations: [[0.3, 3]],
    heldOut: { time: 10 },
  }),
  oneLaw({
    name: "kink",
    title: "kink: V' bends at r = 1",
    formula: "10 (r - 1)² pressed, 2 (r - 1)² pulled",
    pair: definePairPotential({
      name: "kink",
      energy: (r) => 0.5 * (r < 1 ? PRESSED : PULLED) * (r - 1) ** 2,
      slope: (r) => (r < 1 ? PRESSED : PULLED) * (r - 1),
      curvature: (r) => (r < 1 ? PRESSED : PULLED),
    }),
    masses: [1, 1, 1, 1],
    dimension: 3,
    positions: four,
    velocities: still(four),
    jitter: { position: 0.08, velocity: 0.4 },
    spacing: 0.1,
    separations: [[0.3, 3]],
    heldOut: { time: 10 },
  }),
  oneLaw({
    name: "long-tail",
    title: "short range with a long tail",
    formula: "0.1 exp((1 - r) / 0.08) - 1 / r",
    pair: parseFormula("0.1*exp((1 - r)/0.08) - 1/r", { name: "long-tail" }),
    masses: [1, 2, 1, 2],
    dimension: 3,
    positions: wide,
    velocities: turning(wide, 0.45),
    jitter: { position: 0.15, velocity: 0.2 },
    spacing: 0.1,
    separations: [[0.7, 6]],
    heldOut: { time: 10 },
  }),
];
