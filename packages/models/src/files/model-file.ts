import { type Coupling, type ErrorDetails, isMclnnError, MclnnError } from "@mclnn/physics";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { createLnnModel } from "../laws/lnn.ts";
import { createMclnnModel } from "../laws/mclnn.ts";
import { createSpeciesModel } from "../laws/species.ts";
import { createSplineModel } from "../laws/spline.ts";
import type { LawUncertainty } from "../laws/uncertainty.ts";
import { positionNetworkLayout } from "../lnn/position-network.ts";
import type {
  LnnModel,
  MclnnModel,
  Model,
  SeparationRecord,
  SpeciesModel,
  SplineModel,
  TrainingRecord,
} from "../model.ts";
import { checkHidden, type LayoutSlice, networkLayout } from "../network.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";

const FORMAT = "mclnn-model";
const VERSION = "1";
/** Sum of the configuration; files made before there was one, or by others, need not have it. */
const CONFIG_SUM = "configSha256";
const METADATA = ["format", "version", "config", "sha256", CONFIG_SUM];
const COUPLINGS: readonly Coupling[] = ["none", "mass-product", "charge-product"];

/**
 * Bytes of a model file: safetensors, all numbers float64.
 *
 * Metadata: `format` = `mclnn-model`, `version` = `1`, `config` (JSON: kind, hidden widths, activation, particles and dimension where fixed,
 * coupling, ranges of separations, training record), `sha256` (hex, of the tensor bytes), `configSha256` (of the configuration's text).
 * {@link decodeModel} gives every bit back.
 *
 * @throws MclnnError `bad-record`: the training record holds something that JSON cannot; `not-finite` (failure)
 */
export function encodeModel(model: Model): Uint8Array {
  const tensors = new Map<string, Tensor>();
  checkJson(model.record, "record");
  const config = describe(model, "", tensors);
  checkJson(config, "config");
  const { tensorBytes } = decodeSafetensors(encodeSafetensors(tensors), { source: "model" });
  const text = JSON.stringify({ kind: model.kind, ...config, record: model.record });
  return encodeSafetensors(
    tensors,
    new Map([
      ["format", FORMAT],
      ["version", VERSION],
      ["config", text],
      ["sha256", bytesToHex(sha256(tensorBytes))],
      [CONFIG_SUM, sumOfText(text)],
    ]),
  );
}

