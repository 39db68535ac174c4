import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { type Finding, NOT_REMADE } from "../findings/finding.ts";
import { lookAtSteps } from "../motion/look.ts";
import { INERTIA, looksNewtonian } from "../motion/looks-newtonian.ts";
import { LEAST_RECORDS, tracksOf } from "../motion/tracks.ts";
import { namedDynamics } from "../records/dynamics.ts";
import { chooseUnits } from "../records/units.ts";
import type { TrainOptions, TrainResult } from "../runs/train-options.ts";
import { notFound, type Understanding } from "../understand/understanding.ts";
import { interimLaws } from "./interim-laws.ts";
import { type Learned, resultOf } from "./learned.ts";
import type { LearnedAlone } from "./several-sets.ts";
import { type CheckedOptions, checkOptions, type Task, taskOf } from "./task.ts";
import { trainSpline } from "./train-spline.ts";
import { asToldForDescent, understandData } from "./understand-data.ts";

/**
 * Learns the kind of law that the options ask for, from the data as they are. Loads what only some data need when they do.
 *
 * @param data - one set, or several that obey one law
 * @throws MclnnError as {@link train}
 */
export async function learn(
  data: TrajectorySet | readonly TrajectorySet[],
  options: TrainOptions,
  how: How,
): Promise<TrainResult> {
  if (!Array.isArray(data)) return learnOne(data as TrajectorySet, options, how);
  const sets: readonly TrajectorySet[] = data;
  checkArgument("data", sets, "list");
  if (sets.length === 1) return learnOne(sets[0], options, how);
  return learnAll(sets, options, how);
}

/** When data were in memory, by the clock, and whether each pair of species has a law. */
interface How {
  readonly started: number;
  readonly separateSpecies: boolean;
}

/** One law from several sets, each with masses, species, numbers of particles and times of its own. */
async function learnAll(
  sets: readonly TrajectorySet[],
  options: TrainOptions,
  { started, separateSpecies }: How,
): Promise<TrainResult> {
  if (sets.length === 0) refuseNone();
  sets.forEach((set, k) => {
    checkTrajectorySet(`data[${k}]`, set);
    if (separateSpecies && set.species === undefined) refuseWithoutSpecies();
  });
  const checked = checkOptions(options);
  const { checkSets, lawOfAll } = await import("./several-sets.ts");
  checkSets(sets, checked, separateSpecies);
  const many = sets.findIndex((set) => isMany(set, checked));
  if (many >= 0) refuseMany(sets, many);
  const units = chooseUnits(sets[0], checked.coupling);
  const alone: LearnedAlone[] = [];
  for (const [k, set] of sets.entries()) {
    const onProgress: TrainOptions["onProgress"] = (at) =>
      checked.onProgress?.({ ...at, phase: `set ${k + 1} of ${sets.length}: ${at.phase}` });
    // Laws are joined as splines; a network follows what comes of it.
    const own = { ...checked, model: "spline", onProgress } as const;
    const task = taskOf(set, own, { started, separateSpecies, units });
    const understanding = await understandData(task);
    alone.push({ task, understanding, learned: await learnUnder(task, understanding) });
  }
  const [{ understanding }] = alone;
  const task = taskOf(sets[0], checked, { started, separateSpecies, units });
  return resultOf(
    task,
    { ...understanding, seen: [] },
    await lawOfAll(alone.map((each, k) => (k === 0 ? { ...each, task } : each))),
  );
}

