import { palindrome, type SplittingIntegrator, splitting } from "./splitting.ts";

const XI = 0.1786178958448091;
const LAMBDA = -0.2123418310626054;
const CHI = -0.06626458266981849;

/**
 * PEFRL, the position extended Forest-Ruth like method: five drifts xi, chi, 1 - 2 (chi + xi), chi, xi and between them
 * four kicks (1 - 2 lambda) / 2, lambda, lambda, (1 - 2 lambda) / 2.
 *
 * Order 4, symplectic, reversible; 4 force evaluations a step.
 *
 * Source: Omelyan, Mryglod, Folk, Comput. Phys. Commun. 146, 188 (2002), doi:10.1016/S0010-4655(02)00451-4.
 */
export const pefrl: SplittingIntegrator = splitting({
  name: "pefrl",
  order: 4,
  reversible: true,
  first: "drift",
  kicks: palindrome([(1 - 2 * LAMBDA) / 2, LAMBDA]),
  drifts: palindrome([XI, CHI], 1 - 2 * (CHI + XI)),
});
