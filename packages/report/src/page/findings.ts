import type { ModelResults, RolloutErrors, SystemResults, Value } from "@mclnn/studies";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import { list } from "../figures/sheet.ts";
import { divergence, modelTitle, type RunStart, runTime } from "./table.ts";

/**
 * What to see in a figure of a system, in a sentence or two made from the results; `undefined` for figures it knows nothing of.
 *
 * @param figure - the figure's name
 */
export function finding(figure: string, system: SystemResults): string | undefined {
  return Object.hasOwn(FINDINGS, figure) ? FINDINGS[figure]?.(system) : undefined;
}

const FINDINGS: Readonly<Record<string, (system: SystemResults) => string>> = {
  potential,
  trajectories,
  conservation,
  tilted,
  training,
};

function potential({ models }: SystemResults): string {
  const laws = each(models).flatMap(({ title, model }) =>
    model.slopeError === null || model.slopeError.mean === null
      ? []
      : [`${formatNumber(model.slopeError.mean)} (${title})`],
  );
  const others = each(models).filter(({ model }) => model.slopeError === null);
  const ranges = Object.values(models).find(({ slopeError }) => slopeError !== null)?.slopeError
    ?.range;
  const gaps = (ranges ?? []).flatMap(([from], i) => {
    const before = ranges?.[i - 1];
    return before === undefined
      ? []
      : [`between r = ${formatNumber(before[1], 3)} and ${formatNumber(from, 3)}`];
  });
  return sentences([
    laws.length > 0 &&
      `Over the separations seen in training, |V' learned − V' true| is on average ${list(laws)}`,
    gaps.length > 0 &&
      `No data exist ${list(gaps)}: there the curves are continuations, and V on one side is not tied to V on the other`,
    others.length > 0 &&
      `${list(others.map(({ title }) => title))}: one network of all positions, so there is no pair law to draw`,
  ]);
}

function trajectories(system: SystemResults): string {
  return sentences([
    ...followed(system, "rollout"),
    floorSentence(system),
    outsideSentence(system),
  ]);
}

function conservation(system: SystemResults): string {
  const { models, truth } = system;
  const span = runTime(system, "rollout");
  const over = span === undefined ? "Over the run" : `Over ${formatNumber(span, 4)} time units`;
  const drift = truth.hamiltonianDrift ?? null;
  return sentences([
    `${over} linear momentum stays within ${largest(models, "linearMomentum")}, and angular momentum within ${largest(models, "angularMomentum")} of the true values`,
    `Energy by the true law stays within ${largest(models, "hamiltonian")} of the true run's${
      drift === null
        ? ""
        : `, which itself strays by ${formatNumber(drift)} (the integrator's doing)`
    }`,
    ...ended(models, "rollout"),
  ]);
}

function tilted(system: SystemResults): string {
  const changes = each(system.models).flatMap(({ title, model }) => {
    const before = model.rollout.position.max;
    const after = model.tilted?.position.max;
    if (before === null || after === null || after === undefined) return [];
    return [`${title} from ${formatNumber(before)} to ${formatNumber(after)}`];
  });
  return sentences([
    changes.length > 0 &&
      `Tilting the start changes the largest position error of ${list(changes)}`,
    "A pair law cannot tell the two starts apart; a network of positions has only seen the untilted plane",
    ...followed(system, "tilted").slice(1),
  ]);
}

function training({ models }: SystemResults): string {
  return sentences(
    each(models).map(({ title, model }) => {
      const {
        milestones = [],
        lossKind,
        parameters,
        trainLoss,
        validationLoss,
        trainSeconds,
      } = model;
      const kind = lossKind === "acceleration" ? "an acceleration loss" : "a rollout loss";
      const passed = milestones.map(
        ({ loss, seconds }) => `${formatTarget(loss)} after ${formatSeconds(seconds)}`,
      );
      const validation =
        validationLoss === null ? "" : `, ${formatNumber(validationLoss)} on validation data`;
      return (
        `${title} (${formatCount(parameters)} parameters) ${passed.length === 0 ? "" : `passed ${list(passed)} and `}` +
        `ended at ${kind} of ${formatNumber(trainLoss)}${validation}, in ${formatSeconds(trainSeconds)}`
      );
    }),
  );
}

interface NamedModel {
  readonly title: string;
  readonly model: ModelResults;
}

function each(models: SystemResults["models"]): NamedModel[] {
  return Object.entries(models).map(([key, model]) => ({ title: modelTitle(key, model), model }));
}

/** How long models follow the truth: the sentence of errors first, then who left and when. */
function followed(system: SystemResults, start: RunStart): (string | false)[] {
  const models = each(system.models);
  const errors = models.flatMap(({ title, model }) => {
    const max = model[start]?.position.max ?? null;
    return max === null ? [] : [`${formatNumber(max)} (${title})`];
  });
  const left = models.flatMap(({ title, model }) => {
    const run = model[start];
    const time = run?.validTime ?? null;
    if (time === null || divergence(run) !== undefined) return [];
    return [`${title} at t = ${formatNumber(time, 3)}`];
  });
  const bound = models
    .map(({ model }) => model[start]?.validBound)
    .find((each) => each !== undefined);
  return [
    errors.length > 0 &&
      `The largest distance from the true place, mean over particles, is ${list(errors)}`,
    left.length > 0 &&
      `The position error passes ${bound === undefined ? "its bound" : formatNumber(bound)}: ${list(left)}`,
    ...ended(system.models, start),
  ];
}

function ended(models: SystemResults["models"], start: RunStart): string[] {
  return each(models).flatMap(({ title, model }) => {
    const end = divergence(model[start]);
    return end === undefined ? [] : [`The run of ${title} diverged at t = ${formatNumber(end, 3)}`];
  });
}

function floorSentence({ chaosFloor }: SystemResults): string | false {
  if (chaosFloor === undefined || chaosFloor.position.max === null) return false;
  const { offset, position } = chaosFloor;
  return `The true system itself, started ${formatTarget(offset)} away, comes to be ${formatNumber(position.max)} off`;
}

/** Why the law that is nearer to the truth where training looked need not lead nearer to the true place. */
function outsideSentence({ models }: SystemResults): string | false {
  const shares = Object.values(models).map(({ slopeError }) => slopeError?.outside ?? 0);
  const share = Math.max(0, ...shares);
  return (
    share > 0 &&
    `Of the separations on this way ${formatNumber(100 * share)} % lie outside those seen in training, where a law is only continued: one with the smaller error of V' inside may lead to the larger error of place`
  );
}

function largest(
  models: SystemResults["models"],
  key: keyof Pick<RolloutErrors, "linearMomentum" | "angularMomentum" | "hamiltonian">,
): string {
  return list(
    each(models).flatMap(({ title, model }) => {
      const max: Value = model.rollout[key].max;
      return max === null ? [] : [`${formatNumber(max)} (${title})`];
    }),
  );
}

function sentences(parts: readonly (string | false)[]): string {
  return parts
    .filter((part) => part !== false)
    .map((part) => `${part}.`)
    .join(" ");
}