async function learnOne(
  data: TrajectorySet,
  options: TrainOptions,
  { started, separateSpecies }: How,
): Promise<TrainResult> {
  checkTrajectorySet("data", data);
  const checked = checkOptions(options);
  if (options.validation !== undefined) checkTrajectorySet("validation", options.validation);
  if (separateSpecies && data.species === undefined) refuseWithoutSpecies();
  const plain = taskOf(data, checked, { started, separateSpecies });
  const noise = noiseIn(plain);
  if (noise === "told") return learnedAsTold(plain);
  // Only Newtonian motion of few particles is explained sooner than noise is recognised.
  const isFirst = noise === "jumps" || isMany(data, checked) || checked.bonds === "unknown";
  const noisy = noise !== null && isFirst ? await learnedFromNoise(plain) : null;
  if (noisy !== null) return noisy;
  if (isMany(data, checked)) {
    const { trainMany } = await import("./train-many.ts");
    return trainMany(plain);
  }
  if (checked.model === "lnn") {
    refuseForBaseline(data, options);
    const { fitLnnToTrajectories } = await import("../baseline/training.ts");
    return fitLnnToTrajectories(data, options, started);
  }
  const asked: Task = {
    ...plain,
    interim: interimLaws(plain),
    bath: noise === null || isFirst ? null : (set, seen) => learnedFromNoise(plain, { set, seen }),
  };
  if (separateSpecies && (checked.bonds ?? "all") !== "all") refuseBondsOfSpecies();
  if (checked.fitCharges === true) refuseChargeFit(data, checked, separateSpecies);
  if (checked.fitMasses) refuseMassFit(data, options, separateSpecies);
  if (checked.optimizer !== "auto") refuseForDescent(checked);
  const understanding =
    checked.optimizer === "auto" ? await understandData(asked) : asToldForDescent(asked);
  if (understanding.driven !== undefined) return understanding.driven;
  const task = {
    ...asked,
    until: targetUnder(asked.until, understanding),
    bonds: understanding.bonds ?? asked.bonds,
  };
  return resultOf(task, understanding, await learnUnder(task, understanding));
}

/** Motion under a bath, that was told. */
async function learnedAsTold(task: Task): Promise<TrainResult> {
  const { motion } = task.options;
  const kind = motion === "overdamped" ? motion : "langevin";
  refuseForNoise(task.options, kind);
  const { trainMotion } = await import("./noisy-motion.ts");
  return trainMotion(task, { kind, inertia: null, refined: null, fit: null }, []);
}

/**
 * Whether noise may drive the particles, by their steps alone: told, steps that jump without inertia, or no more than velocities that something may
 * jolt. Null where it does not, or is not to be asked.
 */
function noiseIn({ set, options, species }: Task): "told" | "jumps" | "jolts" | null {
  const { model, motion = "auto" } = options;
  if (model === "lnn" || motion === "newtonian") return null;
  if (motion !== "auto") return "told";
  if (
    options.optimizer !== "auto" ||
    options.fitMasses ||
    options.fitCharges ||
    options.known !== undefined
  )
    return null;
  if (options.coupling !== "none" || options.after !== undefined) return null;
  if (set.records < LEAST_RECORDS || set.particles < 2) return null;
  // What is said of exact data is tried first: it costs next to nothing.
  const isTold = options.velocities !== "unknown" && set.velocities !== undefined;
  if (isTold && namedDynamics(set, options) !== null) return null;
  const tracks = tracksOf(set, species !== null);
  const look = lookAtSteps(tracks);
  const hasInertia = look.correlations[0] > INERTIA;
  // Who has velocities has inertia.
  if ((set.velocities !== undefined && !hasInertia) || looksNewtonian(tracks, look)) return null;
  return hasInertia ? "jolts" : "jumps";
}

/** What is learned where noise drives the particles; null where it does not. @param looked - records that were looked at, and what was said of them */
async function learnedFromNoise(
  task: Task,
  looked?: { readonly set: TrajectorySet; readonly seen: readonly Finding[] },
): Promise<TrainResult | null> {
  const { recognised, trainMotion } = await import("./noisy-motion.ts");
  const found = await recognised(task, looked);
  if (found.motion.kind === "newtonian") return null;
  const result = await trainMotion(found.task, found.motion, found.seen);
  // A bath that does not make these tracks again is none: something else jolts the particles.
  const isNone = found.motion.kind === "langevin" && result.findings.some(isUnmade);
  return isNone ? null : result;
}

const isUnmade = ({ kind }: TrainResult["findings"][number]): boolean => kind === NOT_REMADE;

