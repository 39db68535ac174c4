export { dictionaryOf, listOf, optional } from "./composed.ts";
export { described } from "./described.ts";
export {
  COUPLINGS,
  checkBodies,
  checkForce,
  checkLength,
  checkPair,
  checkRanges,
  checkState,
  checkSystem,
  checkTrajectory,
  room,
} from "./mechanics.ts";
export { checkArgument, type Requirement } from "./requirement.ts";
