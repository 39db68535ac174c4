import { createSystem, type PairPotential, type Potential } from "@mclnn/physics";

/** Anything that can be called, whatever its types say. */
export type Callable = (...args: unknown[]) => unknown;

/** Objects inside a result are looked into so far. */
const DEEPEST = 6;
const DESCRIPTIONS = new Set([
  "name",
  "order",
  "reversible",
  "parameters",
  "record",
  "provenance",
  "forceEvaluations",
]);
const TRIANGLE = Float64Array.of(0, 0, 0, 1, 0.1, 0, 0, 1.2, 0.3);
const bodies = {
  masses: Float64Array.of(1, 1, 1),
  dimension: 3,
  charges: Float64Array.of(1, 1, 1),
  species: Int32Array.of(0, 0, 1),
} as const;

/** Uses what a call gave as its caller would, and says where a number is none. */
export function used(result: unknown, mayBe: (x: number) => boolean): string | null {
  return usedAt(result, "result", mayBe, new Set());
}

function usedAt(
  value: unknown,
  at: string,
  mayBe: (x: number) => boolean,
  seen: Set<unknown>,
): string | null {
  if (typeof value === "number")
    return Number.isFinite(value) || mayBe(value) ? null : `${at} is ${value}`;
  if (typeof value === "string")
    return /\bNaN\b|\[object |undefined/.test(value) ? `${at} says ${value.slice(0, 200)}` : null;
  if (typeof value !== "object" || value === null || seen.has(value)) return null;
  seen.add(value);
  if (ArrayBuffer.isView(value)) {
    const numbers = value as unknown as ArrayLike<number>;
    for (let k = 0; k < numbers.length; k++)
      if (!Number.isFinite(numbers[k]) && !mayBe(numbers[k])) return `${at}[${k}] is ${numbers[k]}`;
    return null;
  }
  if (seen.size > 3000 || at.split(".").length > DEEPEST) return null;
  if (isIterator(value)) {
    for (let k = 0; k < 2; k++) {
      const next = value.next();
      const fault = usedAt(next.value, `${at}.next()`, mayBe, seen);
      if (next.done === true || fault !== null) return fault;
    }
    return null;
  }
  if (isPair(value)) {
    for (const r of [1.3, 2])
      for (const name of ["energy", "slope", "curvature"] as const) {
        if (value[name] === undefined) continue;
        const given: unknown = value[name](r);
        if (typeof given !== "number" || Number.isNaN(given))
          return `${at}.${name}(${r}) is ${String(given)}`;
      }
    return null;
  }
  if (isPotential(value)) {
    const system = createSystem({ ...bodies, potential: value });
    const forces = new Float64Array(9);
    value.addForces(system, TRIANGLE, forces, TRIANGLE);
    // Drag has none.
    const energy: unknown = value.energy === undefined ? 0 : value.energy(system, TRIANGLE);
    if (typeof energy !== "number" || Number.isNaN(energy))
      return `${at}.energy() is ${String(energy)}`;
    return forces.some(Number.isNaN) ? `${at}.addForces() adds NaN` : null;
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, inside] of entries) {
    // What describes it for people is passed on as it came.
    if (DESCRIPTIONS.has(String(key))) continue;
    const fault = usedAt(inside, `${at}.${String(key)}`, mayBe, seen);
    if (fault !== null) return fault;
  }
  return null;
}

function isIterator(value: object): value is Iterator<unknown> {
  return typeof (value as Partial<Iterator<unknown>>).next === "function";
}

function isPair(value: object): value is PairPotential {
  return "slope" in value && "energy" in value && typeof value.energy === "function";
}

function isPotential(value: object): value is Potential {
  return "addForces" in value;
}
