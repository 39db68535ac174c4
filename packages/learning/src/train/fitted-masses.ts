import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { namedDynamics, splittingByName } from "../records/dynamics.ts";
import { arrange, type TrainingData } from "../records/training-data.ts";
import { inUnits } from "../records/units.ts";
import { drive } from "../runs/drive.ts";
import { fitMasses, massesByMomentum } from "../understand/fit-masses.ts";
import { type Understanding, understand } from "../understand/understand.ts";
import { checkEnough, startsComplete } from "./requirements.ts";
import type { Setup } from "./setup.ts";

/** The setup with the masses that the trajectories ask for. */
export async function setupWithMasses(setup: Setup): Promise<Setup> {
  const { set, settings, units, log } = setup;
  const scaled = inUnits(set, units);
  const freeStarts =
    settings.velocities === "unknown" || set.velocities === undefined || !startsComplete(set);
  checkEnough(set, { freeStarts, laws: 1 });
  const dataOf = (of: TrajectorySet): TrainingData =>
    arrange(of, { coupling: settings.coupling, needVelocities: !freeStarts });
  const data = dataOf(scaled);
  const asNamed = namedDynamics(set, settings);
  const dynamics =
    asNamed === null || asNamed.dt === null ? asNamed : { ...asNamed, dt: asNamed.dt / units.time };
  const masses = massesByMomentum(data, scaled.masses[0]);
  const common = { coupling: settings.coupling, seed: settings.seed, freeStarts, dynamics };
  let found: Understanding | undefined;
  const outcome = await drive(
    (function* () {
      if (masses === null) return yield* fitMasses(scaled, data, { ...common, hint: null });
      const close = { ...scaled, masses };
      const own = dataOf(close);
      const hint = yield* understand(own, {
        dynamics,
        method: settings.integrator === undefined ? null : splittingByName(settings.integrator),
        velocities: freeStarts ? "unknown" : settings.velocities,
      });
      found = hint;
      return yield* fitMasses(close, own, { ...common, hint });
    })(),
    {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
      onStep: ({ phase, iterations, loss }) => log.progress(phase, iterations, loss),
    },
  );
  if ("interrupted" in outcome)
    throw new MclnnError("training was stopped before there were masses", {
      code: outcome.interrupted,
      argument: outcome.interrupted === "aborted" ? "signal" : "timeLimit",
      expected: "time to fit the masses",
      got: `${outcome.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  const fitted = outcome.result.map((each) => ({ ...each, mass: each.mass * units.mass }));
  return {
    ...setup,
    set: { ...set, masses: Float64Array.from(fitted, ({ mass }) => mass) },
    masses: fitted,
    found,
  };
}
