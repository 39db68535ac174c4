import { describe, expect, it } from "vitest";
import { checkArgument, type Requirement } from "../src/arguments/index.ts";
import {
  accelerations,
  angularMomentum,
  centreOfMass,
  createState,
  createSystem,
  hamiltonian,
  kineticEnergy,
  lagrangian,
  linearMomentum,
  linearSpring,
  MclnnError,
  type ParticleSystem,
  pairwise,
  potentialEnergy,
  separations,
  stateAt,
} from "../src/index.ts";

/** What an error says, on one line. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof MclnnError)
      return `${error.code} ${error.argument}: ${error.expected}; ${error.got}; ${error.mend ?? "-"}`;
    throw error;
  }
  return "accepted";
}

const loose = <T>(value: unknown): T => value as T;

describe.each([2, 3] as const)("observables in %i dimensions", (dimension) => {
  const system = createSystem({
    masses: [1, 2],
    dimension,
    potential: pairwise(linearSpring()),
  });
  const own = dimension === 2 ? [1, 0, 3, 0] : [1, 0, 0, 3, 0, 0];
  const good = Float64Array.from(own);
  const size = `${2 * dimension} numbers (2 particles x ${dimension})`;
  const makes = "createSystem() makes it.";
  const kept = "an object with masses, dimension, charges, species";

  it.each([
    ["velocities", (b: unknown, v: unknown) => kineticEnergy(loose(b), loose(v))],
    ["velocities", (b: unknown, v: unknown) => linearMomentum(loose(b), loose(v))],
    ["positions", (b: unknown, v: unknown) => centreOfMass(loose(b), loose(v))],
  ])("of bodies and %s say what is wrong", (argument, call) => {
    const nothing = { ...system, masses: new Float64Array(0) };
    const rows: readonly (readonly [unknown, unknown, string])[] = [
      [system, good, "accepted"],
      [undefined, good, `bad-argument bodies: ${kept}; undefined; ${makes}`],
      [{ dimension }, good, `bad-argument bodies.masses: an array of masses; undefined; ${makes}`],
      [{ ...system, dimension: 1 }, good, `bad-dimension bodies.dimension: 2 or 3; 1; ${makes}`],
      [{ ...system, dimension: 4 }, good, `bad-dimension bodies.dimension: 2 or 3; 4; ${makes}`],
      [system, undefined, `bad-argument ${argument}: an array; undefined; -`],
      [system, good.slice(1), `bad-shape ${argument}: ${size}; ${2 * dimension - 1}; -`],
      [
        { ...system, charges: Float64Array.of(1) },
        good.map(() => Number.NaN),
        "bad-shape bodies.charges: 2 numbers (2 particles); 1; -",
      ],
      [
        { ...system, species: [0, 0, 0] },
        good.map(() => Number.NaN),
        "bad-shape bodies.species: 2 numbers (2 particles); 3; -",
      ],
      [
        { ...system, masses: Float64Array.of(1, Number.NaN) },
        good,
        `bad-mass bodies.masses: finite numbers above 0; NaN at index 1; ${makes}`,
      ],
      [
        system,
        good.with(2, Number.NaN),
        `not-finite ${argument}: finite numbers; NaN at index 2; -`,
      ],
      // No numbers for no particles: there is nothing to say.
      [nothing, new Float64Array(0), "accepted"],
    ];
    for (const [bodies, vectors, said] of rows)
      expect(refusal(() => call(bodies, vectors))).toBe(said);
  });

  it("of states and systems do as well", () => {
    const state = createState({ positions: good, velocities: good.map((x) => -x) }, { dimension });
    const with_ = (potential: unknown): ParticleSystem => loose({ ...system, potential });
    expect(refusal(() => lagrangian(system, state))).toBe("accepted");
    expect(refusal(() => lagrangian(system, loose(undefined)))).toMatch(/^bad-argument velocities/);
    expect(refusal(() => hamiltonian(system, loose(null)))).toMatch(/^bad-argument velocities/);
    expect(refusal(() => potentialEnergy(loose(undefined), good))).toBe(
      `bad-argument system: ${kept}; undefined; ${makes}`,
    );
    expect(refusal(() => potentialEnergy(with_({}), good))).toMatch(
      /^bad-potential system\.potential\.addForces: a function; undefined; A pair potential becomes one/,
    );
    expect(
      refusal(() => potentialEnergy(with_({ ...system.potential, energy: () => "1" }), good)),
    ).toBe('not-finite system: particles and a potential whose energies are numbers; "1"; -');
    expect(
      refusal(() =>
        potentialEnergy(with_({ ...system.potential, energy: () => Number.NaN }), good),
      ),
    ).toBe("not-finite system: particles and a potential whose energies are numbers; NaN; -");
    expect(
      potentialEnergy(with_({ ...system.potential, energy: () => Number.POSITIVE_INFINITY }), good),
    ).toBe(Number.POSITIVE_INFINITY);
    expect(refusal(() => potentialEnergy(system, good.with(1, Number.NaN)))).toBe(
      "not-finite positions: finite numbers; NaN at index 1; -",
    );
  });

  it("of runs, pairs and records do as well", () => {
    const out = new Float64Array(good.length);
    const bad = good.with(2, Number.NaN);
    const pair = { particles: 2, dimension };
    const trajectory = {
      particles: 2,
      dimension,
      times: Float64Array.of(0),
      positions: good,
      velocities: good,
    };
    const rows: readonly (readonly [() => unknown, string])[] = [
      [
        () => angularMomentum(loose(undefined), good, good),
        `bad-argument bodies: ${kept}; undefined; ${makes}`,
      ],
      [() => angularMomentum(system, loose(1), good), "bad-argument positions: an array; 1; -"],
      [() => angularMomentum(system, good, loose([])), `bad-shape velocities: ${size}; 0; -`],
      [
        () => angularMomentum(loose({ ...system, dimension: 5 }), good, good),
        `bad-dimension bodies.dimension: 2 or 3; 5; ${makes}`,
      ],
      [
        () => angularMomentum(system, bad.fill(Number.NaN), good),
        "not-finite positions: finite numbers; NaN at index 0; -",
      ],
      [
        () =>
          angularMomentum(
            system,
            good,
            bad.map(() => Number.NaN),
          ),
        "not-finite velocities: finite numbers; NaN at index 0; -",
      ],
      [
        () => accelerations(loose(undefined), good, out),
        `bad-argument system: ${kept}; undefined; ${makes}`,
      ],
      [() => accelerations(system, loose(1), out), "bad-argument positions: an array; 1; -"],
      [
        () => accelerations(system, good, out.slice(1)),
        `bad-shape out: ${size}; ${good.length - 1}; -`,
      ],
      [() => accelerations(system, good, loose([...own])), "accepted"],
      [
        () => accelerations(loose({ ...system, masses: Float64Array.of(1, -1) }), good, out),
        `bad-mass system.masses: finite numbers above 0; -1 at index 1; ${makes}`,
      ],
      [
        () => accelerations(loose({ ...system, masses: Float64Array.of(0, 1) }), good, out),
        `bad-mass system.masses: finite numbers above 0; 0 at index 0; ${makes}`,
      ],
      [
        () => separations(good, loose(undefined)),
        "bad-argument options: an object with particles, dimension; undefined; -",
      ],
      [
        () => separations(good, loose({ dimension })),
        "bad-option particles: a whole number from 1; undefined; -",
      ],
      [
        () => separations(good, loose({ particles: 2 })),
        "bad-dimension dimension: 2 or 3; undefined; -",
      ],
      [() => separations(loose(undefined), pair), "bad-argument positions: an array; undefined; -"],
      [
        () => separations(good.slice(1), pair),
        `bad-shape positions: ${size}; ${good.length - 1}; -`,
      ],
      [() => separations(good, pair, loose(1)), "bad-argument out: a Float64Array; 1; -"],
      [
        () => separations(good.with(1, Number.NaN), pair),
        "not-finite positions: finite numbers; NaN at index 1; -",
      ],
      [() => separations(good, pair), "accepted"],
      [
        () => stateAt(loose(undefined), 0),
        "bad-argument trajectory: an object with particles, dimension, times, positions, velocities; undefined; rollout() and trajectoryOf() make it.",
      ],
      [
        () => stateAt({ ...trajectory, positions: good.slice(1) }, 0),
        `bad-shape trajectory.positions: ${2 * dimension} numbers (1 records x 2 particles x ${dimension}); ${good.length - 1}; -`,
      ],
      [() => stateAt(trajectory, 1), "bad-index record: a whole number from 0 to 0; 1; -"],
      [
        () => createState(loose(undefined), { dimension }),
        "bad-argument options: an object with positions, velocities, time; undefined; -",
      ],
      [
        () => createState({ positions: own, velocities: own }, loose({})),
        "bad-dimension dimension: 2 or 3; undefined; -",
      ],
      [
        () => createState({ positions: own, velocities: own }, loose(undefined)),
        "bad-argument options: an object with dimension; undefined; -",
      ],
      [
        () => createState({ positions: [], velocities: [] }, { dimension }),
        `bad-shape positions: a multiple of ${dimension} numbers; 0; -`,
      ],
      [
        () => createSystem({ masses: [1], dimension, potential: loose({}) }),
        "bad-potential potential.addForces: a function; undefined; A pair potential becomes one by pairwise(pairPotential).",
      ],
      [
        () =>
          createSystem({ masses: [1], dimension, potential: system.potential, charges: [1, 2] }),
        "bad-shape charges: 1 numbers (1 particles); 2; -",
      ],
    ];
    for (const [call, said] of rows) expect(refusal(call)).toBe(said);
    expect([...accelerations(system, good, new Float64Array(good.length))]).toEqual([
      1,
      ...own.slice(1).map((_, k) => (k === dimension - 1 ? -0.5 : 0)),
    ]);
  });

  it("too large for float64 is infinite", () => {
    expect(
      kineticEnergy(
        system,
        good.map(() => 1e200),
      ),
    ).toBe(Number.POSITIVE_INFINITY);
    expect(angularMomentum(system, good, good).every((x) => x === 0)).toBe(true);
  });
});

it.each([
  ["number", "x", "bad-option a: a finite number", 1],
  ["finite", Number.NaN, "not-finite a: a finite number", 0],
  ["positive", 0, "bad-option a: a finite number above 0", 1e-300],
  ["whole", 0.5, "bad-option a: a whole number", -1],
  ["index", -1, "bad-option a: a whole number from 0", 0],
  ["count", 0, "bad-option a: a whole number from 1", 1],
  ["flag", 1, "bad-option a: true or false", false],
  ["dimension", 4, "bad-dimension a: 2 or 3", 3],
  ["text", 1, "bad-argument a: a text", ""],
  ["function", 1, "bad-argument a: a function", Math.sqrt],
  ["list", 1, "bad-argument a: an array", []],
  ["numbers", 1, "bad-argument a: an array of numbers", [1]],
  ["masses", 1, "bad-argument a: an array of masses", [1]],
  ["float64", [1], "bad-argument a: a Float64Array", Float64Array.of(Number.NaN)],
  ["floats", [1], "bad-argument a: a Float64Array", Float64Array.of(1)],
  ["bytes", [1], "bad-argument a: a Uint8Array", Uint8Array.of(1)],
] as const)("%s: wrong and right", (kind, wrong, said, right) => {
  expect(refusal(() => checkArgument("a", wrong, kind as Requirement)).split(";")[0]).toBe(said);
  expect(refusal(() => checkArgument("a", right, kind as Requirement))).toBe("accepted");
});
