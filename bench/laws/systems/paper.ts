import { experimentByName } from "@mclnn/datasets";
import { type LawSystem, oneLaw } from "./law-system.ts";

type Way = Pick<LawSystem, "formula" | "jitter" | "separations">;

/** The paper's systems, from its own starts; the held-out start is the one no training of the paper uses. */
export const paperSystems: readonly LawSystem[] = [
  ofPaper("linear-spring", {
    formula: "(r - 1)² / 2",
    jitter: { position: 0.1, velocity: 0.15 },
    separations: [[0.2, 4]],
  }),
  ofPaper("quartic-spring", {
    formula: "(r - 1)⁴ / 2",
    jitter: { position: 0.1, velocity: 0.15 },
    separations: [[0.2, 4]],
  }),
  ofPaper("gravity", {
    formula: "-mᵢmⱼ / r",
    jitter: { position: 0.08, velocity: 0.05 },
    separations: [[0.45, 15]],
  }),
];

function ofPaper(name: "linear-spring" | "quartic-spring" | "gravity", way: Way): LawSystem {
  const experiment = experimentByName(name);
  const { title, pair, masses, dimension, trainStart, testStart, dt, stride } = experiment;
  return oneLaw({
    name,
    title,
    ...way,
    pair,
    masses,
    dimension,
    positions: trainStart.positions,
    velocities: trainStart.velocities,
    spacing: dt * stride,
    heldOut: { start: testStart, time: 20 },
  });
}
