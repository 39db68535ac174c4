import { palindrome, type SplittingIntegrator, splitting } from "./splitting.ts";

/** 1 / (2 - cbrt(2)), a literal because `Math.cbrt` differs between engines. */
const THETA = 1.3512071919596575;

/**
 * Forest-Ruth: three position Verlet steps of theta dt, (1 - 2 theta) dt, theta dt, theta = 1 / (2 - cbrt(2)).
 *
 * Order 4, symplectic, reversible; 3 force evaluations a step. {@link pefrl} and {@link blanesMoan4} are far more accurate
 * for the same work.
 *
 * Source: Forest, Ruth, Physica D 43, 105 (1990), doi:10.1016/0167-2789(90)90019-L; Yoshida, Phys. Lett. A 150, 262 (1990).
 */
export const forestRuth: SplittingIntegrator = splitting({
  name: "forest-ruth",
  order: 4,
  reversible: true,
  first: "drift",
  kicks: palindrome([THETA], 1 - 2 * THETA),
  drifts: palindrome([THETA / 2, (1 - THETA) / 2]),
});
