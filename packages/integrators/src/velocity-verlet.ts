import { type SplittingIntegrator, splitting } from "./splitting.ts";

/**
 * Velocity Verlet: v += dt a(q) / 2; q += dt v; v += dt a(q) / 2.
 *
 * Order 2, symplectic, reversible; 1 force evaluation a step. The paper's method. Computed as written, per component, so
 * that every implementation of it in this project gives the same bits.
 *
 * Source: Swope, Andersen, Berens, Wilson, J. Chem. Phys. 76, 637 (1982), doi:10.1063/1.442716.
 */
export const velocityVerlet: SplittingIntegrator = splitting({
  name: "velocity-verlet",
  order: 2,
  reversible: true,
  first: "kick",
  kicks: [0.5, 0.5],
  drifts: [1],
});
