import { isMclnnError, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { withBonds } from "../laws/bonds.ts";
import { createLnnModel } from "../laws/lnn.ts";
import { createMclnnModel } from "../laws/mclnn.ts";
import type { LawBond, LawTerm, LnnModel, MclnnModel, Model, SplineModel } from "../laws/model.ts";
import { createSpeciesModel } from "../laws/species.ts";
import { createSplineModel } from "../laws/spline.ts";
import { withTerms } from "../laws/terms.ts";
import { networkLayout, positionNetworkLayout } from "../networks/layout.ts";
import {
  array,
  FIELDS,
  onlyFields,
  RECORD,
  refuse,
  type Take,
  takeFrom,
  takeMany,
  takeNetwork,
} from "./model-fields.ts";
import { CONFIG_SUM, FORMAT, METADATA, sumOfText, VERSIONS } from "./model-format.ts";
import { notPlain, shown } from "./plain-json.ts";
import { decodeSafetensors, type TensorFile } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

/** A place in the configuration is named by so many characters at most. */
const LONGEST = 80;

// biome-ignore lint/suspicious/noExplicitAny: the configuration as parsed; its fields are used once their table has let them pass
type Config = Readonly<Record<string, any>>;

/**
 * Reads a model file strictly: known format and version, checksum, every field of the configuration, exactly the tensors it calls for.
 *
 * @param options - source: what to call the file in errors
 * @throws MclnnError `bad-safetensors`; `not-a-model`, `wrong-version`, `wrong-checksum`, `bad-model` naming source and field
 */
export function decodeModel(bytes: Uint8Array, options: { readonly source?: string } = {}): Model {
  checkArgument("options", options, { source: "text?" });
  const { source = "model" } = options;
  const file = decodeSafetensors(bytes, { source });
  checkMetadata(source, file);
  return saidOf(source, () => modelOf(file));
}

/** What the metadata have to say. */
function checkMetadata(source: string, { metadata, tensorBytes }: TensorFile): void {
  const demand = (
    code: string,
    key: string,
    possible: readonly (string | undefined)[],
    is: string,
    mend?: string,
  ): void => {
    const said = metadata.get(key);
    if (possible.includes(said)) return;
    const expected = possible.filter((each) => each).join(" or ");
    const got = said ?? "nothing";
    throw new MclnnError(`${source} is ${is}`, { code, argument: key, expected, got, mend });
  };
  demand("not-a-model", "format", [FORMAT], "not a model file");
  const newer = "Read it with the release that wrote it, or a newer one.";
  demand("wrong-version", "version", Object.values(VERSIONS), "of another version", newer);
  demand("wrong-checksum", "sha256", [sha256(tensorBytes)], "damaged: its numbers are others");
  const sum = sumOfText(metadata.get("config") ?? "");
  demand("wrong-checksum", CONFIG_SUM, [sum, undefined], "damaged: its configuration is another");
}

/** What `create` makes; its errors name the file as well. @throws MclnnError `bad-model` */
export function saidOf<M>(source: string, create: () => M): M {
  try {
    return create();
  } catch (cause) {
    if (!isMclnnError(cause)) throw cause;
    const { argument = "model", expected, got } = cause as MclnnError;
    throw new MclnnError(`${source} does not hold a usable model (${argument})`, {
      ...{ code: "bad-model", argument, expected, got, cause },
    });
  }
}

function modelOf({ tensors, metadata }: TensorFile): Model {
  for (const key of metadata.keys())
    if (!METADATA.includes(key)) refuse(`metadata.${key}`, "no such key", "a key");
  const config = parsed(metadata.get("config"));
  const left = new Map(tensors);
  const take = takeFrom(left);
  const withMore = metadata.get("version") === VERSIONS.terms && config.kind !== "lnn";
  const more = withMore ? ["terms", "bonds"] : [];
  checkFields("config", config, config.kind, ["kind", ...more, "record"]);
  const terms = withMore ? termsOf(config, take) : [];
  const model = lawOf(config, config.kind, take);
  for (const name of left.keys()) refuse(name, "no such tensor", "a tensor");
  if (model.kind === "lnn") return model;
  const { bonds } = config;
  if (bonds === undefined) return withTerms(model, terms);
  if (model.kind === "species") return refuse("config.bonds", "one law for all bonds", "several");
  return withTerms(withBonds(model, bondsOf(bonds)), terms);
}

/** Bonds as a file has them. */
function bondsOf(value: unknown): LawBond[] {
  array("config.bonds", value);
  return (value as unknown[]).map((bond, k) => {
    const argument = `config.bonds[${k}]`;
    array(argument, bond);
    const [first, second, weight, sd] = bond as number[];
    checkArgument(argument, { weight }, { weight: "number" });
    if (sd !== null) checkArgument(argument, { sd }, { sd: "number" });
    return [first, second, weight, sd];
  });
}

function parsed(text: string | undefined): Config {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    return refuse("config", "JSON text", text === undefined ? "nothing" : "broken JSON");
  }
  // The record in it may be nested as deep as where it was written.
  const found = notPlain(value, "config", -1);
  if (found !== null)
    refuse(found.path.slice(0, LONGEST), "plain JSON of finite numbers", found.got);
  checkArgument("config", value, { kind: Object.keys(FIELDS), record: RECORD });
  return value as Config;
}

