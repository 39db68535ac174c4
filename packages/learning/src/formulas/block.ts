/** What a constant of a block is: where it is looked for, and how wide its prior is, follow from that. */
export type ConstantKind =
  /** A length above 0 over which a law changes. */
  | "length"
  /** A length below which a law is softened. */
  | "core"
  /** A wave number. */
  | "rate"
  /** A separation that may lie outside those seen. */
  | "place"
  /** A separation among those seen. */
  | "inside"
  /** A separation beyond those seen. */
  | "beyond"
  /** A number without unit. */
  | "power";

/** A constant in which a block is not linear. */
export interface BlockConstant {
  /** As formulas write it. */
  readonly name: string;
  readonly kind: ConstantKind;
  /** Powers: where the search begins. */
  readonly starts?: readonly number[];
  /** Powers: beyond these the block is the limit of another. */
  readonly bounds?: readonly [number, number];
  /** Powers: values that are tried in place of what was found near them. */
  readonly snap?: readonly number[];
}

/**
 * A part of which laws are sums: a x energy(r; constants), for one linear constant a or several.
 *
 * Adding a kind is adding one such object; `slopes` and `energies` are held together by a check.
 */
export interface Block {
  readonly name: string;
  readonly constants: readonly BlockConstant[];
  /** V of each linear constant, in the syntax of formulas: of r, the constants' names, and m, the middle of the separations. */
  readonly energies: readonly string[];
  /** V' of each linear constant at r. @param c - the constants in their order @param m - the middle of the separations */
  readonly slopes: readonly ((r: number, c: readonly number[], m: number) => number)[];
  /** Keys of simpler sums that it has as a limit or a special case: beside those it is an extension, no rival. */
  readonly holds?: readonly string[];
  /** With what else it is tried: one fixed power, two, further blocks. Default: alone. */
  readonly beside?: { readonly powers: 0 | 1 | 2; readonly blocks?: readonly string[] };
}
