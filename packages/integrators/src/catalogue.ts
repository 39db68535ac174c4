import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import { blanesMoan4 } from "./blanes-moan-4.ts";
import { dormandPrince54 } from "./dormand-prince.ts";
import { forestRuth } from "./forest-ruth.ts";
import type { Integrator } from "./integrator.ts";
import { pefrl } from "./pefrl.ts";
import { positionVerlet } from "./position-verlet.ts";
import { rungeKutta4 } from "./runge-kutta-4.ts";
import { symplecticEuler } from "./symplectic-euler.ts";
import { velocityVerlet } from "./velocity-verlet.ts";
import { yoshida6 } from "./yoshida-6.ts";

/** All integrators, by order. */
export const integrators: readonly Integrator[] = [
  symplecticEuler,
  velocityVerlet,
  positionVerlet,
  forestRuth,
  pefrl,
  blanesMoan4,
  yoshida6,
  rungeKutta4,
  dormandPrince54,
];

/** The integrator of that name, for example `velocity-verlet`. @throws MclnnError `unknown-integrator` with the names there are */
export function integratorByName(name: string): Integrator {
  const integrator = integrators.find((i) => i.name === name);
  if (integrator === undefined)
    throw new MclnnError(`there is no such integrator`, {
      code: "unknown-integrator",
      argument: "integrator",
      expected: `one of ${integrators.map((i) => i.name).join(", ")}`,
      got: described(name),
    });
  return integrator;
}
