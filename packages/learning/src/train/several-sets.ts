import type { TrajectorySet } from "@mclnn/datasets";
import { EnergyNetwork } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { deviations } from "../findings/chi-squared.ts";
import type { Finding } from "../findings/finding.ts";
import { coefficientsOf, slopeOf } from "../fit/spline-fit.ts";
import { averagedPosterior } from "../prior/averaged-posterior.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { likelihoodAfter, marginalLikelihood } from "../prior/likelihood.ts";
import { bestPrior } from "../prior/prior.ts";
import { sortSeparations } from "../records/sort-separations.ts";
import { speciesPairs } from "../records/training-data.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { buildBasis } from "../splines/knots.ts";
import type { Understanding } from "../understand/understanding.ts";
import { distilEquations } from "./distil-posterior.ts";
import type { LawPosterior, Learned } from "./learned.ts";
import type { CheckedOptions, Task } from "./task.ts";

/** One set, and the law that it alone asks for. */
export interface LearnedAlone {
  readonly task: Task;
  readonly understanding: Understanding;
  readonly learned: Learned;
}

/** A set whose own law lies so many standard deviations from that of all sets, and so far off as a share of it, obeys another one. */
const APART = { sigmas: 5, share: 3e-3 };
/** Separations that laws are compared at. */
const COMPARED = 40;
/** Times that the law of all sets is solved for: each time about the one before. */
const ROUNDS = 3;

/** @throws MclnnError naming what cannot go together */
export function checkSets(
  sets: readonly TrajectorySet[],
  options: CheckedOptions,
  separateSpecies: boolean,
): void {
  const kinds = ({ species }: TrajectorySet): string =>
    separateSpecies ? speciesPairs(species).map(String).join("; ") : "";
  sets.forEach((set, k) => {
    const alike: readonly (readonly [string, string | number, string | number])[] = [
      ["dimension", sets[0].dimension, set.dimension],
      ["species", kinds(sets[0]), kinds(set)],
    ];
    for (const [argument, expected, got] of alike)
      if (got !== expected)
        throw new MclnnError("sets cannot go together in one training", {
          code: "sets-differ",
          argument: `data[${k}].${argument}`,
          expected: `${expected}, as in the first set`,
          got: String(got),
          mend: "Train them apart, or change the one.",
        });
  });
  const {
    model,
    optimizer,
    fitMasses,
    fitCharges,
    terms,
    validation,
    after,
    checkpoints,
    motion,
    bonds,
  } = options;
  const alone: readonly (readonly [string, boolean])[] = [
    ["model lnn", model === "lnn"],
    [`optimizer ${optimizer}`, optimizer !== "auto"],
    ["fitMasses", fitMasses],
    ["fitCharges", fitCharges === true],
    ["terms", Array.isArray(terms) && terms.length > 1],
    ["validation", validation !== undefined],
    ["after", after !== undefined],
    ["checkpoints", checkpoints !== undefined],
    ["bonds", bonds !== undefined && bonds !== "all"],
    ["motion", motion === "langevin" || motion === "overdamped"],
  ];
  for (const [argument, given] of alone)
    if (given)
      throw new MclnnError("several sets are learned from by pair laws alone, in one go", {
        code: "conflicting-options",
        argument: argument.split(" ")[0] as string,
        expected: "one set",
        got: `${sets.length} sets with ${argument}`,
        mend: "Leave the option away, or give one set.",
      });
}

/**
 * The law of all sets: what the records of each say of its law is a quadratic form about the law that it alone asks for, start states and all else at
 * their best; the sum of these forms, each by the noise of its set, and one prior are the law of all of them. Where sets contradict each other, this is
 * a finding.
 *
 * @throws MclnnError `fit-failed` where a set has no law that its records fix
 */
