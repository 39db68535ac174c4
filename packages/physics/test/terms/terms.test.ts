import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type BodyCoupling,
  harmonicTrap,
  linearDrag,
  magneticField,
  quadraticDrag,
  uniformField,
} from "../../src/forces/index.ts";
import { type Bodies, type Force, MclnnError } from "../../src/index.ts";
import {
  createTerm,
  createTerms,
  curveOf,
  type Frame,
  formsOf,
  knownCoefficients,
  reportConstants,
  reportCurve,
  specsOf,
  type Term,
  type TermAt,
  type TermSpec,
  termByName,
  termForce,
  termOf,
  terms,
} from "../../src/terms/index.ts";
import {
  accelerations,
  BODIES,
  createRandom,
  differences,
  firstOrder,
  largestDifference,
  randomCoefficients,
  randomFrame,
  seenIn,
} from "./frames.ts";

/** Every kind; where masses differ in every form, and with options of its own. */
const specsIn = (bodies: Bodies): TermSpec[] => {
  const seen = seenIn(bodies.dimension);
  return terms.flatMap((kind) => {
    const own = [...specsOf(kind, seen, bodies)];
    const charged = own.flatMap((spec) =>
      spec.per === "force" ? [{ ...spec, per: "charge" } as const] : [],
    );
    const about = kind.candidate?.(seen);
    if (kind.name === "drift")
      own.push({
        ...own[0],
        rate: Array.from({ length: 10 }, (_, k) => 0.1 * k - 0.3),
      } as TermSpec);
    if (kind.name === "flow")
      own.push({ name: "flow", wind: [0.4, -0.3, 0.2].slice(0, bodies.dimension), power: 0.6 });
    return [...own, ...charged, ...(about === undefined ? [] : [about])];
  });
};

const CASES = BODIES.flatMap((bodies, m) =>
  specsIn(bodies).map((spec, k) => {
    const term = createTerm(spec, bodies);
    const title = `${JSON.stringify(spec)}, ${bodies.title}`;
    return { title, spec, bodies, term, ...smoothPlace(term, bodies, 100 * k + m) };
  }),
);

/** A frame and coefficients at which differences tell derivatives: no knot of a curve is crossed. */
function smoothPlace(term: Term, bodies: Bodies, seed: number): { frame: Frame; c: Float64Array } {
  const frame = randomFrame(bodies, seed);
  const c = randomCoefficients(term.size, seed + 50);
  if (term.curves === undefined && !term.small) return { frame, c };
  const { positions: q, velocities: v } = frame;
  const apart = [
    (h: number) => differences((x) => accelerations(term, frame, x), c, h),
    (h: number) => differences((x) => accelerations(term, { ...frame, positions: x }, c), q, h),
    (h: number) => differences((x) => accelerations(term, { ...frame, velocities: x }, c), v, h),
  ].map((by) => largestDifference(by(3e-4), by(5e-4)));
  return Math.max(...apart) < 1e-9 ? { frame, c } : smoothPlace(term, bodies, seed + 1000);
}

