import type { TrainResult } from "@mclnn/learning";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import type { KeptTraining } from "../../checkpoint/kept-training.ts";
import type { Fact } from "../../terminal/fact.ts";
import { motionFacts } from "./motion.ts";
import { termRows } from "./terms.ts";
import { START_STATES, targetText } from "./words.ts";

/** What is told of a training beside what it came to. */
export interface Circumstances {
  readonly kind: string;
  /** Where the model is. */
  readonly path: string;
  readonly target: number | undefined;
  readonly interrupted: boolean;
  readonly kept: Pick<KeptTraining<unknown>, "folder" | "resumedFrom"> | null;
}

/** A mass with its value and standard deviation, as all constants have them. */
const withValue = (each: NonNullable<TrainResult["masses"]>[number]): object => ({
  ...each,
  value: each.mass,
  sd: each.determined ? each.deviation * each.mass : null,
});

/** Where the law ends. */
function cutoffFact({ cutoff = null }: TrainResult): Fact {
  if (cutoff === null) return ["cutoff", null, { cutoff }];
  const { value, sd } = cutoff;
  const how = sd === null ? " (given)" : ` ± ${formatNumber(sd, 2)} (found)`;
  return ["cutoff", `${formatNumber(value, 6)}${how}`, { cutoff }];
}

const massFacts = (masses: TrainResult["masses"]): Fact[] =>
  (masses ?? []).map(({ particle, mass, deviation, determined }) => {
    const found = determined
      ? `${formatNumber(mass, 6)} ± ${formatNumber(deviation * mass, 2)}`
      : "not determined by the data";
    const given = `${formatNumber(mass, 4)} (given: the reference)`;
    return [`mass of particle ${particle}`, particle === 0 ? given : found];
  });

const chargeFacts = (charges: TrainResult["charges"] = null): Fact[] =>
  (charges ?? []).map(({ value, sd }, i) => [
    `charge of particle ${i}`,
    sd === null
      ? `${formatNumber(value, 4)} (fixes the scale)`
      : `${formatNumber(value, 6)} ± ${formatNumber(sd, 2)}`,
  ]);

/** What is told of a training, in the order of the table. */
export function trainingFacts(
  result: TrainResult,
  { kind, path, target, interrupted, kept }: Circumstances,
): Fact[] {
  const { trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, milestones } = result;
  const { integrator, substeps, dt, dtSource, startStates, noise, bodyNoise = null } = result;
  const {
    masses,
    charges = null,
    terms = null,
    notSeen = [],
    bonds = null,
    findings,
    stopped,
    retreats,
    lawError,
    networkError,
  } = result;
  const checkpoints = kept === null ? null : { folder: kept.folder, resumedFrom: kept.resumedFrom };
  return [
    ["model", null, { model: path, modelKind: kind, parameters: result.model.parameterCount }],
    [
      "training loss",
      `${formatNumber(trainLoss)} after ${formatSeconds(trainSeconds)}, ${formatCount(iterations)} iterations`,
      { trainLoss, trainSeconds, iterations, reachedTarget, milestones },
    ],
    ...milestones.map(
      ({ loss, seconds }): Fact => [
        `passed ${formatTarget(loss)}`,
        `after ${formatSeconds(seconds)}`,
      ],
    ),
    [
      "law error",
      lawError === null ? null : `${formatNumber(lawError)} of the mean |V'| (its own estimate)`,
      { lawError, networkError },
    ],
    [
      "rolled out with",
      `${integrator}, ${formatCount(substeps)} ${substeps === 1 ? "step" : "steps"} a record`,
      { integrator, substeps, dt, dtSource },
    ],
    cutoffFact(result),
    ["start states", START_STATES[startStates], { startStates }],
    [
      "noise of positions",
      noise === null ? null : `${formatNumber(noise)} (standard deviation, estimated)`,
      { noise },
    ],
    [
      "  of each body",
      bodyNoise === null
        ? null
        : `${bodyNoise.map((sigma) => formatNumber(sigma)).join(", ")} (weighed by it)`,
      { bodyNoise },
    ],
    ...massFacts(masses),
    ...chargeFacts(charges),
    ...motionFacts(result),
    ...termRows(result),
    [
      "terms",
      null,
      { terms, notSeen, bonds, findings, masses: masses?.map(withValue) ?? null, charges },
    ],
    [
      "validation loss",
      validationLoss === null ? null : formatNumber(validationLoss),
      { validationLoss },
    ],
    target === undefined
      ? ["target", null, { until: null }]
      : [`target ${formatTarget(target)}`, targetText(result, target), { until: target }],
    ["written to", path, { interrupted, stopped, retreats, checkpoints }],
  ];
}
