import { palindrome, type SplittingIntegrator, splitting } from "./splitting.ts";

const B1 = 0.0829844064174052;
const B2 = 0.396309801498368;
const B3 = -0.0390563049223486;
const A1 = 0.245298957184271;
const A2 = 0.60487266571108;

/**
 * Blanes-Moan SRKN 6b: seven kicks b1, b2, b3, 1 - 2 (b1 + b2 + b3), b3, b2, b1 and between them six drifts
 * a1, a2, 1/2 - (a1 + a2) and back.
 *
 * Order 4, symplectic, reversible; 6 force evaluations a step, the last kick's force serving the next step's first. Optimal
 * for energies quadratic in the velocities; the method to train with on data of nature or of another program.
 *
 * Source: Blanes, Moan, J. Comput. Appl. Math. 142, 313 (2002), table 3, doi:10.1016/S0377-0427(01)00492-7.
 */
export const blanesMoan4: SplittingIntegrator = splitting({
  name: "blanes-moan-4",
  order: 4,
  reversible: true,
  first: "kick",
  kicks: palindrome([B1, B2, B3], 1 - 2 * (B1 + B2 + B3)),
  drifts: palindrome([A1, A2, 0.5 - (A1 + A2)]),
});
