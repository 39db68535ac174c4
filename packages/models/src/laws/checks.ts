import {
  COUPLINGS,
  checkArgument,
  checkForce,
  checkLength,
  checkPair,
  checkRanges,
  optional,
  type Requirement,
} from "@mclnn/physics/arguments";
import { checkIncrease } from "../numbers.ts";
import type { Model, SeparationRecord } from "./model.ts";

/** What each kind of model is made of. @param floats - `float64` where numbers are looked at elsewhere */
function partsOf(floats: "floats" | "float64"): Readonly<Record<Model["kind"], Requirement>> {
  const law = {
    coupling: COUPLINGS,
    cutoff: "positive?",
    separations: { ranges: "list", edges: floats, counts: floats },
    record: {},
  } as const;
  return {
    mclnn: { hidden: "numbers", weights: floats, ...law },
    spline: { knots: "list", coefficients: floats, ...law },
    lnn: {
      particles: "count",
      dimension: "dimension",
      masses: "masses",
      hidden: "numbers",
      weights: floats,
      centre: floats,
      inputScale: "number",
      energyScale: "number",
      record: {},
    },
    species: { laws: "list", record: {} },
  };
}

/**
 * Refuses what a model of that kind cannot be made of.
 *
 * @param argument - what to call it
 * @param floats - `float64` where its numbers are looked at elsewhere
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-mass`, `bad-dimension`, `bad-shape`, `not-finite`
 */
export function checkParts(
  argument: string,
  kind: Model["kind"],
  parts: object,
  floats: "floats" | "float64" = "floats",
): void {
  checkArgument(argument, parts, partsOf(floats)[kind]);
  const at = argument === "options" ? "" : `${argument}.`;
  const { separations, knots, laws, uncertainty } = parts as {
    separations?: SeparationRecord;
    knots?: readonly Float64Array[];
    laws?: readonly { readonly species: readonly number[]; readonly model: Model }[];
    uncertainty?: object;
  };
  if (separations !== undefined) {
    const { ranges, edges, counts } = separations;
    const path = `${at}separations`;
    if (floats === "floats") {
      const rise = (key: string, values: Iterable<number>, from?: number): number =>
        checkIncrease("bad-shape", `${path}.${key}`, values, from, true);
      checkRanges(`${path}.ranges`, ranges);
      rise(
        "ranges",
        Array.from(ranges).flatMap((range) => Array.from(range)),
      );
      rise("edges", edges);
      for (const count of counts) rise("counts", [count], 0);
    }
    // A law that was never trained has seen no separations.
    if (counts.length > 0 || edges.length > 1)
      checkLength(`${path}.edges`, edges, [counts.length + 1, "edges of bins"]);
  }
  if (knots !== undefined) checkClusters(`${at}knots`, knots);
  if (uncertainty !== undefined) {
    const posterior = {
      knots: "list",
      coefficients: floats,
      factor: floats,
      variance: "number",
      likelihood: optional({ metric: floats, gradient: floats }),
    };
    checkArgument(`${at}uncertainty`, uncertainty, posterior as Requirement);
    checkClusters(`${at}uncertainty.knots`, (uncertainty as { knots: Float64Array[] }).knots);
  }
  Array.from(laws ?? []).forEach((law, k) => {
    checkArgument(`${at}laws[${k}]`, law, { species: "numbers", model: {} });
    checkModel(`${at}laws[${k}].model`, law.model, floats);
  });
}

/** Refuses what is no model; its numbers are looked at where they are used. @throws MclnnError as {@link checkParts} */
export function checkModel(
  argument: string,
  model: Model,
  floats: "floats" | "float64" = "float64",
): void {
  const every = { kind: Object.keys(partsOf("float64")), parameterCount: "count" } as const;
  checkArgument(argument, model, every, { mend: "train() makes it." });
  checkForce(`${argument}.potential`, model.potential);
  checkParts(argument, model.kind, model, floats);
  if (model.kind !== "mclnn" && model.kind !== "spline") return;
  checkPair(`${argument}.pair`, model.pair);
  checkPair(`${argument}.table`, model.table);
}

function checkClusters(argument: string, knots: readonly Float64Array[]): void {
  Array.from(knots).forEach((cluster, k) => {
    checkArgument(`${argument}[${k}]`, cluster, "float64");
  });
}
