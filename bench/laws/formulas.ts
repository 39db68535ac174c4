// How often `findFormula` names the right formula: laws of the library and others, each learned from noisy records.
import {
  addPositionNoise,
  createRandom,
  dropVelocities,
  type TrajectorySet,
} from "@mclnn/datasets";
import { type FormulaResult, findFormula, train, trainSpecies } from "@mclnn/learning";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import { createState, createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";
import { processorSeconds } from "../numbers.ts";
import { follow, referenceData } from "./reference-data.ts";
import { lawSystems } from "./systems/catalogue.ts";

/** A law, and what is right to say of it: a name, or a form without its constants; `none` for laws without a formula. */
export interface FormulaCase {
  readonly name: string;
  readonly formula: string;
  readonly expected: string;
  /** Which law of a system with several. */
  readonly law?: number;
  records(noise: number): Promise<TrajectorySet> | TrajectorySet;
}

/** What came of a case. */
export interface FormulaOutcome {
  readonly verdict: FormulaResult["verdict"];
  readonly first: string;
  readonly constants: string;
  /** Whether the right one is first, or among several that the data do not tell apart. */
  readonly right: "first" | "among" | "no";
  readonly alsoFit: number;
  /** Of the search and the refit, on one core. */
  readonly seconds: number;
}

const TRAJECTORIES = 10;
const RECORDS = 20;
const SEED = 7;
/** Draws for one trajectory before a case is called unfit. */
const DRAWS = 4000;
/** Draws after which all are watched for a shorter time. */
const PATIENCE = 400;

/** Laws beside those of the library: V, separations, what is right to say. */
const OTHERS: readonly (readonly [string, string, readonly [number, number], string])[] = [
  ["Mie 9-6", "6.75*((1/r)^9-(1/r)^6)", [0.95, 2.2], "Mie 9-6"],
  ["Mie 8-4", "4.8*((1.05/r)^8-(1.05/r)^4)", [0.95, 2.4], "Mie 8-4"],
  ["Lennard-Jones, other units", "2.92*((1.17/r)^12-(1.17/r)^6)", [1.12, 2.4], "Lennard-Jones"],
  ["Buckingham", "86000*exp(-r/0.15)-60/r^6", [1.5, 2.6], "Buckingham"],
  ["FENE", "-9*log(1-(r/1.5)^2)", [0.4, 1.3], "FENE"],
  ["logarithm", "1.3*log(r)", [0.5, 2.5], "logarithm"],
  ["Cornell", "-0.6/r+0.9*r", [0.4, 2.5], "Cornell"],
  ["Yukawa, attractive", "-2*exp(-r/0.8)/r", [0.4, 2], "Yukawa"],
  ["exponential", "2*exp(-r/0.7)", [0.4, 2.4], "exponential"],
  ["Gaussian", "-3*exp(-r^2/2)", [0.3, 2.5], "Gaussian"],
  ["Morse, stiff", "2*(1-exp(-3*(r-1.2)))^2", [0.9, 2], "Morse"],
  ["Plummer", "-1.7/sqrt(r^2+0.64)", [0.3, 2.5], "Plummer (softened inverse distance)"],
  ["spring", "1.25*(r-1.1)^2", [0.5, 1.9], "harmonic spring"],
  ["quartic spring", "2*(r-1)^4", [0.3, 1.8], "quartic spring"],
  ["double well", "8*((r-1.5)^2-0.25)^2", [0.8, 2.2], "double well"],
  ["inverse distance", "-1.3/r", [0.4, 2.5], "inverse distance (gravity, Coulomb)"],
  ["repelling inverse distance", "0.7/r", [0.5, 3], "inverse distance (gravity, Coulomb)"],
  ["inverse square", "1/r^2", [0.6, 2.4], "a1*r^(-2)/(-2)"],
  ["inverse cube", "1/r^3", [0.7, 2.4], "a1*r^(-3)/(-3)"],
  ["square", "0.7*r^3", [0.4, 2], "a1*r^3/3"],
  ["broken power", "-1.022/r^1.37", [0.5, 2.5], "power law"],
  ["two springs", "2.5*(r-1-abs(r-1))^2+0.5*(r-1+abs(r-1))^2", [0.6, 1.6], "two springs"],
  ["Hertz", "40*((1-r/1.6+abs(1-r/1.6))/2)^2.5", [0.7, 2.2], "Hertz"],
  ["hardening spring", "(r-1)^2+0.6*(r-1)^4", [0.2, 1.9], "spring with a quartic term"],
  ["no formula, A", "sin(3*r)+0.5*cos(7*r)+0.3*sin(11*r)+0.2*cos(16*r)", [0.6, 2.2], "none"],
  ["no formula, B", "cos(2*r)+0.4*sin(6*r)+0.3*cos(9*r)-0.2*sin(14*r)", [0.6, 2.2], "none"],
  ["no formula, C", "sin(4*r)-0.5*sin(8.5*r)+0.25*cos(13*r)+0.2*sin(18*r)", [0.6, 2.2], "none"],
];

/** What is right to say of the library's laws, by system; one a law. */
const LIBRARY: Readonly<Record<string, readonly string[]>> = {
  "linear-spring": ["harmonic spring"],
  "quartic-spring": ["quartic spring"],
  gravity: ["inverse distance (gravity, Coulomb)"],
  "coulomb-attraction": ["inverse distance (gravity, Coulomb)"],
  "coulomb-repulsion": ["inverse distance (gravity, Coulomb)"],
  yukawa: ["Yukawa"],
  "inverse-cube": ["a1*r^(-3)/(-3)"],
  "lennard-jones-warm": ["Lennard-Jones"],
  "lennard-jones-cold": ["Lennard-Jones"],
  morse: ["Morse"],
  "soft-core": ["Plummer (softened inverse distance)"],
  cubic: ["a1*r^3/3"],
  "gaussian-well": ["Gaussian"],
  "double-well": ["double well"],
  kink: ["two springs"],
  "two-species": ["harmonic spring", "Morse", "inverse distance (gravity, Coulomb)"],
};

/** All cases: laws of the library that have a form, and others. */
export function formulaCases(): readonly FormulaCase[] {
  const library = lawSystems.flatMap((system): FormulaCase[] => {
    const watched = (noise: number) =>
      referenceData(system, {
        ...{ trajectories: TRAJECTORIES, noise, velocities: "unknown", seed: 1 },
      }).watched;
    return (LIBRARY[system.name] ?? []).map((expected, law) => ({
      name: system.laws.length === 1 ? system.title : `${system.title}, law ${law + 1}`,
      ...{ formula: system.formula, expected, law, records: watched },
    }));
  });
  return [
    ...library,
    ...OTHERS.map(([name, formula, range, expected]) => ({
      ...{ name: `${name}, three particles`, formula, expected },
      records: (noise: number) => dropVelocities(threeParticles(formula, range, noise)),
    })),
  ];
}

/** Records of three equal particles that stay within a range of separations, from starts anywhere in it. */
function threeParticles(
  formula: string,
  [from, to]: readonly [number, number],
  noise: number,
): TrajectorySet {
  const pair = parseFormula(formula);
  const masses = [1, 1, 1];
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const middle = (from + to) / 2;
  const slopes = Array.from({ length: 50 }, (_, k) => pair.slope(from + ((to - from) * k) / 49));
  const force = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0) / 50;
  const speed = Math.sqrt(0.25 * force * (to - from));
  let time = (0.7 * (to - from)) / speed;
  const random = createRandom(SEED);
  const runs: Float64Array[] = [];
  for (let draw = 0; runs.length < TRAJECTORIES; draw++) {
    if (draw === DRAWS) throw new Error(`${formula}: no motion stays from ${from} to ${to}`);
    // What repels leaves: it is watched for a shorter time.
    if (draw % PATIENCE === PATIENCE - 1) {
      time *= 0.7;
      runs.length = 0;
    }
    const spread = 0.35 * (to - from);
    const corner = (x: number, y: number): number[] =>
      [x * middle, y * middle, 0].map((q) => q + spread * random.normal());
    const positions = [corner(0, 0), corner(1, 0), corner(0.5, 0.87)];
    const velocities = masses.map(() => [0, 1, 2].map(() => speed * random.normal()));
    try {
      const run = follow(system, createState({ positions, velocities }, { dimension: 3 }), {
        ...{ time, records: RECORDS },
      });
      if (within(run.positions, from, to)) runs.push(run.positions);
    } catch {
      // It met what no integrator follows: another start.
    }
  }
  const positions = Float64Array.from(runs.flatMap((run) => [...run]));
  const clean: TrajectorySet = {
    ...{ trajectories: TRAJECTORIES, records: RECORDS, particles: 3, dimension: 3, positions },
    masses: Float64Array.from(masses),
    times: Float64Array.from({ length: RECORDS }, (_, k) => (k * time) / (RECORDS - 1)),
    provenance: {},
  };
  return addPositionNoise(clean, { sigma: noise * middle, seed: 1 });
}

