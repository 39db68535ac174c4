// Training of the baseline, as one part: it loads when a baseline is asked for.
export { fitBaseline } from "./baseline.ts";
export { fitLnnToTrajectories } from "./train-on-trajectories.ts";
