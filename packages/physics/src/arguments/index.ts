export { dictionaryOf, listOf, optional } from "./composed.ts";
export { described } from "./described.ts";
export {
  COUPLINGS,
  checkBodies,
  checkLength,
  checkPair,
  checkPotential,
  checkRanges,
  checkState,
  checkSystem,
  checkTrajectory,
  room,
} from "./mechanics.ts";
export { checkArgument, type Requirement } from "./requirement.ts";