export async function lawOfAll(all: readonly LearnedAlone[]): Promise<Learned> {
  const [{ task }] = all;
  const said = asSure(all);
  const separations = said[0].separations.map((_, law) =>
    sortSeparations(joinedSeparations(said, law)),
  );
  const laws = separations.length;
  const cells = said.reduce((sum, { basis }) => sum + Math.ceil(basis.size / laws), 0);
  const basis = buildBasis(separations, { cells: Math.min(task.limits.knots, cells) });
  const maps = said.map((own) => mapTo(own.basis, basis));
  let coefficients = coefficientsOf(basis, closestLaw(said));
  let found: { equations: NormalEquations; posterior: LawPosterior; priorPower: number } | null =
    null;
  for (let round = 0; round < ROUNDS; round++) {
    const equations = sumOf(said, maps, coefficients, basis.size);
    const prior = bestPrior(equations, coefficients, basis, { correlated: true });
    const posterior = bestPosterior(equations, coefficients, basis, prior);
    if (posterior === null) throw undetermined("all sets together");
    const { unknowns, factorAbout } = averagedPosterior(posterior, equations, coefficients, basis);
    const before = coefficients;
    found = {
      ...{ equations, priorPower: prior.power },
      posterior: {
        ...{ factor: factorAbout(unknowns), variance: Math.max(1, posterior.variance) },
        likelihood: likelihoodAfter(
          equations,
          unknowns.map((c, i) => c - before[i]),
        ),
      },
    };
    coefficients = unknowns;
  }
  const { equations, posterior, priorPower } = found as NonNullable<typeof found>;
  const { options, log } = task;
  const network = options.model === "spline" ? null : new EnergyNetwork(options.hidden);
  const residuals = said.reduce((sum, own) => sum + own.residuals, 0);
  const left = said.map((own, k) => own.sum + excessOf(own, maps[k], coefficients));
  const told = left.reduce((sum, x) => sum + x, 0) / residuals / Math.max(1e-300, equations.loss);
  const trained =
    network && (await distilEquations(task, { basis, equations, coefficients }, network, told));
  const loss = told * (equations.loss + (trained?.excess ?? 0));
  log.measured(trained?.iterations ?? 0, loss);
  const endings = all.map(({ learned }) => learned.ending);
  const stopped = endings.find((own) => own.stopped !== "target")?.stopped ?? "target";
  return {
    law: { basis, separations, coefficients, weights: trained?.weights ?? null, posterior },
    findings: [
      ...all.flatMap(({ learned, understanding: { seen = [] } }, k) =>
        [...seen, ...learned.findings].map((finding) => ({
          ...finding,
          text: `set ${k + 1}: ${finding.text}`,
        })),
      ),
      ...contradictions(said, maps, { basis, coefficients }),
    ],
    noise: null,
    ending: {
      optimizer: `function-first, ${all.length} sets`,
      ...{ trainLoss: loss, validationLoss: null },
      iterations: endings.reduce((sum, own) => sum + own.iterations, trained?.iterations ?? 0),
      reachedTarget: endings.every((own) => own.reachedTarget),
      stopped,
    },
    record: {
      priorPower,
      sets: all.length,
      trajectories: all.reduce(
        (sum, { understanding: { hypothesis } }) => sum + hypothesis.data.trajectories,
        0,
      ),
    },
  };
}

/** What the records of one set say of its law, squares in training units. */
interface Said {
  readonly basis: SplineBasis;
  readonly separations: readonly Float64Array[];
  readonly coefficients: Float64Array;
  readonly metric: Float64Array;
  readonly gradient: Float64Array;
  readonly variance: number;
  readonly residuals: number;
  readonly sum: number;
}

/**
 * What all sets say. What exact records leave is the resolution of splines, of which the one that leaves least says little: what most of them leaves
 * counts for each.
 */
function asSure(all: readonly LearnedAlone[]): readonly Said[] {
  const said = all.map(saidBy);
  const exact = said.filter((_, k) => all[k].learned.noise === null);
  const most = exact.reduce((so, { variance }) => Math.max(so, variance), 0);
  return said.map((own) => (exact.includes(own) ? { ...own, variance: most } : own));
}

function saidBy({ understanding, learned }: LearnedAlone, k: number): Said {
  const { basis, separations, coefficients, posterior } = learned.law;
  const whole = posterior?.likelihood;
  const own = whole === undefined ? null : marginalLikelihood(whole, 0, basis.size);
  if (own === null || posterior === null || coefficients === null)
    throw undetermined(`set ${k + 1}`, learned.findings);
  const { residuals } = understanding.hypothesis.data;
  const { variance } = posterior;
  return {
    ...{ basis, separations, coefficients, ...own, variance, residuals },
    sum: learned.ending.trainLoss * residuals,
  };
}

const undetermined = (whose: string, findings: readonly Finding[] = []): MclnnError =>
  new MclnnError("sets do not go together in one law", {
    code: "fit-failed",
    argument: "data",
    expected: "sets that each fix a law with error bars",
    got: `none from ${whose}${findings.map(({ text }) => `; ${text}`).join("")}`,
    mend: "Leave that set out.",
    kind: "failure",
  });

/** Separations of one law in all sets. */
function joinedSeparations(said: readonly Said[], law: number): Float64Array {
  const parts = said.map(({ separations }) => separations[law]);
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const part of parts) {
    out.set(part, filled);
    filled += part.length;
  }
  return out;
}

