import { type SplittingIntegrator, splitting } from "./splitting.ts";

/**
 * Position Verlet (leapfrog that begins with a drift): q += dt v / 2; v += dt a(q); q += dt v / 2.
 *
 * Order 2, symplectic, reversible; 1 force evaluation a step.
 *
 * Source: Tuckerman, Berne, Martyna, J. Chem. Phys. 97, 1990 (1992), doi:10.1063/1.463137.
 */
export const positionVerlet: SplittingIntegrator = splitting({
  name: "position-verlet",
  order: 2,
  reversible: true,
  first: "drift",
  kicks: [1],
  drifts: [0.5, 0.5],
});