describe.each(CASES)("the term $title", ({ spec, bodies, term, frame, c }) => {
  it("says to first order what differences of its accelerations say, to 1e-9", () => {
    const { sources, stiffness, damping } = firstOrder(term, frame, c);
    const byCoefficients = differences((x) => accelerations(term, frame, x), c);
    const byPositions = differences(
      (positions) => accelerations(term, { ...frame, positions }, c),
      frame.positions,
    );
    const byVelocities = differences(
      (velocities) => accelerations(term, { ...frame, velocities }, c),
      frame.velocities,
    );
    expect(largestDifference(sources, byCoefficients)).toBeLessThan(1e-9);
    expect(largestDifference(stiffness, byPositions)).toBeLessThan(1e-9);
    expect(largestDifference(damping, byVelocities)).toBeLessThan(1e-9);
    if (!term.reads.includes("velocities")) expect(Math.max(...byVelocities.map(Math.abs))).toBe(0);
  });

  it("is affine in each particle's own state, and linear in the coefficients, where it says so", () => {
    const other = randomFrame(bodies, 1);
    const at = (own: typeof frame) => firstOrder(term, own, c);
    const [here, there] = [at(frame), at(other)];
    const constant =
      largestDifference(here.stiffness, there.stiffness) === 0 &&
      largestDifference(here.damping, there.damping) === 0;
    if (!constant) expect(term.affine).toBe(undefined);
    if (term.affine === undefined) return;
    const twice = accelerations(
      term,
      frame,
      c.map((x) => 2 * x),
    );
    const once = accelerations(term, frame, c);
    expect(twice).toEqual(once.map((x) => 2 * x));
    const n = once.length;
    for (const block of [here.stiffness, here.damping])
      for (let k = 0; k < n * n; k++)
        if (Math.floor(Math.floor(k / n) / 3) !== Math.floor((k % n) / 3)) expect(block[k]).toBe(0);
  });

  it("accelerates nothing where it starts, and nothing across the plane", () => {
    const start = Float64Array.from({ length: term.size }, (_, k) => term.start?.[k] ?? 0);
    expect(accelerations(term, frame, start).every((a) => a === 0)).toBe(true);
    if (bodies.dimension === 2)
      expect(accelerations(term, frame, c).every((a, k) => k % 3 < 2 || a === 0)).toBe(true);
  });

  it("has constants whose gradients are those of differences, to 1e-8", () => {
    const flat = (at: Float64Array): number[] => term.constants(at).flatMap(({ value }) => value);
    const gradients = Float64Array.from(
      term.constants(c).flatMap(({ gradient }) => gradient.flat()),
    );
    const expected = differences((x) => Float64Array.from(flat(x)), c);
    expect(largestDifference(gradients, expected)).toBeLessThan(1e-8);
  });

  it("has error bars of its constants that scatter as they do, and coefficients at known ones", () => {
    if (term.constants(c).length === 0) return;
    const random = createRandom(7);
    const { size } = term;
    // Coefficients that are unsure together, and each by itself.
    const mixed = Float64Array.from({ length: size * size }, () => 1e-3 * random.normal());
    const covariance = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        for (let m = 0; m < size; m++)
          covariance[i * size + k] += mixed[i * size + m] * mixed[k * size + m];
    const flat = (at: Float64Array): number[] => term.constants(at).flatMap(({ value }) => value);
    const squares = flat(c).map(() => 0);
    const draws = 2000;
    for (let n = 0; n < draws; n++) {
      const z = Array.from({ length: size }, () => random.normal());
      const drawn = c.map((x, i) => x + z.reduce((s, y, m) => s + mixed[i * size + m] * y, 0));
      flat(drawn).forEach((x, k) => {
        squares[k] += (x - flat(c)[k]) ** 2 / draws;
      });
    }
    const reported = reportConstants(term, c, covariance);
    reported
      .flatMap(({ sd }) => sd as number | number[])
      .forEach((sd, k) => {
        expect(Math.abs(sd / Math.sqrt(squares[k]) - 1)).toBeLessThan(0.1);
      });
    expect(reported.map(({ value, sd }) => typeof value === typeof sd)).not.toContain(false);
    expect(reportConstants(term, c, null).map(({ sd }) => sd)).toEqual(reported.map(() => null));
    if (term.curves !== undefined) {
      const known = (): unknown => knownCoefficients(term, flat(c));
      expect(known).toThrow(expect.objectContaining({ code: "bad-option" }));
      return;
    }
    expect(largestDifference(knownCoefficients(term, flat(c)), c)).toBeLessThan(1e-14);
    expect(() => knownCoefficients(term, [...flat(c), 1])).toThrow(
      expect.objectContaining({ code: "bad-shape" }),
    );
  });

  it("is the same force about the place that its coefficients lead to", () => {
    const { about } = termByName(spec.name);
    const moved = about?.(spec, c);
    if (moved === undefined) return;
    const again = createTerm(moved.spec, bodies);
    const there = Float64Array.from(moved.coefficients);
    expect(
      largestDifference(accelerations(again, frame, there), accelerations(term, frame, c)),
    ).toBeLessThan(1e-12);
    again.constants(there).forEach(({ value }, k) => {
      const before = term.constants(c)[k].value;
      [value].flat().forEach((x, a) => {
        expect(x).toBeCloseTo([before].flat()[a], 12);
      });
    });
  });

  it("conserves what it says", () => {
    const { masses } = bodies;
    const { positions: q, velocities: v } = frame;
    const force = accelerations(term, frame, c).map((a, k) => masses[Math.floor(k / 3)] * a);
    const sum = (f: (k: number) => number): number =>
      force.reduce((total, _, k) => total + f(k), 0);
    // Momenta that are not m v change by what is felt of them: they count with the forces.
    if (term.momenta !== undefined) {
      const { momenta } = term;
      const beside = (t: number): Float64Array => {
        const moved = (x: Float64Array, by: Float64Array) => x.map((a, k) => a + t * by[k]);
        const velocities = moved(v, frame.accelerations as Float64Array);
        const p = new Float64Array(q.length + 1);
        p[q.length] = momenta({ ...frame, positions: moved(q, v), velocities }, c, p);
        return p;
      };
      const rates = differences((t) => beside(t[0]), Float64Array.of(0));
      force.forEach((f, k) => {
        force[k] = f + rates[k];
      });
      const work = force.reduce((total, f, k) => total + (f - rates[k]) * v[k], 0);
      expect(Math.abs(work + rates[q.length])).toBeLessThan(1e-8);
      expect(term.energy?.(frame, c)).toBe(0);
    }
    if (term.conserves.linearMomentum)
      for (let axis = 0; axis < 3; axis++)
        expect(Math.abs(sum((k) => (k % 3 === axis ? force[k] : 0)))).toBeLessThan(
          term.momenta === undefined ? 1e-13 : 1e-8,
        );
    if (term.conserves.angularMomentum)
      expect(
        Math.abs(
          sum((k) => (k % 3 === 0 ? q[k] * force[k + 1] : k % 3 === 1 ? -q[k] * force[k - 1] : 0)),
        ),
      ).toBeLessThan(term.momenta === undefined ? 1e-13 : 1e-8);
    expect(term.conserves.energy).toBe(term.energy !== undefined);
    if (term.momenta !== undefined) return;
    const power = sum((k) => force[k] * v[k]);
    if (term.energy === undefined) expect(Math.abs(power)).toBeGreaterThan(1e-3);
    else {
      // What the force does is what the energy loses: along the motion, dV/dt = -F.v.
      const { energy } = term;
      const slopes = differences(
        (positions) => Float64Array.of(energy({ ...frame, positions }, c)),
        q,
      );
      const rate = slopes.reduce((total, s, k) => total + s * v[k], 0);
      expect(Math.abs(rate + power)).toBeLessThan(1e-9);
    }
  });

  it("is the same after JSON, as a term and as a force, to the last bit", () => {
    const kept = JSON.parse(JSON.stringify({ spec, coefficients: Array.from(c) }));
    const again = createTerm(kept.spec, bodies);
    expect(accelerations(again, frame, c)).toEqual(accelerations(term, frame, c));
    // What goes by accelerations is no force.
    const alone = { ...frame, accelerations: undefined };
    const force = termForce(kept);
    const { masses, dimension } = bodies;
    const inPlane = (array: Float64Array): Float64Array =>
      array.filter((_, k) => k % 3 < dimension);
    const out = new Float64Array(masses.length * dimension);
    for (let twice = 0; twice < 2; twice++) {
      out.fill(0);
      force.addForces(bodies, inPlane(frame.positions), out, inPlane(frame.velocities), frame.time);
      const expected = accelerations(term, alone, c).map((a, k) => masses[Math.floor(k / 3)] * a);
      expect(out).toEqual(inPlane(expected));
    }
    const energy = term.energy?.({ ...frame }, c) ?? 0;
    expect(force.energy?.(bodies, inPlane(frame.positions)) ?? 0).toBe(energy);
  });
});

