import { coulomb, powerLaw, yukawa } from "@mclnn/physics";
import { inward, polygon, tetrahedron, turning } from "./configurations.ts";
import { type LawSystem, oneLaw } from "./law-system.ts";

const triangle = polygon(3, 0.87, 2);
const pyramid = tetrahedron(2.6);
const hexagon = polygon(6, 2, 2);
const wide = tetrahedron(2.4);

/** Attraction and repulsion without a bottom: the clouds that repel fly in, turn and leave. */
export const chargeSystems: readonly LawSystem[] = [
  oneLaw({
    name: "coulomb-attraction",
    title: "Coulomb, attraction",
    formula: "-1 / r",
    pair: { ...coulomb({ k: -1 }), coupling: "none" },
    masses: [1, 1, 1],
    dimension: 2,
    positions: triangle,
    velocities: turning(triangle, 0.85),
    jitter: { position: 0.08, velocity: 0.1 },
    spacing: 0.1,
    separations: [[0.5, 6]],
    heldOut: { time: 5 },
  }),
  oneLaw({
    name: "coulomb-repulsion",
    title: "Coulomb, repulsion",
    formula: "1 / r",
    pair: { ...coulomb({ k: 1 }), coupling: "none" },
    masses: [1, 1, 2, 0.5],
    dimension: 3,
    positions: pyramid,
    velocities: inward(pyramid, 1.2),
    jitter: { position: 0.2, velocity: 0.2 },
    spacing: 0.15,
    separations: [[0.3, 8]],
    heldOut: { time: 2.85 },
  }),
  oneLaw({
    name: "yukawa",
    title: "Yukawa",
    formula: "3 exp(-r) / r",
    pair: yukawa({ strength: 3, range: 1 }),
    masses: [1, 1, 1, 1, 1, 1],
    dimension: 2,
    positions: hexagon,
    velocities: inward(hexagon, 1.2),
    jitter: { position: 0.2, velocity: 0.2 },
    spacing: 0.1,
    separations: [[0.3, 8]],
    heldOut: { time: 1.9 },
  }),
  oneLaw({
    name: "inverse-cube",
    title: "power law, repulsion",
    formula: "1 / (3 r³)",
    pair: powerLaw({ strength: 1 / 3, exponent: -3 }),
    masses: [1, 1, 2, 2],
    dimension: 3,
    positions: wide,
    velocities: inward(wide, 1),
    jitter: { position: 0.15, velocity: 0.2 },
    spacing: 0.1,
    separations: [[0.3, 6]],
    heldOut: { time: 1.9 },
  }),
];
