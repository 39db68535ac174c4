import { continuedLaw, type SmoothLaw } from "@mclnn/models";
import type { Coupling } from "@mclnn/physics";
import { MclnnError } from "@mclnn/physics";
import { formatNumber } from "@mclnn/studies/text";
import type { LawToWrite } from "./format.ts";

/** A law as other programs ask it: anywhere below `to`. */
export interface LawEverywhere {
  readonly law: SmoothLaw;
  /** The law itself from here to `to`, where it is cut; a continuation below. */
  readonly from: number;
  readonly to: number;
  readonly coupling: Coupling;
  /** Of a model with several laws. */
  readonly species: readonly [number, number] | undefined;
  /** Whether the law itself ends at `to`, so that it is 0 there. */
  readonly cut: boolean;
}

/** The laws, continued below the nearest separation seen and cut, at V = 0, at the farthest, unless --from and --to say others. */
export function lawsEverywhere({
  laws,
  options,
}: Pick<LawToWrite, "laws" | "options">): readonly LawEverywhere[] {
  return laws.map(({ model, species }) => {
    const { edges } = model.separations;
    const from = options.from ?? (edges[0] as number);
    // A law that ends is cut where it does.
    const to = options.to ?? model.cutoff ?? (edges.at(-1) as number);
    return {
      law: continuedLaw(model.pair, { from, to }),
      ...{ from, to, coupling: model.coupling, species },
      cut: to === model.cutoff,
    };
  });
}

/** Refuses laws times masses or charges. @throws MclnnError `unwritable-format` */
export function withoutCoupling(laws: readonly LawEverywhere[], format: string): void {
  const coupled = laws.find(({ coupling }) => coupling !== "none");
  if (coupled !== undefined)
    throw new MclnnError(`a ${format} cannot hold this law`, {
      code: "unwritable-format",
      argument: "--out",
      expected: "a law of separations only",
      got: `one with the coupling ${coupled.coupling}`,
      mend: "Files of --ase and --openmm hold it.",
    });
}

/** What a program that reads the laws has to know. */
export function endsOf(written: Pick<LawToWrite, "laws" | "options">): string {
  const told = lawsEverywhere(written).map(({ from, to, species }) => {
    const of = species === undefined ? "" : `${species.join("-")}: `;
    return `${of}below r = ${formatNumber(from, 4)} the law is continued by a bounded wall; at r = ${formatNumber(to, 4)} it is cut, and V is 0`;
  });
  const rest = (written.laws[0]?.terms ?? []).map(({ spec }) => spec.name).join(", ");
  return `${told.join("; ")}.${rest === "" ? "" : ` What acts beside the pairs is left out: ${rest}.`}`;
}

/** A number to its last bit, never -0. */
export const exact = (x: number): string => (x === 0 ? 0 : x).toExponential(16);
