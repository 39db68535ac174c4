import { quarticSpring } from "@mclnn/physics";
import { type Experiment, PAPER_RECORDING } from "./experiment.ts";
import {
  octahedronStart,
  springTestStart,
  springTrainStart,
  twoTrianglesStart,
  unitMasses,
} from "./springs.ts";

/** Three bodies joined by quartic springs (4.1.1, A.6.2). Chaotic: trajectories 1e-8 apart have parted by t = 150. */
export const quarticSpringExperiment = (): Experiment => ({
  ...PAPER_RECORDING,
  name: "quartic-spring",
  title: "quartic spring",
  pair: quarticSpring(),
  masses: unitMasses(3),
  trainStart: springTrainStart(),
  testStart: springTestStart(),
  larger: { masses: unitMasses(6), start: octahedronStart() },
  harder: { masses: unitMasses(6), start: twoTrianglesStart() },
});
