export { described } from "./described.ts";
export {
  checkBodies,
  checkLength,
  checkPair,
  checkPotential,
  checkState,
  checkSystem,
  checkTrajectory,
  room,
} from "./mechanics.ts";
export { checkArgument, type Requirement } from "./requirement.ts";