/** Options that mean nothing where noise drives the particles. @throws MclnnError `conflicting-options` */
function refuseForNoise(
  {
    optimizer,
    fitMasses,
    fitCharges,
    known,
    coupling,
    after,
    integrator,
    substeps,
  }: CheckedOptions,
  motion: string,
): void {
  const refuse = (argument: string, got: string): never => {
    throw new MclnnError(`${argument} says nothing of ${motion} motion`, {
      code: "conflicting-options",
      argument,
      expected: `no ${argument} where motion is ${motion}`,
      got,
    });
  };
  if (optimizer !== "auto") refuse("optimizer", optimizer);
  if (fitMasses) refuse("fitMasses", "true");
  if (fitCharges) refuse("fitCharges", "true");
  if (known !== undefined) refuse("known", "some");
  if (coupling !== "none") refuse("coupling", coupling);
  if (after !== undefined) refuse("after", "a result");
  if (integrator !== undefined) refuse("integrator", integrator);
  if (substeps !== undefined) refuse("substeps", String(substeps));
}

/** In an interval between two records forces do little: a target loss is no more than this share of it. */
const INTERVAL_TARGET = 1e-6;

const targetUnder = (until: number, { cut }: Understanding): number =>
  Math.min(until, INTERVAL_TARGET * (cut?.motion ?? Number.POSITIVE_INFINITY));

/** From so many particles on single intervals are enough, and all pairs too many. */
const MANY = 100;

/** Whether records are those of many particles, or of a box: laws of near pairs are learned of them. */
function isMany(
  { periodic, particles, velocities }: TrajectorySet,
  { model, optimizer, cutoff, terms, known, fitMasses, fitCharges }: CheckedOptions,
): boolean {
  if (periodic?.some(Boolean) === true || (cutoff !== undefined && cutoff !== "none")) return true;
  const plain = model !== "lnn" && optimizer === "auto" && !fitMasses && !fitCharges && !known;
  const pairs = terms === undefined || terms === "auto";
  return plain && pairs && particles > MANY && velocities !== undefined;
}

/** Trains what is asked for on data that are understood. */
async function learnUnder(task: Task, understanding: Understanding): Promise<Learned> {
  const { lawless, hypothesis } = understanding;
  if (lawless !== undefined) {
    const { trainByDifferences } = await import("./imperfect-data.ts");
    return trainByDifferences(understanding, lawless);
  }
  if (task.options.optimizer !== "auto") {
    const { trainByGradient } = await import("./networks.ts");
    return trainByGradient(task, understanding);
  }
  if (understanding.startStates !== "exact") {
    const { trainMeasured, trainByDifferences } = await import("./imperfect-data.ts");
    try {
      return await trainMeasured(task, understanding);
    } catch (error) {
      if (!isMclnnError(error) || error.code !== "fit-failed") throw error;
      return trainByDifferences(understanding, [understanding.cause ?? notFound(hypothesis.data)]);
    }
  }
  if (task.options.model === "spline") return trainSpline(task, understanding);
  const { trainMclnn } = await import("./networks.ts");
  return trainMclnn(task, understanding);
}

function refuseMany(sets: readonly TrajectorySet[], k: number): never {
  throw new MclnnError("many particles, boxes and cut-offs are learned from one set at a time", {
    code: "conflicting-options",
    argument: `data[${k}]`,
    expected: `open space, no cut-off and at most ${MANY} particles in each of several sets`,
    got: `${sets[k].particles} particles${sets[k].periodic?.some(Boolean) ? " in a box" : ""}`,
    mend: "Train that set by itself.",
  });
}

function refuseNone(): never {
  throw new MclnnError("there is nothing to learn from", {
    code: "bad-argument",
    argument: "data",
    expected: "a set of trajectories, or several",
    got: "an empty list",
  });
}

function refuseWithoutSpecies(): never {
  throw new MclnnError("the trajectories do not say which particle is of which species", {
    code: "missing-species",
    argument: "species",
    expected: "a species for every particle",
    got: "none",
    mend: "Add a `species` array, or learn one law for all pairs.",
  });
}

function refuseBondsOfSpecies(): never {
  throw new MclnnError("bonds go with one law for all pairs", {
    code: "conflicting-options",
    argument: "bonds",
    expected: "all, with a law for each pair of species",
    got: "bonds",
    mend: "Learn one law: --species together, train() instead of trainSpecies().",
  });
}

