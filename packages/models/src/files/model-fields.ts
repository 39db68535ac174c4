import { MclnnError } from "@mclnn/physics";
import { COUPLINGS, checkArgument, optional, type Requirement } from "@mclnn/physics/arguments";
import { checkHidden, type LayoutSlice } from "../networks/layout.ts";
import { shown } from "./plain-json.ts";
import type { Tensor } from "./safetensors.ts";

/** A list as JSON has it: an object with a length is none. */
export const array = (argument: string, value: unknown): void => {
  if (!Array.isArray(value)) refuse(argument, "an array", shown(value));
};
const WIDTHS: Requirement = (argument, value) => {
  array(argument, value);
  checkHidden(value as number[]);
};
const RANGES: Requirement = (argument, value) => {
  array(argument, value);
  for (const range of value as unknown[]) array(argument, range);
};
const ofNetwork = { hidden: WIDTHS, activation: ["squareplus"] } as const;
const ofLaw = {
  coupling: COUPLINGS.filter((coupling) => coupling !== undefined),
  ranges: RANGES,
  cutoff: optional("positive"),
  uncertainty: optional({ clusters: "count", variance: "number", likelihood: optional("flag") }),
} as const;

/** What the configuration of each kind of model has, beside its kind, record and terms. */
export const FIELDS: Readonly<
  Record<"mclnn" | "spline" | "lnn" | "species", { readonly [field: string]: Requirement }>
> = {
  mclnn: { ...ofNetwork, ...ofLaw },
  spline: { clusters: "count", ...ofLaw },
  lnn: {
    ...ofNetwork,
    ...{ particles: "count", dimension: "dimension" },
    ...{ inputScale: "positive", energyScale: "positive" },
  },
  species: { lawKind: ["mclnn", "spline"], laws: array },
};

export const RECORD: Requirement = {
  seed: "whole",
  trainLoss: "number",
  validationLoss(argument, value) {
    if (value !== null) checkArgument(argument, value, "number");
  },
  iterations: "whole",
  reachedTarget: "flag",
  optimizer: "text",
  dt: "positive",
  stride: "count",
};

/** Throws what names a part of the file. @throws MclnnError `bad-model` */
export function refuse(argument: string, expected: string, got: string): never {
  throw new MclnnError(`${argument} cannot be used`, {
    code: "bad-model",
    argument,
    expected,
    got,
  });
}

/** Refuses an object with other fields than those. @param path - of it in the file */
export function onlyFields(path: string, value: object, fields: readonly string[]): void {
  for (const key of Object.keys(value))
    if (!fields.includes(key)) refuse(`${path}.${key}`, `${fields.join(", ")} only`, "a field");
}

/** Gives a tensor out, by its name and shape, of one dimension where none is asked for. */
export type Take = (name: string, shape?: readonly number[]) => Float64Array;

/** Tensors of a file that are not taken yet. @param left - those given out are removed */
export function takeFrom(left: Map<string, Tensor>): Take {
  return (name, shape) => {
    const found = left.get(name);
    const fits = shape === undefined ? found?.shape.length === 1 : `${found?.shape}` === `${shape}`;
    if (found === undefined || !fits)
      return refuse(
        name,
        shape === undefined ? "one dimension" : `shape [${shape}]`,
        found === undefined ? "no such tensor" : `shape [${found.shape}]`,
      );
    left.delete(name);
    checkArgument(name, found.data, "floats");
    return found.data;
  };
}

/** Flat weights of a network. */
export function takeNetwork(take: Take, layout: readonly LayoutSlice[]): Float64Array {
  const parts = layout.map(({ name, shape }) => take(name, shape));
  const weights = new Float64Array(layout.reduce((sum, { length }) => sum + length, 0));
  layout.forEach(({ offset }, k) => {
    weights.set(parts[k], offset);
  });
  return weights;
}

/** Vectors of one name and a number, from 0. */
export function takeMany(take: Take, name: string, count: number): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let k = 0; k < count; k++) vectors.push(take(`${name}${k}`));
  return vectors;
}
