/** A wrong value, by what messages call it; made anew for every call. */
export type WrongValue = readonly [name: string, make: () => unknown];

/** What a program written without types hands over instead of what was wanted. */
export const wrongValues: readonly WrongValue[] = [
  ["undefined", () => undefined],
  ["NaN", () => Number.NaN],
  ["a text", () => "3"],
  ["an empty object", () => ({})],
  ["a sparse array", () => sparse()],
  ["a promise", () => Promise.resolve(1)],
  ["null", () => null],
  ["Infinity", () => Number.POSITIVE_INFINITY],
  ["-1", () => -1],
  ["0", () => 0],
  ["0.5", () => 0.5],
  ["2^53", () => 2 ** 53],
  ["an empty text", () => ""],
  ["true", () => true],
  ["an empty array", () => []],
  ["an array of arrays", () => [[1, Number.NaN]]],
  ["a function", () => () => undefined],
  ["a symbol", () => Symbol("wrong")],
  ["a bigint", () => 10n],
  ["an object without a prototype", () => Object.create(null)],
  ["an empty Float64Array", () => new Float64Array(0)],
  ["a Float64Array of NaN", () => Float64Array.of(Number.NaN)],
];

/** As many values as the first so many of the list: the likeliest mistakes. */
export const LIKELIEST = 4;

/** Wrong versions of an array of numbers. */
export function wrongNumbers(right: ArrayLike<number>): readonly WrongValue[] {
  const numbers = Array.from(right);
  return [
    ["its numbers with a hole", () => numbers.map((x) => x).map(holed)],
    ["its numbers with NaN", () => Float64Array.from([Number.NaN, ...numbers.slice(1)])],
    ["a plain array of its numbers", () => [...numbers]],
    ["all but its last number", () => Float64Array.from(numbers.slice(0, -1))],
    ["one number more", () => Float64Array.from([...numbers, 1])],
    ["its numbers as texts", () => numbers.map(String)],
    ["its numbers in float32", () => Float32Array.from(numbers)],
  ];
}

function holed(x: number, index: number): number | undefined {
  return index === 0 ? undefined : x;
}

function sparse(): number[] {
  const array = [1, 1, 1];
  delete array[1];
  return array;
}
