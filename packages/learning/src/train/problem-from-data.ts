import { MclnnError } from "@mclnn/physics";
import { EXACT_LOSS, fitSpline, slopeOf } from "../fit/spline-fit.ts";
import { namedDynamics, scheduleOf, splittingByName } from "../records/dynamics.ts";
import { hasLongSegments, LONG_SEGMENT, segmentsOf } from "../records/segments.ts";
import { arrange, type TrainingData } from "../records/training-data.ts";
import { inUnits } from "../records/units.ts";
import { drive } from "../runs/drive.ts";
import type { Understanding } from "../understand/understand.ts";
import type { TrainingProblem } from "./problem.ts";
import { checkEnough, startsComplete } from "./requirements.ts";
import { problemWith, type Setup } from "./setup.ts";

/** In a stretch between two records forces do little: a target loss is no more than this share of it. */
const STRETCH_TARGET = 1e-6;

/** Finds out what the options leave open: integrator, substeps, start states. */
export async function problemFromData(setup: Setup): Promise<TrainingProblem> {
  const { set, settings, units, species, log } = setup;
  const { velocities } = settings;
  const mode =
    velocities === "auto" && (set.velocities === undefined || !startsComplete(set))
      ? "unknown"
      : velocities;
  checkEnough(set, { freeStarts: mode === "unknown", laws: species?.length ?? 1 });
  const data = arrange(inUnits(set, units), {
    coupling: settings.coupling,
    needVelocities: mode !== "unknown",
    separateSpecies: species !== null,
    threads: setup.options.threads,
    watch: () => log.goesOn(),
  });
  const asNamed = namedDynamics(set, settings);
  const dynamics =
    asNamed === null || asNamed.dt === null ? asNamed : { ...asNamed, dt: asNamed.dt / units.time };
  const drivenBy = {
    signal: settings.signal,
    timeLimit: settings.timeLimit,
    started: log.started,
    onStep: ({ phase, iterations, loss }: { phase: string; iterations: number; loss: number }) =>
      log.progress(phase, iterations, loss),
  };
  if (setup.found !== undefined) return asFound(setup, data, setup.found);
  // What is said about the data is taken as it is, unless the data contradict it.
  if (dynamics !== null && mode !== "unknown") {
    const near = inSegments(data);
    if (mode === "given") return problemWith(setup, near.data, dynamics, "exact", near);
    const quick = await drive(
      fitSpline(near.data, scheduleOf(near.data.times, dynamics), {
        robustAbove: Number.POSITIVE_INFINITY,
      }),
      drivenBy,
    );
    if ("interrupted" in quick) return problemWith(setup, near.data, dynamics, "exact", near);
    const { result } = quick;
    if (result.loss <= EXACT_LOSS)
      return problemWith(setup, near.data, dynamics, "exact", { ...near, exactFit: result });
  }
  const { understand, meanMotion } = await import("./imperfect-data.ts");
  const search = await drive(
    understand(data, {
      dynamics,
      method: settings.integrator === undefined ? null : splittingByName(settings.integrator),
      velocities: mode,
      mayCut: true,
    }),
    drivenBy,
  );
  if ("interrupted" in search)
    throw new MclnnError("training was stopped before there was a law to keep", {
      code: search.interrupted,
      argument: search.interrupted === "aborted" ? "signal" : "timeLimit",
      expected: "time for the first fit of V'",
      got: `${search.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  const found = search.result;
  if (found.cut === null || found.cut.data.records > 2) return asFound(setup, data, found);
  const until = Math.min(settings.until, STRETCH_TARGET * meanMotion(found.cut.data));
  return asFound({ ...setup, settings: { ...settings, until } }, data, found);
}

function asFound(setup: Setup, data: TrainingData, found: Understanding): TrainingProblem {
  const { hypothesis, fit, separations, velocityWeight, unresolved, stepError, cut } = found;
  const { cells, shape } = hypothesis;
  return problemWith(setup, cut?.data ?? data, hypothesis.dynamics, found.startStates, {
    hint: {
      slope: slopeOf(fit.basis, fit.coefficients),
      cells,
      shape,
      separations,
      velocityWeight,
      ...(found.startStates === "exact" ? {} : { bodyVariances: found.bodyVariances }),
      unresolved: unresolved ? stepError : null,
    },
    parts: cut === null ? null : { of: cut.of, records: data.records },
  });
}

/** Data with exact start states as they are, or long trajectories as segments: along the whole the smallest errors may grow beyond all use. */
function inSegments(data: TrainingData): Pick<TrainingProblem, "data" | "parts"> {
  // Where records are missing, segments have no exact starts.
  const cut =
    data.weights === null && data.velocities !== null && hasLongSegments(data)
      ? segmentsOf(data, LONG_SEGMENT)
      : null;
  if (cut === null) return { data, parts: null };
  return { data: cut, parts: { of: cut.trajectories, records: data.records } };
}