describe("the function of a term", () => {
  const spec = { name: "general-drag", knots: [0, 0.5, 2] };
  const c = Float64Array.of(1, 0.5, 0.2, 0.4, 0.3);

  it("is what slows a particle of that speed, with error bars that scatter as it does", () => {
    const variance = Float64Array.from({ length: 25 }, (_, k) => (k % 6 === 0 ? 0.01 : 0.004));
    const { name, of, x, value, sd } = reportCurve({ spec, coefficients: c }, variance, {
      points: 5,
    });
    expect([name, of]).toEqual(["gamma", "|v|"]);
    const term = createTerm(spec, { masses: Float64Array.of(1), dimension: 2 });
    x.forEach((speed, k) => {
      const still = { trajectory: 0, time: 0, positions: new Float64Array(3) };
      const frame = { ...still, velocities: Float64Array.of(speed, 0, 0) };
      expect(accelerations(term, frame, c)[0]).toBeCloseTo(-value[k] * speed, 14);
      const by = differences(
        (d) =>
          Float64Array.of(reportCurve({ spec, coefficients: d }, null, { points: 5 }).value[k]),
        c,
      );
      let square = 0;
      by.forEach((a, i) => {
        by.forEach((b, m) => {
          square += a * b * variance[5 * i + m];
        });
      });
      expect(sd[k]).toBeCloseTo(Math.sqrt(square), 9);
    });
    expect(curveOf({ spec: { name: "drag" } })).toBeNull();
  });

  it.each([
    [{ spec: { name: "drag" }, coefficients: [1] }, {}, "bad-option"],
    [{ spec, coefficients: [1] }, {}, "bad-shape"],
    [{ spec, coefficients: c }, { from: 2, to: 1 }, "bad-range"],
    [{ spec, coefficients: c }, { points: 1 }, "bad-range"],
  ] as const)("refuses %j %j with %s", (at, options, code) => {
    const made = (): unknown => reportCurve(at, null, options);
    expect(made).toThrow(expect.objectContaining({ code }));
  });
});

