import { decodeModel } from "@mclnn/models";
import { formatCount, formatNumber, formatTarget } from "../terminal/numbers.ts";
import type { Description } from "./description.ts";

/** What a model file holds. @throws MclnnError of kind `input` */
export function describeModel(bytes: Uint8Array, path: string): Description {
  const model = decodeModel(bytes, { source: path });
  const { kind, parameterCount, record } = model;
  const { trainLoss, validationLoss, iterations, optimizer, seed, dt, stride } = record;
  const until = typeof record.until === "number" ? record.until : undefined;
  const own: [string, string][] =
    model.kind === "species"
      ? model.laws.map(({ species, model: law }) => [
          `law of species ${species.join(" and ")}`,
          `${law.kind}, separations ${rangesText(law.separations.ranges)}`,
        ])
      : model.kind === "lnn"
        ? [
            ["bodies", `${model.particles} in ${model.dimension} dimensions`],
            ["hidden widths", model.hidden.join(", ")],
          ]
        : [
            ["coupling", model.coupling],
            ...(model.kind === "mclnn"
              ? [["hidden widths", model.hidden.join(", ")] as [string, string]]
              : []),
            ["trained on separations", rangesText(model.separations.ranges)],
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
      [
        "time step",
        `${dt}, ${stride} a record, ${typeof record.integrator === "string" ? record.integrator : "velocity-verlet"}`,
      ],
      ...(typeof record.noise === "number"
        ? [["noise of positions", formatNumber(record.noise)] as const]
        : []),
      ...(typeof record.startStates === "string"
        ? [["start states", record.startStates] as const]
        : []),
      ["seed", String(seed)],
    ],
    json: {
      modelKind: kind,
      parameters: parameterCount,
      hidden: "hidden" in model ? model.hidden : null,
      coupling: "coupling" in model ? model.coupling : null,
      particles: model.kind === "lnn" ? model.particles : null,
      dimension: model.kind === "lnn" ? model.dimension : null,
      separations: "separations" in model ? { ranges: model.separations.ranges } : null,
      ...(model.kind === "species"
        ? {
            laws: model.laws.map(({ species, model: law }) => ({
              species,
              modelKind: law.kind,
              separations: { ranges: law.separations.ranges },
            })),
          }
        : {}),
      training: record,
    },
  };
}

function rangesText(ranges: readonly (readonly [number, number])[]): string {
  return ranges
    .map(([from, to]) => `${formatNumber(from, 4)} to ${formatNumber(to, 4)}`)
    .join(" and ");
}
