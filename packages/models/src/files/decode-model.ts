import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { createLnnModel } from "../laws/lnn.ts";
import { createMclnnModel } from "../laws/mclnn.ts";
import type {
  LawTerm,
  LnnModel,
  MclnnModel,
  Model,
  SpeciesModel,
  SplineModel,
  TrainingRecord,
} from "../laws/model.ts";
import { createSpeciesModel } from "../laws/species.ts";
import { createSplineModel } from "../laws/spline.ts";
import { withTerms } from "../laws/terms.ts";
import { networkLayout } from "../networks/energy-network.ts";
import { positionNetworkLayout } from "../networks/position-network.ts";
import { type Config, ModelFields, own, shown } from "./model-fields.ts";
import { CONFIG_SUM, FORMAT, METADATA, sumOfBytes, sumOfText, VERSIONS } from "./model-format.ts";
import { decodeSafetensors } from "./safetensors.ts";

/**
 * Reads a model file strictly: known format and version, checksum, every field of the configuration, exactly the tensors it calls for.
 *
 * @param options - source: what to call the file in errors
 * @throws MclnnError `bad-safetensors`; `not-a-model`, `wrong-version`, `wrong-checksum`, `bad-model` naming source and field
 */
export function decodeModel(bytes: Uint8Array, options: { readonly source?: string } = {}): Model {
  checkArgument("options", options, { source: "text?" });
  const { source = "model" } = options;
  const { tensors, metadata, tensorBytes } = decodeSafetensors(bytes, { source });
  if (metadata.get("format") !== FORMAT)
    throw new MclnnError(`${source} is not a model file`, {
      code: "not-a-model",
      argument: "format",
      expected: `a safetensors file with format = ${FORMAT} in its metadata`,
      got: `format = ${metadata.get("format") ?? "nothing"}`,
    });
  const version = metadata.get("version");
  if (version !== VERSIONS.pairs && version !== VERSIONS.terms)
    throw new MclnnError(`${source} is a model file of another version`, {
      code: "wrong-version",
      argument: "version",
      expected: Object.values(VERSIONS).join(" or "),
      got: version ?? "nothing",
      mend: "Read it with the release that wrote it, or a newer one.",
    });
  const sum = sumOfBytes(tensorBytes);
  if (metadata.get("sha256") !== sum)
    throw new MclnnError(`${source} is damaged: its numbers are not those that were written`, {
      code: "wrong-checksum",
      argument: "sha256",
      expected: metadata.get("sha256") ?? "a sha256 in the metadata",
      got: sum,
    });
  const configSum = metadata.get(CONFIG_SUM);
  const foundSum = sumOfText(metadata.get("config") ?? "");
  if (configSum !== undefined && configSum !== foundSum)
    throw new MclnnError(`${source} is damaged: its configuration is not what was written`, {
      code: "wrong-checksum",
      argument: CONFIG_SUM,
      expected: configSum,
      got: foundSum,
    });
  const file = new ModelFields(source, tensors);
  for (const key of metadata.keys())
    if (!METADATA.includes(key)) file.refuse(`metadata.${key}`, "a key", "no such key");
  const config = file.parseConfig(metadata.get("config"));
  const record = file.record(config);
  const terms = version === VERSIONS.terms ? decodeTerms(file, config) : [];
  const besides = terms.length > 0 ? ["terms"] : [];
  let create: () => Exclude<Model, LnnModel>;
  switch (config.kind) {
    case "mclnn":
    case "spline":
      file.onlyFields(config, ["kind", ...LAW_FIELDS[config.kind], "record", ...besides]);
      create = decodeLaw(file, config, config.kind, record);
      break;
    case "lnn":
      return decodeLnn(file, config, record);
    case "species":
      file.onlyFields(config, ["kind", "lawKind", "laws", "record", ...besides]);
      create = decodeSpecies(file, config, record);
      break;
    default:
      return file.refuse(
        "kind",
        JSON.stringify(config.kind),
        '"mclnn", "spline", "lnn" or "species"',
      );
  }
  file.nothingElse();
  return file.created(() => withTerms(create(), terms));
}