/** What people write by hand for the same. */
const COUPLING = { acceleration: "mass", force: "none", charge: "charge" } as const;
const BY_HAND: Readonly<Record<string, (c: Float64Array, coupling: BodyCoupling) => Force>> = {
  field: (c, coupling) => uniformField(c, { coupling }),
  trap: ([stiffness, ...push], coupling) =>
    harmonicTrap({ stiffness, centre: push.map((b) => b / stiffness), coupling }),
  drag: ([coefficient], coupling) => linearDrag({ coefficient, coupling }),
  "quadratic-drag": ([coefficient], coupling) => quadraticDrag({ coefficient, coupling }),
  magnetic: (c, coupling) => magneticField(c.length === 3 ? c : c[0], { coupling }),
};

describe.each(CASES.filter(({ spec }) => spec.centre === undefined && spec.name in BY_HAND))(
  "the force of $title",
  ({ spec, bodies, term, frame, c }) => {
    it("is the one of @mclnn/physics/forces, to 1e-14", () => {
      const inPlane = (array: Float64Array): Float64Array =>
        array.filter((_, k) => k % 3 < bodies.dimension);
      const force = BY_HAND[spec.name](c, COUPLING[spec.per ?? "acceleration"]);
      const learned = termForce({ spec, coefficients: c });
      expect(learned.reads).toBe(force.reads);
      expect(learned.conserves).toEqual({ ...force.conserves, angularMomentum: false });
      const [a, b] = [force, learned].map((each) => {
        const out = inPlane(new Float64Array(frame.positions.length));
        each.addForces(bodies, inPlane(frame.positions), out, inPlane(frame.velocities));
        return out;
      });
      expect(largestDifference(a, b)).toBeLessThan(1e-14);
      expect(term.energy === undefined).toBe(force.energy === undefined);
    });

    it("says what term it is: the same force, from plain data, to the last bit", () => {
      const force = BY_HAND[spec.name](c, COUPLING[spec.per ?? "acceleration"]);
      const known = termOf(force, bodies.dimension) as TermAt;
      expect(known.spec).toMatchObject({ name: spec.name, per: spec.per ?? "acceleration" });
      const again = termForce(
        JSON.parse(JSON.stringify({ ...known, coefficients: Array.from(known.coefficients) })),
      );
      expect(termOf(again, bodies.dimension)?.spec).toEqual(known.spec);
      const [a, b] = [force, again].map((each) => {
        const out = new Float64Array(bodies.masses.length * bodies.dimension);
        each.addForces(bodies, frame.positions, out, frame.velocities);
        return out;
      });
      expect(a).toEqual(b);
      expect(termOf({ ...force }, bodies.dimension)).toBeNull();
    });

    it("asks for velocities where it reads them", () => {
      const force = termForce({ spec, coefficients: c });
      const none = new Float64Array(bodies.masses.length * bodies.dimension);
      const push = (): void => force.addForces(bodies, none, none.slice());
      if (force.reads === "positions") expect(push).not.toThrow();
      else expect(push).toThrow(expect.objectContaining({ code: "missing-velocities" }));
    });
  },
);

