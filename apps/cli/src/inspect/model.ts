import { decodeModel } from "@mclnn/models";
import type { Description } from "../commands/inspect.ts";
import { formatCount, formatNumber, formatTarget } from "../terminal/numbers.ts";

/** What a model file holds. @throws MclnnError of kind `input` */
export function describeModel(bytes: Uint8Array, path: string): Description {
  const model = decodeModel(bytes, { source: path });
  const { kind, parameterCount, record } = model;
  const { trainLoss, validationLoss, iterations, optimizer, seed, dt, stride } = record;
  const until = typeof record.until === "number" ? record.until : undefined;
  const own: [string, string][] =
    kind === "lnn"
      ? [
          ["bodies", `${model.particles} in ${model.dimension} dimensions`],
          ["hidden widths", model.hidden.join(", ")],
        ]
      : [
          ["coupling", model.coupling],
          ...(kind === "mclnn"
            ? [["hidden widths", model.hidden.join(", ")] as [string, string]]
            : []),
          [
            "trained on separations",
            model.separations.ranges
              .map(([from, to]) => `${formatNumber(from, 4)} to ${formatNumber(to, 4)}`)
              .join(" and "),
          ],
        ];
  return {
    kind: `${kind} model`,
    facts: [
      ["parameters", formatCount(parameterCount)],
      ...own,
      [
        "training loss",
        `${formatNumber(trainLoss)} after ${formatCount(iterations)} iterations of ${optimizer}`,
      ],
      ["validation loss", formatNumber(validationLoss)],
      ...(until === undefined
        ? []
        : [
            [
              `target ${formatTarget(until)}`,
              record.reachedTarget ? "reached" : "not reached",
            ] as const,
          ]),
      ["time step", `${dt}, ${stride} a record`],
      ["seed", String(seed)],
    ],
    json: {
      modelKind: kind,
      parameters: parameterCount,
      hidden: kind === "spline" ? null : model.hidden,
      coupling: kind === "lnn" ? null : model.coupling,
      particles: kind === "lnn" ? model.particles : null,
      dimension: kind === "lnn" ? model.dimension : null,
      separations: kind === "lnn" ? null : { ranges: model.separations.ranges },
      training: record,
    },
  };
}
