import { type Integrator, integratorByName, integrators } from "@mclnn/integrators";
import { choice } from "../options/choice.ts";

/** The integrator that `--integrator` names. @throws MclnnError `bad-option` with the names there are, and the nearest of them */
export function namedIntegrator(name: string): Integrator {
  return integratorByName(
    choice(
      "--integrator",
      integrators.map((each) => each.name),
    )(name),
  );
}
