export { cellTable, lawTable, pairTable, roll } from "./rollout";
export { equations, transposePolynomials } from "./equations";
export { reverse } from "./adjoint";

/** First byte that is free. */
export function base(): usize {
  return __heap_base;
}
