export { advance, begin, cellTable, kick, lawTable, pairTable, roll } from "./rollout";
export {
  beginTangents,
  driftTangents,
  endTangents,
  equations,
  stepTangents,
  transposePolynomials,
} from "./equations";
export { apply, holdKick, releaseKick, stageKick } from "./beside";
export { beginReverse, reverse, reverseEvent, reverseKick } from "./adjoint";

/** First byte that is free. */
export function base(): usize {
  return __heap_base;
}
