// Training of the baseline, as one part: it loads when a baseline is asked for.
export { fitBaseline } from "../training/baseline.ts";
export { fitLnnToTrajectories } from "./train-on-trajectories.ts";