/** V' of the surest set that has seen a separation; where none has, of the first. */
function closestLaw(said: readonly Said[]): (law: number, r: number) => number {
  const sure = [...said].sort((a, b) => a.variance / a.residuals - b.variance / b.residuals);
  const laws = sure.map(({ basis, coefficients, separations }) => ({
    slope: slopeOf(basis, coefficients),
    separations,
  }));
  return (law, r) => {
    const has = laws.find(({ separations }) => {
      const own = separations[law];
      return own[0] <= r && r <= own[own.length - 1];
    });
    return (has ?? laws[0]).slope(law, r);
  };
}

/** Coefficients on a basis from those on another: the spline that agrees at its collocation points. [own.size x all.size] */
function mapTo(own: SplineBasis, all: SplineBasis): Float64Array {
  const out = new Float64Array(own.size * all.size);
  const unit = new Float64Array(all.size);
  for (let k = 0; k < all.size; k++) {
    unit.fill(0);
    unit[k] = 1;
    const column = coefficientsOf(own, slopeOf(all, unit));
    for (let i = 0; i < own.size; i++) out[i * all.size + k] = column[i];
  }
  return out;
}

/** How far a law of all sets lies from that of one, on the basis of the one. */
function distance({ coefficients }: Said, map: Float64Array, at: Float64Array): Float64Array {
  const n = at.length;
  return coefficients.map((c, i) => {
    let sum = -c;
    for (let k = 0; k < n; k++) sum += map[i * n + k] * at[k];
    return sum;
  });
}

/** Squares that the law of all sets leaves more of one set's records than its own law does. */
function excessOf(said: Said, map: Float64Array, at: Float64Array): number {
  const d = distance(said, map, at);
  const pull = matrixVector(said.metric, d, d.length);
  return d.reduce((sum, x, i) => sum + x * (2 * said.gradient[i] + pull[i]), 0);
}

/** Normal equations of all sets about a law of them, each set by its own noise. */
function sumOf(
  said: readonly Said[],
  maps: readonly Float64Array[],
  at: Float64Array,
  size: number,
): NormalEquations {
  const metric = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  let [sum, residuals] = [0, 0];
  said.forEach((own, k) => {
    const map = maps[k];
    const n = own.basis.size;
    const d = distance(own, map, at);
    const pull = matrixVector(own.metric, d, n);
    sum += own.residuals + excessOf(own, map, at) / own.variance;
    residuals += own.residuals;
    const mapped = new Float64Array(n * size);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const a = own.metric[i * n + j] / own.variance;
        if (a === 0) continue;
        for (let b = 0; b < size; b++)
          mapped[i * size + b] = mapped[i * size + b] + a * map[j * size + b];
      }
    for (let i = 0; i < n; i++) {
      const slope = (own.gradient[i] + pull[i]) / own.variance;
      for (let a = 0; a < size; a++) {
        const x = map[i * size + a];
        if (x === 0) continue;
        gradient[a] = gradient[a] + x * slope;
        for (let b = 0; b < size; b++)
          metric[a * size + b] = metric[a * size + b] + x * mapped[i * size + b];
      }
    }
  });
  return {
    ...{ metric, gradient, sum, residuals, loss: sum / residuals },
    ...{ degreesOfFreedom: residuals, eliminations: [] },
  };
}

/** Sets whose own law is not that of all. */
function contradictions(
  said: readonly Said[],
  maps: readonly Float64Array[],
  { basis, coefficients }: { basis: SplineBasis; coefficients: Float64Array },
): Finding[] {
  const law = slopeOf(basis, coefficients);
  return said.flatMap((own, k) => {
    const excess = Math.max(0, excessOf(own, maps[k], coefficients)) / own.variance;
    const sigmas = deviations(excess, own.basis.size);
    const share = shareApart(own, law);
    if (!(sigmas > APART.sigmas && share > APART.share)) return [];
    return [
      {
        kind: "sets-differ",
        text: `set ${k + 1} does not obey the law of all sets: its own lies ${(100 * share).toPrecision(2)} % away (${sigmas.toFixed(1)} standard deviations)`,
        ...{ sigmas, share: null },
        try: "Train the sets apart and compare their laws; look at masses, charges and units of each.",
      },
    ];
  });
}

/** Mean distance of V' of one set from that of all, over its separations, as a share. */
function shareApart(
  { basis, coefficients, separations }: Said,
  all: (law: number, r: number) => number,
): number {
  const own = slopeOf(basis, coefficients);
  let [apart, size] = [0, 0];
  separations.forEach((sorted, law) => {
    for (let k = 0; k < COMPARED; k++) {
      const r = sorted[Math.floor(((k + 0.5) / COMPARED) * sorted.length)];
      apart += Math.abs(own(law, r) - all(law, r));
      size += Math.abs(own(law, r));
    }
  });
  return apart / size;
}