function within(positions: Float64Array, from: number, to: number): boolean {
  for (let at = 0; at < positions.length; at += 9)
    for (const [a, b] of [
      [0, 3],
      [0, 6],
      [3, 6],
    ] as const) {
      const r = Math.hypot(
        ...[0, 1, 2].map(
          (d) => (positions[at + a + d] as number) - (positions[at + b + d] as number),
        ),
      );
      if (!(r >= from && r <= to)) return false;
    }
  return true;
}

/** Learns a case's law, looks for its formula, and says whether that is right. */
export async function runFormulaCase(
  { records, expected, law = 0 }: FormulaCase,
  noise: number,
): Promise<FormulaOutcome> {
  const set = await records(noise);
  const model = await learned(set, law);
  const began = processorSeconds();
  const result = await foundIn(model, set);
  const seconds = processorSeconds() - began;
  const { verdict, formulas, alsoFit, nearest } = result;
  const is = ({ name, form }: { name: string; form: string }): boolean =>
    name === expected || form === expected;
  const first = formulas[0] ?? nearest;
  const right =
    expected === "none"
      ? formulas.length === 0
        ? "first"
        : "no"
      : formulas[0] !== undefined && is(formulas[0])
        ? "first"
        : formulas.some(is)
          ? "among"
          : "no";
  return {
    ...{ verdict, right, alsoFit, seconds },
    first: first === null ? "" : first.name === "sum" ? first.form : first.name,
    constants: (formulas[0]?.constants ?? [])
      .map(({ name, value, sd }) => `${name} = ${formatMeasured(value, sd)}`)
      .join(", "),
  };
}

