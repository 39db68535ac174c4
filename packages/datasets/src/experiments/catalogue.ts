import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import type { Experiment } from "./experiment.ts";
import { gravityExperiment } from "./gravity.ts";
import { linearSpringExperiment } from "./linear-spring.ts";
import { quarticSpringExperiment } from "./quartic-spring.ts";

const MAKERS = [linearSpringExperiment, quarticSpringExperiment, gravityExperiment];

/** The three experiments of the paper. */
export const experiments: readonly Experiment[] = /* @__PURE__ */ MAKERS.map((make) => make());

/** A fresh copy of an experiment. @throws MclnnError `unknown-system` with the names there are */
export function experimentByName(name: string): Experiment {
  const index = experiments.findIndex((e) => e.name === name);
  const make = MAKERS[index];
  if (make === undefined)
    throw new MclnnError(`there is no such system`, {
      code: "unknown-system",
      argument: "system",
      expected: `one of ${experiments.map((e) => e.name).join(", ")}`,
      got: described(name),
    });
  return make();
}