/** Refuses a law whose fields are not those of its kind. */
function checkFields(path: string, law: Config, kind: Model["kind"], besides: string[]): void {
  checkArgument(path, law, FIELDS[kind]);
  onlyFields(path, law, [...Object.keys(FIELDS[kind]), ...besides]);
}

/** A model of that kind from fields that were looked at. */
function lawOf(config: Config, kind: Model["kind"], take: Take): Model {
  const { hidden, particles, dimension, clusters, record } = config;
  switch (kind) {
    case "mclnn": {
      const weights = takeNetwork(take, networkLayout([1, ...hidden, 1]));
      return createMclnnModel({ hidden, weights, ...partsOf(config, take) });
    }
    case "spline": {
      const knots = takeMany(take, "knots", clusters);
      const coefficients = take("coefficients");
      return createSplineModel({ knots, coefficients, ...partsOf(config, take) });
    }
    case "lnn": {
      const weights = takeNetwork(take, positionNetworkLayout(particles * dimension, hidden));
      const masses = take("masses", [particles]);
      const centre = take("centre", [particles, dimension]);
      return createLnnModel({ ...(config as LnnModel), weights, masses, centre });
    }
    case "species": {
      const laws = config.laws.map((law: Config, k: number) => {
        checkFields(`config.laws[${k}]`, law, config.lawKind, ["species"]);
        const own: Take = (name, shape) => take(`law${k}.${name}`, shape);
        const model = lawOf({ ...law, record }, config.lawKind, own);
        return { species: law.species, model };
      });
      return createSpeciesModel({ laws, record });
    }
  }
}

/** What a network and a spline have in common. */
function partsOf(
  { coupling, cutoff, ranges, uncertainty, record }: Config,
  take: Take,
): Pick<
  MclnnModel | SplineModel,
  "coupling" | "cutoff" | "separations" | "uncertainty" | "record"
> {
  const edges = take("separationEdges");
  const separations = { ranges, edges, counts: take("separationCounts") };
  const law = { coupling, separations, record, ...(cutoff !== undefined && { cutoff }) };
  if (uncertainty === undefined) return law;
  const { clusters, variance, likelihood } = uncertainty;
  const knots = takeMany(take, "posteriorKnots", clusters);
  const coefficients = take("posteriorCoefficients");
  const n = coefficients.length;
  const factor = take("posteriorFactor", [n, n]);
  const posterior = {
    ...{ knots, coefficients, factor, variance },
    ...(likelihood && {
      likelihood: {
        metric: take("likelihoodMetric", [n, n]),
        gradient: take("likelihoodGradient", [n]),
      },
    }),
  };
  return { ...law, uncertainty: posterior };
}

/** What acts beside the pairs; nothing where there is all there is to say of bonds. */
function termsOf({ terms, bonds }: Config, take: Take): LawTerm[] {
  if (!Array.isArray(terms) || (terms.length === 0 && bonds === undefined))
    return refuse("config.terms", "a list of terms", shown(terms));
  return terms.map((term: Config, k): LawTerm => {
    const fields = { spec: {}, covariance: "flag" } as const;
    checkArgument(`config.terms[${k}]`, term, fields);
    onlyFields(`config.terms[${k}]`, term, Object.keys(fields));
    const coefficients = take(`term${k}.coefficients`);
    const n = coefficients.length;
    const covariance = term.covariance ? take(`term${k}.covariance`, [n, n]) : null;
    return { spec: term.spec, coefficients, covariance };
  });
}
