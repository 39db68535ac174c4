import { type Coupling, type ErrorDetails, isMclnnError, MclnnError } from "@mclnn/physics";
import type { SeparationRecord, TrainingRecord } from "../laws/model.ts";
import type { LawUncertainty } from "../laws/uncertainty.ts";
import { checkHidden, type LayoutSlice } from "../networks/energy-network.ts";
import { notPlain } from "./plain-json.ts";
import type { Tensor } from "./safetensors.ts";

const COUPLINGS: readonly Coupling[] = ["none", "mass-product", "charge-product"];

/** A place in the configuration is named by so many characters at most. */
const LONGEST = 80;

/** The configuration as parsed, not yet checked. */
export type Config = Readonly<Record<string, unknown>>;

/** Fields of one model file, each checked as it is taken. */
export class ModelFields {
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
  part(prefix: string): ModelFields {
    return new ModelFields(this.source, this.tensors, prefix, this.taken);
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
    // The record in it may be nested as deep as where it was written.
    const found = notPlain(value, "config", -1);
    if (found !== null)
      this.refuse(found.path.slice(0, LONGEST), found.got, "plain JSON of finite numbers");
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
    return isFiniteNumber(value) && value > 0
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
      if (!(edges[k] >= edges[k - 1]))
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
      weights.set(parts[index], offset);
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

/** A field that the object itself has: `__proto__` and the like are none. */
export function own(object: Config, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** A value, cut short for a message. */
export function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}
