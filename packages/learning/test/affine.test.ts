import { createTerms, type TermSpec } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { Addends } from "../src/engine/addends.ts";
import { type AffineTerms, MAP, MAP_B, MAP_LENGTH, MAP_Q, MAP_R } from "../src/engine/affine.ts";
import { randomProblem } from "./random-problem.ts";

const { data, random } = randomProblem(4, { particles: 3, dimension: 3 });
const specs: readonly TermSpec[] = [
  { name: "field" },
  { name: "trap" },
  { name: "drag" },
  { name: "magnetic", per: "force" },
];
const terms = createTerms(specs, data);

function affineAt(values: Float64Array): AffineTerms {
  const { affine } = new Addends({ terms, values }, data);
  if (affine === null) throw new Error("all of them are affine");
  return affine;
}

const size = terms.reduce((sum, term) => sum + term.size, 0);
const draw = (n: number): Float64Array => Float64Array.from({ length: n }, random.normal);

/** Velocities after a kick by the maps of each particle. @param column - 0, or one more than the coefficient that it is differentiated by */
function mapped(affine: AffineTerms, h: number, column: number, state: readonly Float64Array[]) {
  const { maps } = affine.mapsOf(Float64Array.of(0, h));
  const [q, v, a] = state as [Float64Array, Float64Array, Float64Array];
  return v.map((_, c) => {
    const o = 3 * Math.floor(c / 3);
    const own = affine.kindOf[o / 3] * (1 + affine.size) * MAP;
    const map = own + column * MAP;
    expect(maps[own + MAP_LENGTH]).toBe(h);
    let x = maps[map + MAP_B + (c % 3)];
    for (let b = 0; b < 3; b++) {
      const entry = map + 3 * (c % 3) + b;
      x += maps[entry] * v[o + b] + maps[entry + MAP_Q] * q[o + b];
      x += maps[entry + MAP_R] * h * a[o + b];
    }
    return x;
  });
}

/** The same by many small steps of Runge-Kutta, by the terms themselves. */
function flowed(values: Float64Array, h: number, [positions, start, a]: readonly Float64Array[]) {
  const slope = (velocities: Float64Array): Float64Array => {
    const out = (a as Float64Array).slice();
    const frame = { trajectory: 0, time: 0, positions: positions as Float64Array, velocities };
    let first = 0;
    for (const term of terms) {
      term.accelerate(frame, values.slice(first, first + term.size), out);
      first += term.size;
    }
    return out;
  };
  let v = start as Float64Array;
  const steps = 400;
  const s = h / steps;
  for (let n = 0; n < steps; n++) {
    const moved = (k: Float64Array, by: number) => v.map((x, c) => x + by * k[c]);
    const k1 = slope(v);
    const k2 = slope(moved(k1, s / 2));
    const k3 = slope(moved(k2, s / 2));
    const k4 = slope(moved(k3, s));
    v = v.map((x, c) => x + (s / 6) * (k1[c] + 2 * k2[c] + 2 * k3[c] + k4[c]));
  }
  return v;
}

const largest = (x: Float64Array, y: Float64Array): number =>
  Math.max(...x.map((each, k) => Math.abs(each - y[k])));

describe.each([0.01, 0.4, 3, -0.4])("the kick of affine terms over %f", (h) => {
  const values = draw(size);
  const state = [draw(9), draw(9), draw(9)];

  it("is the flow of the velocities at frozen positions, to 1e-9", () => {
    const expected = flowed(values, h, state);
    const scale = Math.max(...expected.map(Math.abs));
    expect(largest(mapped(affineAt(values), h, 0, state), expected)).toBeLessThan(1e-9 * scale);
  });

  it("has the derivatives by the coefficients that differences have, to 1e-8", () => {
    const affine = affineAt(values);
    for (let k = 0; k < size; k++) {
      const at = (x: number): Float64Array =>
        mapped(affineAt(values.map((c, i) => (i === k ? c + x : c))), h, 0, state);
      const e = 1e-3;
      const [p, q, p2, q2] = [at(e), at(-e), at(2 * e), at(-2 * e)];
      const expected = p.map((x, c) => (8 * (x - q[c]) - (p2[c] - q2[c])) / (12 * e));
      const scale = Math.max(1, ...expected.map(Math.abs));
      expect(largest(mapped(affine, h, 1 + k, state), expected)).toBeLessThan(1e-8 * scale);
    }
  });
});

it("particles that the terms move alike are one kind, and lengths that are equal one map", () => {
  const alike = { ...data, masses: Float64Array.of(1, 2, 1) };
  const of = (spec: TermSpec): AffineTerms | null =>
    new Addends({ terms: createTerms([spec], alike), values: Float64Array.of(0.3) }, alike).affine;
  expect(Array.from(of({ name: "drag" })?.kindOf ?? [])).toEqual([0, 0, 0]);
  const byForce = of({ name: "drag", per: "force" });
  expect(Array.from(byForce?.kindOf ?? [])).toEqual([0, 1, 0]);
  const { of: indices, maps } = (byForce as AffineTerms).mapsOf(Float64Array.of(0.1, 0.2, 0, 0.1));
  expect(Array.from(indices)).toEqual([0, 1, -1, 0]);
  expect(maps.length).toBe(2 * 2 * 2 * MAP);
});

it("one term that is not affine leaves all to the events", () => {
  const mixed = createTerms([{ name: "drag" }, { name: "quadratic-drag" }], data);
  expect(new Addends({ terms: mixed }, data).affine).toBe(null);
  expect(new Addends({ terms: [] }, data).affine).toBe(null);
});
