/** Entries of s -> s x e for the axes e of a vector; in two dimensions it has the last one alone. */
interface Turn {
  readonly axis: number;
  readonly row: number;
  readonly column: number;
  readonly sign: 1 | -1;
}

const TURNS: readonly Turn[] = [
  { axis: 0, row: 1, column: 2, sign: 1 },
  { axis: 0, row: 2, column: 1, sign: -1 },
  { axis: 1, row: 0, column: 2, sign: -1 },
  { axis: 1, row: 2, column: 0, sign: 1 },
  { axis: 2, row: 0, column: 1, sign: 1 },
  { axis: 2, row: 1, column: 0, sign: -1 },
];

/** Components of a vector that turns what is in so many dimensions, and the entries of s -> s x it, each with the component it goes by. */
export function turnsIn(dimension: number): {
  readonly size: number;
  readonly turns: readonly (Turn & { readonly k: number })[];
} {
  const size = dimension === 3 ? 3 : 1;
  const turns = TURNS.map((turn) => ({ ...turn, k: turn.axis - 3 + size }));
  return { size, turns: turns.filter(({ k }) => k >= 0) };
}
