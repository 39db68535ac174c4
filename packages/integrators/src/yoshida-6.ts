import { palindrome, type SplittingIntegrator, splitting } from "./splitting.ts";

const W1 = -1.177679984178871;
const W2 = 0.2355732133593581;
const W3 = 0.7845136104775573;
const W0 = 1 - 2 * (W1 + W2 + W3);

/**
 * Yoshida's sixth-order method, solution A: seven velocity Verlet steps of w3, w2, w1, w0, w1, w2, w3 times dt, the kicks
 * that meet merged into one.
 *
 * Order 6, symplectic, reversible; 7 force evaluations a step. Its middle steps are longer than dt: it wants a smaller dt
 * than its order suggests.
 *
 * Source: Yoshida, Phys. Lett. A 150, 262 (1990), table 1, doi:10.1016/0375-9601(90)90092-3.
 */
export const yoshida6: SplittingIntegrator = splitting({
  name: "yoshida-6",
  order: 6,
  reversible: true,
  first: "kick",
  kicks: palindrome([W3 / 2, (W3 + W2) / 2, (W2 + W1) / 2, (W1 + W0) / 2]),
  drifts: palindrome([W3, W2, W1], W0),
});
