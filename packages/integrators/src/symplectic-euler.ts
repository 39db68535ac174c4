import { type SplittingIntegrator, splitting } from "./splitting.ts";

/**
 * Symplectic Euler: v += dt a(q); q += dt v.
 *
 * Order 1, symplectic, not reversible; 1 force evaluation a step. For teaching: {@link velocityVerlet} costs the same.
 *
 * Source: de Vogelaere, "Methods of integration which preserve the contact transformation property" (1956);
 * Hairer, Lubich, Wanner, Geometric Numerical Integration (2006), I.1.
 */
export const symplecticEuler: SplittingIntegrator = splitting({
  name: "symplectic-euler",
  order: 1,
  reversible: false,
  first: "kick",
  kicks: [1],
  drifts: [1],
});
