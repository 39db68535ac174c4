import { createCells } from "@mclnn/models/parts";
import { type Coupling, MclnnError } from "@mclnn/physics";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackendName, tfjsBackend } from "./backend.ts";
import { EnergyFunction, type TfjsEnergy } from "./energy-function.ts";
import { slopeTable } from "./slope-table.ts";
import type { PairValues, TfjsPairPotential } from "./trainable-pair.ts";

/** How a pair potential is made from tfjs. */
export interface TfjsPairOptions {
  /** Where it is computed. Default `cpu`, which is everywhere and slow. */
  readonly backend?: TfjsBackendName;
  /** The trained tensors, where the energy is a function. Default: none; a model's own. */
  readonly variables?: readonly TF.Variable[];
  /** Default `tfjs`. */
  readonly name?: string;
  /** Default `none`. */
  readonly coupling?: Coupling;
  /** Separations at which the function is looked at before it is used. Default [0.6, 2]. */
  readonly range?: readonly [number, number];
}

/**
 * A pair potential from a tfjs function or model of the separation, with slope and curvature by tfjs's gradients.
 *
 * Everything that takes a pair potential takes it. Forces are central, equal and opposite, so both momenta are conserved though tfjs
 * computes in float32 (energies to about 1e-7 of their size). The function is called once here, and whatever is wrong with it, gradients
 * included, is an error now.
 *
 * @throws MclnnError `unknown-backend`, `missing-backend`, `bad-function`, `bad-variables`, `not-finite`, `bad-gradient`, `bad-option`
 */
export async function tfjsPairPotential(
  energy: TfjsEnergy,
  {
    backend: backendName = "cpu",
    variables,
    name = "tfjs",
    coupling = "none",
    range = [0.6, 2],
  }: TfjsPairOptions = {},
): Promise<TfjsPairPotential> {
  checkRange("range", range[0], range[1]);
  const backend = await tfjsBackend(backendName);
  const own = new EnergyFunction(energy, variables);
  backend.run(() => own.check(range));
  const evaluate = (separations: ArrayLike<number>): PairValues =>
    backend.run(() => own.evaluate(separations));
  // Energy, slope and curvature at one separation are asked one after another; weights may have been trained since.
  const at = (r: number): PairValues => evaluate([r]);
  const pair: TfjsPairPotential = {
    name,
    coupling,
    backend: backendName,
    parameterCount: own.parameters.size,
    energy: (r) => at(r).energies[0] as number,
    slope: (r) => at(r).slopes[0] as number,
    curvature: (r) => at(r).curvatures[0] as number,
    evaluate,
    tabulate({ from, to, cells = 256 }) {
      checkRange("from, to", from, to);
      if (!Number.isInteger(cells) || cells < 3)
        throw new MclnnError("cells cannot be used", {
          code: "bad-option",
          argument: "cells",
          expected: "a whole number from 3 up",
          got: String(cells),
        });
      // The two outermost cells are straight: they lie outside the range that was asked for.
      const width = (to - from) / cells;
      const edges = Float64Array.from({ length: cells + 3 }, (_, k) => from + (k - 1) * width);
      const table = createCells([edges]);
      const values = evaluate(edges.map((r) => Math.min(Math.max(r, from), to)));
      return slopeTable({ name, coupling }, table, values);
    },
    async trainOn(data, options) {
      const { trainTfjsPair } = await import("./train-pair.ts");
      return trainTfjsPair(data, pair, options);
    },
    internals: { energy: own, backend },
  };
  return pair;
}

function checkRange(argument: string, from: number, to: number): void {
  if (!(from >= 0) || !(to > from) || !Number.isFinite(to))
    throw new MclnnError("the range of separations cannot be used", {
      code: "bad-option",
      argument,
      expected: "two finite numbers from 0 up, the second larger",
      got: `${from}, ${to}`,
    });
}
