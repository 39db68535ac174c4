import { linearSpring } from "@mclnn/physics";
import { type Experiment, PAPER_RECORDING } from "./experiment.ts";
import {
  octahedronStart,
  springTestStart,
  springTrainStart,
  twoTrianglesStart,
  unitMasses,
} from "./springs.ts";

/** Three bodies joined by linear springs (4.1.1, A.6.1). Regular motion. */
export const linearSpringExperiment = (): Experiment => ({
  ...PAPER_RECORDING,
  name: "linear-spring",
  title: "linear spring",
  pair: linearSpring(),
  masses: unitMasses(3),
  trainStart: springTrainStart(),
  testStart: springTestStart(),
  larger: { masses: unitMasses(6), start: octahedronStart() },
  harder: { masses: unitMasses(6), start: twoTrianglesStart() },
});
