import { decodeModel, type Model } from "@mclnn/models";
import { formatCount, formatNumber, formatTarget } from "@mclnn/studies/text";
import type { Fact } from "../terminal/fact.ts";
import type { Description } from "./description.ts";

/** What a model file holds. @throws MclnnError of kind `input` */
export function describeModel(bytes: Uint8Array, path: string): Description {
  const model = decodeModel(bytes, { source: path });
  const { kind, parameterCount, record } = model;
  const { trainLoss, validationLoss, iterations, optimizer, seed, dt, stride } = record;
  const { until, integrator, noise, startStates } = record;
  const none = {
    modelKind: kind,
    parameters: parameterCount,
    hidden: null,
    coupling: null,
    particles: null,
    dimension: null,
    separations: null,
  };
  return {
    kind: `${kind} model`,
    facts: [
      ["parameters", formatCount(parameterCount), none],
      ...ownFacts(model),
      [
        "training loss",
        `${formatNumber(trainLoss)} after ${formatCount(iterations)} iterations of ${optimizer}`,
        { training: record },
      ],
      ["validation loss", formatNumber(validationLoss)],
      typeof until === "number"
        ? [`target ${formatTarget(until)}`, record.reachedTarget ? "reached" : "not reached"]
        : ["target", null],
      [
        "time step",
        `${dt}, ${stride} a record, ${typeof integrator === "string" ? integrator : "velocity-verlet"}`,
      ],
      ["noise of positions", typeof noise === "number" ? formatNumber(noise) : null],
      ["start states", typeof startStates === "string" ? startStates : null],
      ["seed", String(seed)],
    ],
  };
}

/** What only models of its kind have. */
function ownFacts(model: Model): Fact[] {
  const ranges = ({ separations }: { separations: { ranges: readonly Range[] } }) => ({
    separations: { ranges: separations.ranges },
  });
  switch (model.kind) {
    case "species": {
      const laws = model.laws.map(({ species, model: law }) => ({
        species,
        modelKind: law.kind,
        ...ranges(law),
      }));
      return laws.map(({ species, modelKind, separations }) => [
        `law of species ${species.join(" and ")}`,
        `${modelKind}, separations ${rangesText(separations.ranges)}`,
        { laws },
      ]);
    }
    case "lnn": {
      const { particles, dimension, hidden } = model;
      return [
        ["bodies", `${particles} in ${dimension} dimensions`, { particles, dimension }],
        ["hidden widths", hidden.join(", "), { hidden }],
      ];
    }
    default: {
      const hidden: Fact[] =
        model.kind === "mclnn"
          ? [["hidden widths", model.hidden.join(", "), { hidden: model.hidden }]]
          : [];
      return [
        ["coupling", model.coupling, { coupling: model.coupling }],
        ...hidden,
        ["trained on separations", rangesText(model.separations.ranges), ranges(model)],
      ];
    }
  }
}

type Range = readonly [number, number];

function rangesText(ranges: readonly Range[]): string {
  return ranges
    .map(([from, to]) => `${formatNumber(from, 4)} to ${formatNumber(to, 4)}`)
    .join(" and ");
}