function sumOfText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** Puts a model's numbers among the tensors, and says what else there is to know. @param prefix - of the tensors' names */
function describe(
  model: Model,
  prefix: string,
  tensors: Map<string, Tensor>,
): Record<string, unknown> {
  const add = (
    name: string,
    data: Float64Array,
    shape: readonly number[] = [data.length],
  ): void => {
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0)
      throw new MclnnError("a model that is not finite is not written", {
        code: "not-finite",
        argument: `${prefix}${name}`,
        expected: "finite numbers",
        got: `${data[bad]} at index ${bad}`,
        kind: "failure",
      });
    tensors.set(`${prefix}${name}`, { shape, data });
  };
  const addNetwork = (layout: readonly LayoutSlice[], weights: Float64Array): void => {
    for (const { name, shape, offset, length } of layout)
      add(name, weights.subarray(offset, offset + length), shape);
  };
  const addSeparations = ({ edges, counts }: SeparationRecord): void => {
    add("separationEdges", edges);
    add("separationCounts", counts);
  };
  const addUncertainty = (uncertainty: LawUncertainty | undefined): Record<string, unknown> => {
    if (uncertainty === undefined) return {};
    const { knots, coefficients, factor, variance } = uncertainty;
    knots.forEach((cluster, index) => {
      add(`posteriorKnots${index}`, cluster);
    });
    add("posteriorCoefficients", coefficients);
    add("posteriorFactor", factor, [coefficients.length, coefficients.length]);
    return { uncertainty: { clusters: knots.length, variance } };
  };
  switch (model.kind) {
    case "mclnn": {
      const { hidden, coupling, separations } = model;
      addNetwork(networkLayout([1, ...hidden, 1]), model.weights);
      addSeparations(separations);
      return {
        hidden,
        activation: "squareplus",
        coupling,
        ranges: separations.ranges,
        ...addUncertainty(model.uncertainty),
      };
    }
    case "spline": {
      const { knots, coupling, separations } = model;
      knots.forEach((cluster, index) => {
        add(`knots${index}`, cluster);
      });
      add("coefficients", model.coefficients);
      addSeparations(separations);
      return {
        clusters: knots.length,
        coupling,
        ranges: separations.ranges,
        ...addUncertainty(model.uncertainty),
      };
    }
    case "lnn": {
      const { hidden, particles, dimension, inputScale, energyScale } = model;
      addNetwork(positionNetworkLayout(particles * dimension, hidden), model.weights);
      add("masses", model.masses);
      add("centre", model.centre, [particles, dimension]);
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

/**
 * Reads a model file strictly: known format and version, checksum, every field of the configuration, exactly the tensors it calls for.
 *
 * @param options - source: what to call the file in errors
 * @throws MclnnError `bad-safetensors`; `not-a-model`, `wrong-version`, `wrong-checksum`, `bad-model` naming source and field
 */
export function decodeModel(
  bytes: Uint8Array,
  { source = "model" }: { readonly source?: string } = {},
): Model {
  const { tensors, metadata, tensorBytes } = decodeSafetensors(bytes, { source });
  if (metadata.get("format") !== FORMAT)
    throw new MclnnError(`${source} is not a model file`, {
      code: "not-a-model",
      argument: "format",
      expected: `a safetensors file with format = ${FORMAT} in its metadata`,
      got: `format = ${metadata.get("format") ?? "nothing"}`,
    });
  const version = metadata.get("version");
  if (version !== VERSION)
    throw new MclnnError(`${source} is a model file of another version`, {
      code: "wrong-version",
      argument: "version",
      expected: VERSION,
      got: version ?? "nothing",
      mend: "Read it with the release that wrote it, or a newer one.",
    });
  const sum = bytesToHex(sha256(tensorBytes));
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
  const file = new ModelFile(source, tensors);
  for (const key of metadata.keys())
    if (!METADATA.includes(key)) file.refuse(`metadata.${key}`, "a key", "no such key");
  const config = file.parseConfig(metadata.get("config"));
  const record = file.record(config);
  let create: () => Model;
  switch (config.kind) {
    case "mclnn":
    case "spline":
      file.onlyFields(config, ["kind", ...LAW_FIELDS[config.kind], "record"]);
      create = decodeLaw(file, config, config.kind, record);
      break;
    case "lnn":
      return decodeLnn(file, config, record);
    case "species":
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
  return file.created(create);
}

const LAW_FIELDS = {
  mclnn: ["hidden", "activation", "coupling", "ranges", "uncertainty"],
  spline: ["clusters", "coupling", "ranges", "uncertainty"],
} as const;

function decodeLaw(
  file: ModelFile,
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
  file: ModelFile,
  config: Config,
  record: TrainingRecord,
): () => SpeciesModel {
  file.onlyFields(config, ["kind", "lawKind", "laws", "record"]);
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
      (species[0] as number) > (species[1] as number)
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

function decodeLnn(file: ModelFile, config: Config, record: TrainingRecord): LnnModel {
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

type Config = Readonly<Record<string, unknown>>;

/** Fields of one model file, each checked as it is taken. */
class ModelFile {
  private readonly source: string;
  private readonly tensors: ReadonlyMap<string, Tensor>;
  private readonly prefix: string;
  private readonly taken: Set<string>;

  constructor(
    source: string,
    tensors: ReadonlyMap<string, Tensor>,
    prefix = "",
    taken: Set<string> = new Set(),
  ) {
    this.source = source;
    this.tensors = tensors;
    this.prefix = prefix;
    this.taken = taken;
  }

  /** The same file, its tensors named without this prefix. */
  part(prefix: string): ModelFile {
    return new ModelFile(this.source, this.tensors, prefix, this.taken);
  }

  refuse(field: string, got: string, expected: string): never {
    throw new MclnnError(`${this.source} does not hold a usable model (${field})`, {
      code: "bad-model",
      argument: field,
      expected,
      got,
    });
  }

  /** What `create` makes; its errors name the file as well. */
  created<M>(create: () => M): M {
    try {
      return create();
    } catch (error) {
      if (!isMclnnError(error)) throw error;
      const { argument = "model", expected, got }: ErrorDetails = error;
      throw new MclnnError(`${this.source} does not hold a usable model (${argument})`, {
        code: "bad-model",
        argument,
        expected,
        got,
        cause: error,
      });
    }
  }

  parseConfig(text: string | undefined): Config {
    let value: unknown;
    try {
      value = JSON.parse(text ?? "");
    } catch {
      return this.refuse("config", text === undefined ? "nothing" : "broken JSON", "JSON text");
    }
    return this.object(value, "config");
  }

  object(value: unknown, field: string): Config {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return this.refuse(field, shown(value), "an object");
    return value as Config;
  }

  onlyFields(config: Config, fields: readonly string[]): void {
    for (const key of Object.keys(config))
      if (!fields.includes(key))
        this.refuse(`config.${key}`, "a field", `${fields.join(", ")} only`);
  }

  whole(config: Config, field: string, from: number, to: number): number {
    const value = own(config, field);
    return Number.isInteger(value) && (value as number) >= from && (value as number) <= to
      ? (value as number)
      : this.refuse(field, shown(value), `a whole number from ${from} to ${to}`);
  }

  positive(config: Config, field: string): number {
    const value = own(config, field);
    return typeof value === "number" && value > 0 && Number.isFinite(value)
      ? value
      : this.refuse(field, shown(value), "a positive number");
  }

  hidden(config: Config): readonly number[] {
    const activation = own(config, "activation");
    if (activation !== "squareplus") this.refuse("activation", shown(activation), '"squareplus"');
    const hidden = own(config, "hidden");
    if (!Array.isArray(hidden)) return this.refuse("hidden", shown(hidden), "a list of widths");
    return this.created(() => {
      checkHidden(hidden as number[]);
      return hidden as number[];
    });
  }

  coupling(config: Config): Coupling {
    const value = own(config, "coupling");
    return (
      COUPLINGS.find((coupling) => coupling === value) ??
      this.refuse("coupling", shown(value), COUPLINGS.join(", "))
    );
  }

  separations(config: Config): SeparationRecord {
    const ranges = own(config, "ranges");
    const expected = "a list of increasing [from, to] that do not overlap";
    if (!Array.isArray(ranges)) return this.refuse("ranges", shown(ranges), expected);
    let previous = Number.NEGATIVE_INFINITY;
    for (const range of ranges) {
      if (!Array.isArray(range) || range.length !== 2)
        return this.refuse("ranges", shown(range), expected);
      const [from, to] = range as unknown[];
      if (!isFiniteNumber(from) || !isFiniteNumber(to) || from < previous || to < from)
        return this.refuse("ranges", shown(range), expected);
      previous = to;
    }
    const edges = this.vector("separationEdges");
    const counts = this.vector("separationCounts");
    if (edges.length !== counts.length + 1 && edges.length + counts.length > 0)
      this.refuse(
        "separationEdges",
        `${edges.length} edges of ${counts.length} bins`,
        "one edge more than bins",
      );
    for (let k = 1; k < edges.length; k++)
      if (!((edges[k] as number) >= (edges[k - 1] as number)))
        this.refuse("separationEdges", `${edges[k]} after ${edges[k - 1]}`, "increasing edges");
    for (const count of counts)
      if (!(count >= 0)) this.refuse("separationCounts", `${count}`, "counts from 0 up");
    return { ranges: ranges as [number, number][], edges, counts };
  }

  /** The posterior, where the file has one. */
  uncertainty(config: Config): { uncertainty?: LawUncertainty } {
    const value = own(config, "uncertainty");
    if (value === undefined) return {};
    const fields = this.object(value, "uncertainty");
    const clusters = this.whole(fields, "clusters", 1, 10_000);
    const variance = own(fields, "variance");
    if (!isFiniteNumber(variance))
      return this.refuse("uncertainty.variance", shown(variance), "a number");
    const knots = Array.from({ length: clusters }, (_, index) =>
      this.vector(`posteriorKnots${index}`),
    );
    const coefficients = this.vector("posteriorCoefficients");
    const factor = this.tensor("posteriorFactor", [coefficients.length, coefficients.length]);
    return { uncertainty: { knots, coefficients, factor, variance } };
  }

  record(config: Config): TrainingRecord {
    const record = this.object(own(config, "record"), "record");
    const check = (field: string, good: (value: unknown) => boolean, expected: string): void => {
      const value = own(record, field);
      if (!good(value)) this.refuse(`record.${field}`, shown(value), expected);
    };
    check("seed", Number.isInteger, "a whole number");
    check("trainLoss", isFiniteNumber, "a number");
    check("validationLoss", (x) => x === null || isFiniteNumber(x), "a number or null");
    check("iterations", Number.isInteger, "a whole number");
    check("reachedTarget", (x) => typeof x === "boolean", "true or false");
    check("optimizer", (x) => typeof x === "string", "a text");
    check("dt", (x) => isFiniteNumber(x) && x > 0, "a positive number");
    check("stride", (x) => Number.isInteger(x) && (x as number) > 0, "a positive whole number");
    return record as TrainingRecord;
  }

  /** A finite tensor of the given shape. */
  tensor(own: string, shape: readonly number[]): Float64Array {
    const name = `${this.prefix}${own}`;
    const tensor = this.tensors.get(name);
    this.taken.add(name);
    if (tensor === undefined) return this.refuse(name, "no such tensor", `shape [${shape}]`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((n, k) => n !== shape[k]))
      this.refuse(name, `shape [${tensor.shape}]`, `shape [${shape}]`);
    return this.finite(name, tensor.data);
  }

  /** A finite tensor of one dimension. */
  vector(own: string): Float64Array {
    const name = `${this.prefix}${own}`;
    const tensor = this.tensors.get(name);
    this.taken.add(name);
    if (tensor === undefined) return this.refuse(name, "no such tensor", "a vector");
    if (tensor.shape.length !== 1) this.refuse(name, `shape [${tensor.shape}]`, "one dimension");
    return this.finite(name, tensor.data);
  }

  /** Flat weights from the tensors of a layout. */
  network(layout: readonly LayoutSlice[]): Float64Array {
    const parts = layout.map(({ name, shape }) => this.tensor(name, shape));
    const weights = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
    layout.forEach(({ offset }, index) => {
      weights.set(parts[index] as Float64Array, offset);
    });
    return weights;
  }

  nothingElse(): void {
    for (const name of this.tensors.keys())
      if (!this.taken.has(name)) this.refuse(name, "a tensor", "no such tensor");
  }

  private finite(name: string, data: Float64Array): Float64Array {
    const bad = data.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) this.refuse(name, `${data[bad]} at index ${bad}`, "finite numbers");
    return data;
  }
}

function own(object: Config, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}

/** Throws where JSON would change a value without a word. */
function checkJson(value: unknown, path: string): void {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  // JSON writes -0 as 0.
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(item, `${path}[${index}]`);
    });
    return;
  }
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) checkJson(item, `${path}.${key}`);
    return;
  }
  throw new MclnnError(`the model's ${path} cannot be written`, {
    code: "bad-record",
    argument: path,
    expected: "plain JSON: finite numbers, texts, booleans, null, lists and objects of these",
    got: typeof value === "number" ? String(value) : typeof value,
  });
}
