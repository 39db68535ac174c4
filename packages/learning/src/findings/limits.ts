import {
  basisValues,
  curveAt,
  type SplineBasis,
  splineCurve,
  standardDeviation,
} from "@mclnn/models/parts";
import type { Posterior } from "../prior/evidence.ts";
import { marginalFactor } from "../prior/marginal.ts";
import type { Encounter } from "../records/encounters.ts";
import type { ResolvedWindows } from "../records/resolved-windows.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Finding } from "./finding.ts";

/** What a fit came up against that is no fault of the law's. */
export interface FitLimits {
  /** Mean square difference between steps and half steps where it is too large; else null. */
  readonly unresolved: number | null;
  readonly substeps: number;
  /** Records of the segments that trajectories were cut into; null where they were followed as a whole. */
  readonly segmentRecords: number | null;
  readonly records: number;
  /** Root mean square of the residuals. */
  readonly residual: number;
  /** Share of record spacings in which some pair turns by more than a right angle. */
  readonly turning: number;
}

/** More turns than this are no chance encounters. */
const TURNS = 0.3;
/** Residuals of this share of a typical separation are no noise: the law is lost. */
export const LOST = 0.3;

/** Records too far apart for the motion, where error bars would be too small, and trajectories that no law could be followed along. */
export function limitsOf({
  unresolved,
  substeps,
  segmentRecords,
  records,
  residual,
  turning,
}: FitLimits): Finding[] {
  const found: Finding[] = [];
  const skipped = turning > TURNS && (segmentRecords !== null || residual > LOST);
  if (skipped)
    found.push({
      kind: "unresolved-motion",
      text: `records skip whole encounters: between ${(100 * turning).toFixed(0)} % of them some pair turns by more than a right angle`,
      sigmas: turning / TURNS,
      share: null,
      try: "Record more often than particles pass each other. The law comes without error bars: they would be too small.",
    });
  else if (unresolved !== null) {
    const error = Math.sqrt(unresolved);
    found.push({
      kind: "unresolved-motion",
      text:
        `records skip whole encounters: with ${substeps} steps a record half steps still change the positions by ` +
        `${Number.isFinite(error) ? `${error.toExponential(1)} (residuals: ${residual.toExponential(1)}), lengths in typical separations` : "more than can be followed"}`,
      sigmas: Number.isFinite(error) ? error / residual : Number.MAX_VALUE,
      share: null,
      try: "Record more often than particles pass each other, or cut the close encounters out. The law comes without error bars: they would be too small.",
    });
  }
  if (segmentRecords !== null)
    found.push({
      kind: "followed-in-segments",
      text: `no law could be followed along all ${records} records: it was fitted to segments of ${segmentRecords}`,
      sigmas: records / segmentRecords,
      share: null,
      try: "Shorter trajectories, less noise or records closer in time say more. Error bars are those of the segments.",
    });
  return found;
}

/** Particles that pass each other between two records, so close that no law could be followed through. */
export function sparseAt(encounters: readonly Encounter[]): Finding[] {
  if (encounters.length === 0) return [];
  const [{ trajectory, record, pair }] = encounters;
  const left = new Set(encounters.map((each) => each.trajectory)).size;
  return [
    {
      kind: "sparse-records",
      text:
        `records too sparse for the encounter: particles ${pair[0]} and ${pair[1]} pass each other between records ${record} and ${record + 1} of trajectory ` +
        `${trajectory}; ${left === 1 ? "it was left out" : `${left} trajectories with such encounters were left out`}`,
      sigmas: encounters.length,
      share: null,
      try: "Nothing has to be done: law and error bars are those of the other records. Record more often to learn from the encounters.",
    },
  ];
}

/** Windows of records, each with a start of its own, that stand for trajectories in which more happens between records than these show. */
export function inWindows(
  { trajectories, records }: TrainingData,
  { left, first }: Pick<ResolvedWindows, "left" | "first">,
): Finding {
  return {
    kind: "sparse-records",
    text:
      `records too sparse for what happens between some of them, as close encounters (first about record ${first.record} of trajectory ${first.trajectory}): ` +
      `the law comes from ${trajectories} windows of ${records} records between such places, and ${(100 * left).toPrecision(2)} % of all were left out`,
    sigmas: left * 100,
    share: null,
    try: "Nothing has to be done: law and error bars are those of the windows. Record more often to learn from the encounters.",
  };
}

/** Stretches between two records that stand for trajectories which no law could be followed along. */
export function stretchesOf(
  followed: number,
  { of, records }: { readonly of: number; readonly records: number },
): Finding {
  const left = of - followed;
  return {
    kind: "followed-in-segments",
    text:
      `no law could be followed along all ${records} records, only from one record to the next: ` +
      (left === 0
        ? "each of them a new start"
        : `${left} of ${of} such stretches, in which more happens than records show, were left out`),
    sigmas: records / 2,
    share: null,
    try: "Record more often than particles pass each other, and the law comes nearer and says more.",
  };
}

/** Segments, each with a start of its own, that stand for trajectories along which the smallest errors may grow beyond all use. */
export function inSegments(
  segmentRecords: number,
  { records }: { readonly records: number },
): Finding {
  return {
    kind: "long-trajectories",
    text:
      `trajectories of ${records} records are long: small errors may grow beyond all use along them, so the law was fitted to segments of ` +
      `${segmentRecords}, each from a start of its own, and the loss is theirs`,
    sigmas: records / segmentRecords,
    share: null,
    try: "Nothing has to be done: the law of the segments is the law. How far a long run of it ends from the records says little about it.",
  };
}

/** Separations looked at, V' in standard deviations that is no sign of a force, and that is one. */
const LOOKED_AT = 60;
const HARDLY = 2;
const SURELY = 3.5;

/** Particles that never come near enough to feel each other: nowhere does V' stand out of its error bar. */
export function interactionOf(
  basis: SplineBasis,
  coefficients: Float64Array,
  posterior: Pick<Posterior, "factor" | "variance">,
  separations: readonly Float64Array[],
): Finding[] {
  const curve = splineCurve(basis, coefficients);
  // Terms beside the law are left open.
  const factor = marginalFactor(posterior.factor, 0, basis.size);
  if (factor === null) return [];
  const own = { factor, variance: posterior.variance };
  let largest = 0;
  let standing = 0;
  let count = 0;
  separations.forEach((sorted, law) => {
    for (let k = 0; k < LOOKED_AT; k++) {
      const r = sorted[Math.floor((k * (sorted.length - 1)) / (LOOKED_AT - 1))];
      const ratio =
        Math.abs(curveAt(basis.cells, curve, law, r)) /
        standardDeviation(own, basisValues(basis, law, r));
      largest = Math.max(largest, ratio);
      if (ratio > HARDLY) standing++;
      count++;
    }
  });
  if (!(largest < SURELY) || standing > count / 10) return [];
  return [
    {
      kind: "no-interaction",
      text: `no force is seen: V' is at most ${largest.toFixed(1)} of its standard deviations at all separations recorded`,
      sigmas: largest,
      share: null,
      try: "Record particles that come nearer to each other, longer, or with less noise.",
    },
  ];
}
