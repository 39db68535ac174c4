import type { Tensor } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import type { Plain } from "./state.ts";

/**
 * A plain value as JSON, its arrays of numbers taken out as tensors.
 *
 * Lists begin with what they are: `["list", ...]`, `["tensor", name]`, `["number", "Infinity"]` for what JSON cannot say. Every bit comes back.
 *
 * @param tensors - gets the arrays of numbers, named by their place
 * @throws MclnnError `not-finite` for NaN: nothing that is not a number is ever written
 */
export function takeApart(value: Plain, name: string, tensors: Map<string, Tensor>): unknown {
  if (value instanceof Float64Array) {
    const broken = value.findIndex((x) => Number.isNaN(x));
    if (broken >= 0) refuseNaN(`${name}[${broken}]`);
    tensors.set(name, { shape: [value.length], data: value });
    return ["tensor", name];
  }
  if (typeof value === "number") {
    if (Number.isNaN(value)) refuseNaN(name);
    return Number.isFinite(value) && !Object.is(value, -0) ? value : ["number", spelt(value)];
  }
  if (Array.isArray(value))
    return [
      "list",
      ...(value as readonly Plain[]).map((each, k) => takeApart(each, `${name}.${k}`, tensors)),
    ];
  if (value !== null && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, takeApart(each, `${name}.${key}`, tensors)]),
    );
  // Undefined is left out, as JSON does.
  if (!["boolean", "string", "undefined"].includes(typeof value) && value !== null)
    throw new MclnnError(`${name} cannot be written`, {
      code: "bad-record",
      argument: name,
      expected: "a plain value: numbers, texts, truth values, null, lists and objects of these",
      got: described(value),
    });
  return value;
}

/** Deeper than any state is nested. */
const DEEPEST = 40;

/** The value that {@link takeApart} took apart; undefined where the JSON is not of its making. Tensors that are used are taken out of `tensors`. */
export function putTogether(
  json: unknown,
  tensors: Map<string, Tensor>,
  depth = 0,
): Plain | undefined {
  if (depth > DEEPEST) return undefined;
  if (json === null || typeof json !== "object")
    return ["boolean", "number", "string"].includes(typeof json) || json === null
      ? (json as Plain)
      : undefined;
  if (!Array.isArray(json)) {
    const entries: [string, Plain][] = [];
    for (const [key, each] of Object.entries(json)) {
      const value = putTogether(each, tensors, depth + 1);
      if (value === undefined || key === "__proto__") return undefined;
      entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  }
  const [what, ...rest] = json as unknown[];
  if (what === "list") {
    const values = rest.map((each) => putTogether(each, tensors, depth + 1));
    return values.includes(undefined) ? undefined : (values as Plain[]);
  }
  const [name] = rest;
  // Stryker disable next-line ConditionalExpression: what is no text names no tensor
  if (rest.length !== 1 || typeof name !== "string") return undefined;
  if (what === "number") return SPECIAL.get(name);
  const tensor = what === "tensor" ? tensors.get(name) : undefined;
  if (tensor?.shape.length !== 1 || tensor.data.some(Number.isNaN)) return undefined;
  tensors.delete(name);
  return tensor.data;
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

function spelt(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function refuseNaN(name: string): never {
  throw new MclnnError("what is not a number is not written", {
    code: "not-finite",
    argument: name,
    expected: "a number",
    got: "NaN",
    kind: "failure",
  });
}
