// Two trajectories are the two lanes of a vector. Per-lane arrays lie one after another in memory; rollout state is interleaved.

/** Two numbers from two places. */
// @ts-ignore: decorator
@inline
export function both(p: usize, q: usize): v128 {
  return v128.load64_lane(q, v128.load64_zero(p), 1);
}

/** Puts the lanes in two places. */
// @ts-ignore: decorator
@inline
export function part(p: usize, q: usize, x: v128): void {
  v128.store64_lane(p, x, 0);
  v128.store64_lane(q, x, 1);
}

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}
