import { coulomb, linearSpring, morse } from "@mclnn/physics";
import { bipyramid, turning } from "./configurations.ts";
import { type LawSystem, lawsBySpecies } from "./law-system.ts";

const five = bipyramid(3, 1.3);

/** Three light particles joined by springs, two heavy ones that repel each other and stick to the light ones. */
export const twoSpecies: LawSystem = lawsBySpecies({
  name: "two-species",
  title: "two species, three laws",
  formula: "(r - 1)² / 2; 2 (1 - exp(2 (1.2 - r)))²; 1 / r",
  laws: [
    { species: [0, 0], pair: linearSpring() },
    { species: [0, 1], pair: morse({ depth: 2, width: 0.5, restLength: 1.2 }) },
    { species: [1, 1], pair: { ...coulomb({ k: 1 }), coupling: "none" } },
  ],
  species: [0, 0, 0, 1, 1],
  masses: [1, 1, 1, 2, 2],
  dimension: 3,
  positions: five,
  velocities: turning(five, 0.3),
  jitter: { position: 0.1, velocity: 0.35 },
  spacing: 0.1,
  separations: [[0.3, 5]],
  heldOut: { time: 10 },
});