describe("the catalogue of terms", () => {
  it("has a row in the README for each, with its formula", () => {
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    for (const { name, summary } of terms) {
      const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\``));
      expect(row, name).toBeDefined();
      // A bar is the end of a cell.
      expect(row?.replaceAll("\\|", "|")).toContain(
        `\`${summary.slice(summary.search(/(m )?a = /))}\``,
      );
    }
  });

  it("has names and kinds of findings once each", () => {
    const names = terms.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const kinds = terms.flatMap(({ finding }) => (finding === null ? [] : [finding.kind]));
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const name of names) expect(termByName(name).name).toBe(name);
  });

  it("has a simplest term in every family", () => {
    for (const { family } of terms)
      expect(
        Math.min(...terms.filter((each) => each.family === family).map(({ rung }) => rung)),
      ).toBe(0);
  });

  it.each([
    [{ name: "friction" }, "unknown-term"],
    [{}, "bad-argument"],
    [null, "bad-argument"],
    [{ name: "drag", per: "weight" }, "bad-option"],
    [{ name: "drag", centre: [0, 0] }, "unknown-key"],
    [{ name: "chiral", per: "force", knots: [0, 1] }, "unknown-key"],
    [{ name: "non-reciprocal", species: [0, 0], knots: [0, 1] }, "bad-option"],
    [{ name: "non-reciprocal", species: [0, 7], knots: [0, 1] }, "bad-option"],
    [{ name: "trap", centre: 1 }, "bad-argument"],
    [{ name: "trap", centre: [0, Number.NaN] }, "not-finite"],
    [{ name: "trap", centre: [0, 0, 0] }, "bad-dimension"],
    [{ name: "general-drag" }, "bad-option"],
    [{ name: "general-drag", knots: [0, 2, 1] }, "bad-option"],
    [{ name: "axis", along: "w", knots: [0, 1] }, "bad-option"],
    [{ name: "axis", along: "z", knots: [0, 1] }, "bad-dimension"],
    [{ name: "radial", centre: [0], knots: [0, 1] }, "bad-dimension"],
  ] as const)("refuses %j with %s", (spec, code) => {
    const made = (): unknown => createTerms([spec as unknown as TermSpec], BODIES[0]);
    expect(made).toThrow(MclnnError);
    expect(made).toThrow(expect.objectContaining({ code }));
  });

  it("asks for charges where coefficients are forces a charge", () => {
    const { masses, dimension } = BODIES[0];
    const made = (): unknown => createTerm({ name: "drag", per: "charge" }, { masses, dimension });
    expect(made).toThrow(expect.objectContaining({ code: "missing-charges" }));
  });

  it("refuses as a force another number of coefficients than the term has", () => {
    const { masses, dimension } = BODIES[0];
    const force = termForce({ spec: { name: "field" }, coefficients: [1, 2, 3] });
    expect(() =>
      force.addForces({ masses, dimension }, new Float64Array(6), new Float64Array(6)),
    ).toThrow(expect.objectContaining({ code: "bad-shape" }));
  });

  it("offers a force beside an acceleration where masses differ", () => {
    expect(formsOf<TermSpec>({ name: "drag" }, BODIES[0])).toEqual([{ name: "drag" }]);
    expect(formsOf({ name: "chiral", knots: [0, 1] }, BODIES[1])).toHaveLength(1);
    expect(formsOf<TermSpec>({ name: "drag" }, BODIES[1]).map(({ per }) => per)).toEqual([
      "acceleration",
      "force",
    ]);
  });
});
