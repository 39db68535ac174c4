import { type Experiment, experimentByName, experiments, tiltedStart } from "@mclnn/datasets";
import type { Model } from "@mclnn/models";
import {
  accelerations,
  type PairPotential,
  type ParticleSystem,
  type Potential,
  type Provenance,
  pairwise,
  pairwiseBySpecies,
  type State,
} from "@mclnn/physics";
import { particlesOf, separationRange } from "@mclnn/studies";
import { choice } from "../options/choice.ts";
import { badOption, conflictingOptions, missingOption } from "../options/errors.ts";
import { endedAt } from "./ended.ts";
import { checkAtStart, guardLaws, guardPotential } from "./guarded-potential.ts";
import { type LawsAmong, speciesFor } from "./laws-by-species.ts";
import { type NamedPotential, oneLaw, resolvePotential } from "./potential.ts";
import { type NamedStart, readStart } from "./start.ts";

/** Starts that a built-in system offers. */
export const startNames = ["train", "test", "tilted", "larger"] as const;
export type StartName = (typeof startNames)[number];

/** Particles, the law they obey and where they start, as named on the command line. */
export interface NamedSystem {
  readonly name: string;
  readonly system: ParticleSystem;
  readonly start: State;
  /** The built-in system, where it is one. */
  readonly experiment?: Experiment;
  /** The user's potential, where it is one (checked as it is used). */
  readonly own?: CheckedPotential;
  /** The learned law, where it is one. */
  readonly model?: Model;
  /** How it was named, for provenance. */
  readonly provenance: Provenance;
}

/** A potential of the user's own between some particles, checked as it is used. */
export interface CheckedPotential extends Omit<NamedPotential, "pair"> {
  readonly pair: PairPotential | LawsAmong;
}

/** A start that a built-in system offers. */
function startOf(
  { dimension, masses, trainStart, testStart, larger }: Experiment,
  name: StartName,
): NamedStart {
  switch (name) {
    case "train":
      return { masses, dimension, start: trainStart };
    case "test":
      return { masses, dimension, start: testStart };
    case "tilted":
      return { masses, dimension, start: tiltedStart({ masses, dimension }, testStart) };
    case "larger":
      return { ...larger, dimension };
  }
}

/** Parser of `--start`: `test`, or `gravity:test` where no `--system` says which. */
function parseStartName(
  text: string,
  system: string | undefined,
): { experiment: Experiment; start: StartName } {
  const colon = text.indexOf(":");
  const systemName = colon < 0 ? system : text.slice(0, colon);
  if (systemName === undefined)
    throw badOption(
      "--start",
      `a system and a start, for example ${experiments[0]?.name}:test`,
      JSON.stringify(text),
      { what: "--start does not say of which system" },
    );
  return {
    experiment: builtInSystem(systemName, colon < 0 ? "--system" : "--start"),
    start: choice("--start", startNames)(text.slice(colon + 1)),
  };
}

/** The built-in system of a name. @throws MclnnError `bad-option` */
export function builtInSystem(name: string, option = "--system"): Experiment {
  const names = experiments.map((each) => each.name);
  return experimentByName(choice(option, names)(name));
}

export interface SystemChoice {
  readonly system?: string | undefined;
  readonly potential?: string | undefined;
  readonly initial?: string | undefined;
  readonly start?: string | undefined;
  /** Where laws of pairs end. */
  readonly cutoff?: number | undefined;
  /** Told what was guessed of a file. */
  remark(text: string): void;
}

/**
 * The system that `--system NAME` or `--potential P --initial FILE` names. A user's potential is checked at the start's separations.
 *
 * @param defaultStart - of a built-in system when neither `--initial` nor `--start` says
 * @throws MclnnError of kind `input`
 */
export async function resolveSystem(
  { system: systemName, potential, initial, start: startName, remark, cutoff }: SystemChoice,
  defaultStart: StartName,
): Promise<NamedSystem> {
  const particles = await resolveParticles(
    { system: systemName, initial, start: startName, remark },
    defaultStart,
  );
  if (potential !== undefined) {
    const own = await resolvePotential(potential);
    const provenance = { potential, ...said(initial) };
    return cutoff === undefined
      ? systemIn(own, particles, provenance, initial)
      : endedSystem(own, particles, { ...provenance, cutoff }, cutoff);
  }
  const experiment = builtInSystem(systemName as string);
  return {
    name: experiment.name,
    system: particlesOf(particles, pairwise(experiment.pair)),
    start: particles.start,
    experiment,
    provenance: { system: experiment.name, ...said(initial, startName ?? defaultStart) },
  };
}

/** Particles of a user's own in one law of the user's own. @throws MclnnError of kind `input`, for laws by species also */
export function ownSystem(
  own: NamedPotential,
  particles: NamedStart,
  provenance: Provenance,
): NamedSystem {
  return systemIn(oneLaw(own), particles, provenance, undefined);
}

/** Near particles only, in one law of the user's own or laws by species. */
function endedSystem(
  own: NamedPotential,
  particles: NamedStart,
  provenance: Provenance,
  cutoff: number,
): NamedSystem {
  const whole = own.kind === "species" ? pairwiseBySpecies(own.pair.laws) : pairwise(own.pair);
  const { start } = particles;
  const system = particlesOf(particles, { ...endedAt(whole, cutoff), name: own.pair.name });
  accelerations(system, start.positions, new Float64Array(start.positions.length));
  return { name: own.pair.name, system, start, provenance };
}

/** @param path - of the file that the particles come from, for errors */
function systemIn(
  own: NamedPotential,
  particles: NamedStart,
  provenance: Provenance,
  path: string | undefined,
): NamedSystem {
  const { masses, dimension, start } = particles;
  const range = separationRange(start.positions, { particles: masses.length, dimension });
  let pair: PairPotential | LawsAmong;
  let potential: Potential;
  if (own.kind === "species") {
    const species = speciesFor(own.pair, particles, { path, option: "--initial" });
    pair = guardLaws({ ...own.pair, species }, range);
    // Its name is the text that was given, for provenance.
    potential = { ...pairwiseBySpecies(pair.laws), name: pair.name };
  } else {
    pair = guardPotential(own.pair, range);
    potential = pairwise(pair);
  }
  const system = particlesOf(particles, potential);
  // Particles that coincide are named by this, before a sweep over separations finds 0.
  accelerations(system, start.positions, new Float64Array(start.positions.length));
  checkAtStart(system, pair, start);
  return { name: own.pair.name, system, start, own: { ...own, pair }, provenance };
}

/** Particles and start that `--initial` or `--start` name. @throws MclnnError of kind `input` */
export async function resolveParticles(
  { system, initial, start, remark }: Omit<SystemChoice, "potential">,
  defaultStart: StartName,
): Promise<NamedStart> {
  if (initial !== undefined && start !== undefined)
    throw conflictingOptions("--start", "one of --initial and --start");
  if (initial !== undefined) return readStart(initial, remark);
  if (start === undefined && system === undefined)
    throw missingOption("--initial", "FILE, a state with masses, positions and velocities");
  const named = parseStartName(start ?? defaultStart, system);
  return startOf(named.experiment, named.start);
}

function said(initial: string | undefined, start?: string): Provenance {
  if (initial !== undefined) return { initial };
  return start === undefined ? {} : { start };
}