/** What acts beside the pairs. */
function decodeTerms(file: ModelFields, config: Config): LawTerm[] {
  const terms = own(config, "terms");
  if (!Array.isArray(terms) || terms.length === 0)
    return file.refuse("terms", shown(terms), "a list of terms");
  return terms.map((value: unknown, index): LawTerm => {
    const term = file.object(value, `terms[${index}]`);
    file.onlyFields(term, ["spec", "covariance"]);
    const part = file.part(`term${index}.`);
    const coefficients = part.vector("coefficients");
    const n = coefficients.length;
    const known = own(term, "covariance");
    if (typeof known !== "boolean")
      return file.refuse(`terms[${index}].covariance`, shown(known), "true or false");
    return {
      spec: file.object(own(term, "spec"), `terms[${index}].spec`) as unknown as LawTerm["spec"],
      coefficients,
      covariance: known ? part.tensor("covariance", [n, n]) : null,
    };
  });
}

const LAW_FIELDS = {
  mclnn: ["hidden", "activation", "coupling", "ranges", "uncertainty"],
  spline: ["clusters", "coupling", "ranges", "uncertainty"],
} as const;

function decodeLaw(
  file: ModelFields,
  config: Config,
  kind: "mclnn" | "spline",
  record: TrainingRecord,
): () => MclnnModel | SplineModel {
  if (kind === "mclnn") {
    const hidden = file.hidden(config);
    const weights = file.network(networkLayout([1, ...hidden, 1]));
    const rest = {
      coupling: file.coupling(config),
      separations: file.separations(config),
      ...file.uncertainty(config),
      record,
    };
    return () => createMclnnModel({ hidden, weights, ...rest });
  }
  const clusters = file.whole(config, "clusters", 1, 10_000);
  const knots = Array.from({ length: clusters }, (_, index) => file.vector(`knots${index}`));
  const coefficients = file.vector("coefficients");
  const rest = {
    coupling: file.coupling(config),
    separations: file.separations(config),
    ...file.uncertainty(config),
    record,
  };
  return () => createSplineModel({ knots, coefficients, ...rest });
}

function decodeSpecies(
  file: ModelFields,
  config: Config,
  record: TrainingRecord,
): () => SpeciesModel {
  const kind = own(config, "lawKind");
  if (kind !== "mclnn" && kind !== "spline")
    return file.refuse("lawKind", shown(kind), '"mclnn" or "spline"');
  const laws = own(config, "laws");
  if (!Array.isArray(laws) || laws.length === 0)
    return file.refuse("laws", shown(laws), "a list of laws");
  const models = laws.map((value: unknown, index) => {
    const law = file.object(value, `laws[${index}]`);
    file.onlyFields(law, ["species", ...LAW_FIELDS[kind]]);
    const species = own(law, "species");
    if (
      !Array.isArray(species) ||
      species.length !== 2 ||
      !species.every((s) => Number.isInteger(s) && (s as number) >= 0) ||
      species[0] > species[1]
    )
      return file.refuse(`laws[${index}].species`, shown(species), "two species, in order");
    return {
      species: species as [number, number],
      create: decodeLaw(file.part(`law${index}.`), law, kind, record),
    };
  });
  return () =>
    createSpeciesModel({
      laws: models.map(({ species, create }) => ({ species, model: create() })),
      record,
    });
}

function decodeLnn(file: ModelFields, config: Config, record: TrainingRecord): LnnModel {
  file.onlyFields(config, [
    "kind",
    "hidden",
    "activation",
    "particles",
    "dimension",
    "inputScale",
    "energyScale",
    "record",
  ]);
  const hidden = file.hidden(config);
  const particles = file.whole(config, "particles", 1, 1_000_000);
  const dimension = file.whole(config, "dimension", 2, 3) as 2 | 3;
  const weights = file.network(positionNetworkLayout(particles * dimension, hidden));
  const masses = file.tensor("masses", [particles]);
  const centre = file.tensor("centre", [particles, dimension]);
  const inputScale = file.positive(config, "inputScale");
  const energyScale = file.positive(config, "energyScale");
  file.nothingElse();
  return file.created(() =>
    createLnnModel({
      particles,
      dimension,
      masses,
      hidden,
      weights,
      centre,
      inputScale,
      energyScale,
      record,
    }),
  );
}
