import { LIKELIEST, type WrongValue, wrongNumbers, wrongValues } from "./values.ts";

/** Where in the arguments of a call: index of the argument, then keys. */
export type Place = readonly (string | number)[];

/** A call with one thing wrong. */
export interface Variation {
  readonly place: Place;
  readonly value: WrongValue;
  /** Whether it is a function in place of another. */
  readonly isFunction: boolean;
}

/** Objects inside objects are looked into so far. */
const DEEPEST = 4;

/** All ways to get one thing in these arguments wrong. @param options - few: only the likeliest mistakes; whole: none inside an argument */
export function variationsOf(
  right: readonly unknown[],
  { few, whole }: { readonly few: boolean; readonly whole: boolean },
): Variation[] {
  const values = few ? wrongValues.slice(0, LIKELIEST) : wrongValues;
  return placesIn(right, whole ? 0 : DEEPEST).flatMap(({ place, value: given }, at) => {
    const numbers = isNumbers(given) ? wrongNumbers(given) : [];
    // Inside an argument the likeliest mistakes take turns.
    return [...values, ...(few ? numbers.slice(0, 2) : numbers)]
      .filter((_, k) => !few || place.length === 1 || (k + at) % 2 === 0)
      .map((value) => ({
        place,
        value,
        isFunction: typeof given === "function" && typeof value[1]() === "function",
      }));
  });
}

/** The arguments with one value replaced; everything on the way to it is a copy. */
export function varied(args: readonly unknown[], { place, value }: Variation): unknown[] {
  return replaced(args, place, value[1]()) as unknown[];
}

/** `args[0].masses`, as a reader would write it. */
export function placeText(place: Place): string {
  return place.map((key, k) => (k === 0 ? `[${key}]` : `.${key}`)).join("");
}

function placesIn(args: readonly unknown[], deepest: number): { place: Place; value: unknown }[] {
  const found: { place: Place; value: unknown }[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, place: Place): void => {
    found.push({ place, value });
    if (typeof value !== "object" || value === null || place.length > deepest) return;
    // What a package passes to itself is not its caller's to get wrong.
    if (place.at(-1) === "internals") return;
    // Of data all elements are alike, and an object met twice is wrong in the same ways.
    if (ArrayBuffer.isView(value) || value instanceof Map || seen.has(value)) return;
    seen.add(value);
    const keys = Array.isArray(value) ? [...value.keys()].slice(0, 1) : Object.keys(value);
    for (const key of keys) visit((value as Record<string, unknown>)[key], [...place, key]);
  };
  args.forEach((value, k) => {
    visit(value, [k]);
  });
  return found;
}

function replaced(container: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (
    Array.isArray(container)
      ? [...container]
      : Object.create(
          Object.getPrototypeOf(container),
          Object.getOwnPropertyDescriptors(container as object),
        )
  ) as Record<string, unknown>;
  Object.defineProperty(copy, key, {
    value: replaced(copy[key], rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return (
    (ArrayBuffer.isView(value) || Array.isArray(value)) &&
    (value as unknown as ArrayLike<unknown>).length > 0 &&
    typeof (value as unknown as ArrayLike<unknown>)[0] === "number"
  );
}