/** With the records; of the law alone where others of a model are held at their best, and where no start states are found for the records. */
async function foundIn(
  model: MclnnModel | SplineModel,
  data: TrajectorySet,
): Promise<FormulaResult> {
  if (data.species !== undefined) return findFormula(model);
  try {
    return await findFormula(model, { data });
  } catch (error) {
    if (!isMclnnError(error) || error.argument !== "data") throw error;
    return findFormula(model);
  }
}

async function learned(set: TrajectorySet, law: number): Promise<MclnnModel | SplineModel> {
  if (set.species === undefined) return (await train(set, { model: "spline" })).model;
  const { model } = await trainSpecies(set, { model: "spline" });
  return (model.laws[law] as (typeof model.laws)[number]).model;
}

/** What came of all cases as Markdown. */
export function formulasDocument(
  rows: readonly {
    readonly of: FormulaCase;
    readonly noise: number;
    readonly came: FormulaOutcome;
  }[],
  command: string,
): string {
  const withFormula = rows.filter(({ of }) => of.expected !== "none");
  const without = rows.filter(({ of }) => of.expected === "none");
  const count = (some: typeof rows, is: (came: FormulaOutcome) => boolean): string =>
    `${some.filter(({ came }) => is(came)).length} of ${some.length}`;
  const wrong = (came: FormulaOutcome): boolean =>
    came.verdict === "identified" && came.right === "no";
  const seconds = rows.map(({ came }) => came.seconds).sort((a, b) => a - b);
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return `${[
    "# Formulas of learned laws",
    "",
    `Made by \`${command}\`. Each law is learned from ${TRAJECTORIES} trajectories of ${RECORDS} records, positions with noise (a share of the mean separation), no velocities; then`,
    "`findFormula` looks for its formula and fits the constants to the records. The laws and what is right to say of each are in bench/laws/formulas.ts. No other program ran beside.",
    "",
    "| | |",
    "| - | - |",
    `| the right formula named first | ${count(withFormula, ({ right }) => right === "first")} |`,
    `| first, or among several that the data do not tell apart | ${count(withFormula, ({ right }) => right !== "no")} |`,
    `| identified wrongly | ${count(rows, wrong)} |`,
    `| laws without a formula refused | ${count(without, ({ right }) => right === "first")} |`,
    `| CPU seconds of one core, median and most | ${formatNumber(seconds[seconds.length >> 1] as number)}, ${formatNumber(seconds.at(-1) as number)} |`,
    "",
    "| law | V(r) | noise | verdict | first | right | constants | one constant more fits too |",
    "| - | - | - | - | - | - | - | - |",
    ...rows.map(
      ({ of, noise, came }) =>
        `| ${cell(of.name)} | \`${cell(of.formula)}\` | ${formatNumber(noise)} | ${came.verdict} | ${cell(came.first)} | ${came.right} | ${cell(came.constants)} | ${came.alsoFit} |`,
    ),
  ].join("\n")}\n`;
}