function refuseMassFit(
  { particles, species }: TrajectorySet,
  { optimizer = "auto", coupling = "none", terms, known }: TrainOptions,
  separateSpecies: boolean,
): void {
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError("masses cannot be fitted here", {
      code: "conflicting-options",
      argument,
      expected,
      got,
    });
  };
  if (optimizer !== "auto") refuse("optimizer", "auto, where masses are fitted", optimizer);
  if (terms === "auto" || terms?.some((each) => each !== "pair"))
    refuse("terms", "the pair law alone, where masses are fitted", "more");
  if (known !== undefined) refuse("known", "nothing from outside, where masses are fitted", "some");
  if (coupling === "charge-product") refuse("coupling", "none or mass-product", coupling);
  if (separateSpecies && new Set(species).size > 1)
    refuse(
      "fitMasses",
      "one law for all pairs (--species together) where masses are fitted",
      "a law for each pair of species (separateSpecies, --species separate)",
    );
  if (particles < 3)
    refuse("fitMasses", "3 particles or more: two only show their reduced mass", `${particles}`);
}

function refuseChargeFit(
  { particles, species }: TrajectorySet,
  { optimizer, coupling, fitMasses, bonds = "all" }: CheckedOptions,
  separateSpecies: boolean,
): void {
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError("charges cannot be fitted here", {
      code: "conflicting-options",
      argument,
      expected,
      got,
    });
  };
  if (optimizer !== "auto") refuse("optimizer", "auto, where charges are fitted", optimizer);
  if (fitMasses) refuse("fitMasses", "masses that are given, where charges are fitted", "true");
  if (bonds !== "all")
    refuse("bonds", "all: charges say how strongly pairs feel each other", "some");
  if (coupling !== "none") refuse("coupling", "none: pairs go with their charges", coupling);
  if (separateSpecies && new Set(species).size > 1)
    refuse(
      "fitCharges",
      "one law for all pairs (--species together) where charges are fitted",
      "a law for each pair of species (separateSpecies, --species separate)",
    );
  if (particles < 3)
    refuse("fitCharges", "3 particles or more: two only show their product", `${particles}`);
}

function refuseForDescent({ optimizer, effort, after, terms }: CheckedOptions): void {
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError(`${optimizer} descends from where it is, as far as it is told`, {
      code: "conflicting-options",
      argument,
      expected,
      got,
      mend: "Bound its iterations by epochs, or leave the optimizer at auto.",
    });
  };
  if (effort !== "usual") refuse("effort", "usual", effort);
  if (after !== undefined) refuse("after", "no result to begin with", "one");
  if (terms === "auto") refuse("terms", "terms by name, or none", "auto");
}

function refuseForBaseline(data: TrajectorySet, options: TrainOptions): void {
  const { integrator, substeps, velocities, fitMasses, coupling, effort = "usual" } = options;
  const { fitCharges, after, terms, known } = options;
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError(`the baseline cannot be trained with ${argument} ${got}`, {
      code: "conflicting-options",
      argument,
      expected,
      got,
      mend: "The models mclnn and spline can.",
    });
  };
  if (data.observed !== undefined) refuse("observed", "complete trajectories", "missing records");
  if (fitMasses === true) refuse("fitMasses", "masses that are given", "true");
  if (fitCharges === true) refuse("fitCharges", "a law of pairs", "true");
  if (effort !== "usual") refuse("effort", "usual", effort);
  if (after !== undefined) refuse("after", "no result to begin with", "one");
  if (terms !== undefined) refuse("terms", "none: it is one network over all positions", "some");
  if (known !== undefined) refuse("known", "none", "some");
  if (coupling !== undefined && coupling !== "none") refuse("coupling", "none", coupling);
  if (velocities === "unknown") refuse("velocities", "auto or given", "unknown");
  if (integrator !== undefined) refuse("integrator", "none: it is velocity Verlet", integrator);
  if (substeps !== undefined) refuse("substeps", "dt instead", String(substeps));
}
