import { MclnnError } from "@mclnn/physics";
import { checkModel } from "../laws/checks.ts";
import type { LawTerm, Model, SeparationRecord } from "../laws/model.ts";
import type { LawUncertainty } from "../laws/uncertainty.ts";
import { type LayoutSlice, networkLayout, positionNetworkLayout } from "../networks/layout.ts";
import { CONFIG_SUM, FORMAT, sumOfText, VERSIONS } from "./model-format.ts";
import { notPlain } from "./plain-json.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

/**
 * Bytes of a model file: safetensors, all numbers float64.
 *
 * Metadata: `format` = `mclnn-model`, `version` = `1`, `2` where terms act beside the pairs or bonds say which pairs there are, `config` (JSON: kind, hidden widths, activation, particles and dimension where fixed,
 * coupling, ranges of separations, training record), `sha256` (hex, of the tensor bytes), `configSha256` (of the configuration's text).
 * {@link decodeModel} gives every bit back.
 *
 * @throws MclnnError `bad-record`: the training record holds something that JSON cannot; `not-finite` (failure)
 */
export function encodeModel(model: Model): Uint8Array {
  checkModel("model", model);
  const tensors = new Map<string, Tensor>();
  checkJson(model.record, "record");
  const terms = model.terms ?? [];
  const { bonds } = model;
  const more = terms.length > 0 || bonds !== undefined;
  const config = {
    ...describe(model, "", tensors),
    ...(more && { terms: describeTerms(terms, tensors) }),
    ...(bonds !== undefined && { bonds }),
  };
  checkJson(config, "config");
  const { tensorBytes } = decodeSafetensors(encodeSafetensors(tensors));
  const text = JSON.stringify({ kind: model.kind, ...config, record: model.record });
  return encodeSafetensors(
    tensors,
    new Map([
      ["format", FORMAT],
      ["version", more ? VERSIONS.terms : VERSIONS.pairs],
      ["config", text],
      ["sha256", sha256(tensorBytes)],
      [CONFIG_SUM, sumOfText(text)],
    ]),
  );
}

/** Puts a model's numbers among the tensors, and says what else there is to know. @param prefix - of the tensors' names */
function describe(
  model: Model,
  prefix: string,
  tensors: Map<string, Tensor>,
): Record<string, unknown> {
  const out = new TensorWriter(tensors, prefix);
  switch (model.kind) {
    case "mclnn": {
      const { hidden, coupling, cutoff, separations } = model;
      out.addNetwork(networkLayout([1, ...hidden, 1]), model.weights);
      out.addSeparations(separations);
      return {
        hidden,
        activation: "squareplus",
        coupling,
        ranges: separations.ranges,
        ...(cutoff !== undefined && { cutoff }),
        ...out.addUncertainty(model.uncertainty),
      };
    }
    case "spline": {
      const { knots, coupling, cutoff, separations } = model;
      knots.forEach((cluster, index) => {
        out.add(`knots${index}`, cluster);
      });
      out.add("coefficients", model.coefficients);
      out.addSeparations(separations);
      return {
        clusters: knots.length,
        coupling,
        ranges: separations.ranges,
        ...(cutoff !== undefined && { cutoff }),
        ...out.addUncertainty(model.uncertainty),
      };
    }
    case "lnn": {
      const { hidden, particles, dimension, inputScale, energyScale } = model;
      out.addNetwork(positionNetworkLayout(particles * dimension, hidden), model.weights);
      out.add("masses", model.masses);
      out.add("centre", model.centre, [particles, dimension]);
      return { hidden, activation: "squareplus", particles, dimension, inputScale, energyScale };
    }
    case "species":
      return {
        lawKind: model.lawKind,
        laws: model.laws.map(({ species, model: law }, index) => ({
          species,
          ...describe(law, `law${index}.`, tensors),
        })),
      };
  }
}

/** The same of the terms of a law. */
function describeTerms(
  terms: readonly LawTerm[],
  tensors: Map<string, Tensor>,
): readonly Record<string, unknown>[] {
  return terms.map(({ spec, coefficients, covariance }, index) => {
    const out = new TensorWriter(tensors, `term${index}.`);
    const n = coefficients.length;
    out.add("coefficients", coefficients);
    if (covariance !== null) out.add("covariance", covariance, [n, n]);
    return { spec, covariance: covariance !== null };
  });
}

/** Puts arrays among the tensors of a file. */
class TensorWriter {
  private readonly tensors: Map<string, Tensor>;
  private readonly prefix: string;

  /** @param prefix - of the tensors' names */
  constructor(tensors: Map<string, Tensor>, prefix: string) {
    this.tensors = tensors;
    this.prefix = prefix;
  }

  /** @throws MclnnError `not-finite` (failure) */
  add(name: string, data: Float64Array, shape: readonly number[] = [data.length]): void {
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0)
      throw new MclnnError("a model that is not finite is not written", {
        code: "not-finite",
        argument: `${this.prefix}${name}`,
        expected: "finite numbers",
        got: `${data[bad]} at index ${bad}`,
        kind: "failure",
      });
    this.tensors.set(`${this.prefix}${name}`, { shape, data });
  }

  addNetwork(layout: readonly LayoutSlice[], weights: Float64Array): void {
    for (const { name, shape, offset, length } of layout)
      this.add(name, weights.subarray(offset, offset + length), shape);
  }

  addSeparations({ edges, counts }: SeparationRecord): void {
    this.add("separationEdges", edges);
    this.add("separationCounts", counts);
  }

  /** @returns what the configuration says of it */
  addUncertainty(uncertainty: LawUncertainty | undefined): Record<string, unknown> {
    if (uncertainty === undefined) return {};
    const { knots, coefficients, factor, variance, likelihood } = uncertainty;
    knots.forEach((cluster, index) => {
      this.add(`posteriorKnots${index}`, cluster);
    });
    this.add("posteriorCoefficients", coefficients);
    const square = [coefficients.length, coefficients.length];
    this.add("posteriorFactor", factor, square);
    if (likelihood === undefined) return { uncertainty: { clusters: knots.length, variance } };
    this.add("likelihoodMetric", likelihood.metric, square);
    this.add("likelihoodGradient", likelihood.gradient);
    return { uncertainty: { clusters: knots.length, variance, likelihood: true } };
  }
}

/** @throws MclnnError `bad-record` where JSON would change a value without a word */
function checkJson(value: unknown, field: string): void {
  const found = notPlain(value, field);
  if (found === null) return;
  throw new MclnnError(`the model's ${found.path} cannot be written`, {
    code: "bad-record",
    argument: found.path,
    expected: "plain JSON: finite numbers, texts, booleans, null, lists and objects of these",
    got: found.got,
  });
}
