import { addGradient, forGradient, values, valuesAndCurvature } from "./layers";

export { distil } from "./distil";

/** First byte that is free. */
export function base(): usize {
  return __heap_base;
}

/**
 * V, V' and, if asked for, V'' at many separations.
 *
 * @param at - padded to a multiple of 4
 * @param out - V, V', V'' of four separations after those of the four before
 */
export function evaluate(
  layers: usize,
  depth: i32,
  weights: usize,
  points: i32,
  at: usize,
  out: usize,
  second: bool,
): void {
  for (let n = 0; n < points; n += 4) {
    if (second) valuesAndCurvature(layers, depth, weights, at, out);
    else values(layers, depth, weights, at, out);
    at += 32;
    out += 96;
  }
}

/**
 * Adds the sum over separations of d(a V + b V' + c V'')/dweights to `out`.
 *
 * @param factors - a, b, c of four separations after those of the four before
 */
export function accumulate(
  layers: usize,
  depth: i32,
  weights: usize,
  points: i32,
  at: usize,
  factors: usize,
  room: usize,
  out: usize,
): void {
  for (let n = 0; n < points; n += 4) {
    forGradient(layers, depth, weights, at, room);
    addGradient(layers, depth, weights, factors, out, min(4, points - n));
    at += 32;
    factors += 96;
  }
}
