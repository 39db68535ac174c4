import type { Block } from "./block.ts";

/** A block at its constants, some of them fixed at round numbers. */
export interface Part {
  readonly block: Block;
  /** [constants of the block] */
  readonly constants: readonly number[];
  readonly fixed: readonly boolean[];
  /** What naming it costs among all that could be named, in nats. */
  readonly cost: number;
}

/** A sum of parts; its linear constants are found, not carried. */
export type Sum = readonly Part[];

/** Which constants of a sum are free: part and place. */
export function freeOf(sum: Sum): readonly (readonly [number, number])[] {
  return sum.flatMap(({ fixed }, part) =>
    fixed.flatMap((is, place) => (is ? [] : [[part, place] as const])),
  );
}

/** A sum with other values of its free constants. Parts that stay are the same objects. */
export function withFree(sum: Sum, values: readonly number[]): Sum {
  let at = 0;
  return sum.map((part) => {
    const { constants, fixed } = part;
    const moved = constants.map((c, k) => (fixed[k] ? c : values[at++]));
    return moved.every((c, k) => c === constants[k]) ? part : { ...part, constants: moved };
  });
}

/** A sum by name: blocks in order, with the constants that are fixed. */
export function keyOf(sum: Sum): string {
  return keysOf(sum).join("+");
}

export function keysOf(sum: Sum): string[] {
  return sum
    .map(({ block, constants, fixed }) =>
      fixed.some(Boolean)
        ? `${block.name}[${constants.map((c, k) => (fixed[k] ? c : "")).join(",")}]`
        : block.name,
    )
    .sort();
}
