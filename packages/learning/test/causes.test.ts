import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { causeOf } from "../src/findings/causes/causes.ts";
import { type Finding, train } from "../src/index.ts";
import { createTrainingData } from "../src/records/training-data.ts";

/** What makes particles move: accelerations, or velocities where motion has no inertia. [2 x particles] */
type Motion = (q: Float64Array, v: Float64Array, trajectory: number, out: Float64Array) => void;

const PARTICLES = 5;
const SIZE = 2 * PARTICLES;
const RECORDS = 30;
const SPACING = 0.1;
const STEPS = 20;

/** Adds a force along the line between two particles, and what goes with the difference of their velocities. */
function pairForces(
  q: Float64Array,
  out: Float64Array,
  force: (r: number, i: number, j: number) => number,
): void {
  for (let i = 0; i < PARTICLES; i++)
    for (let j = 0; j < i; j++) {
      const d = [0, 1].map((c) => (q[2 * i + c] as number) - (q[2 * j + c] as number));
      const r = Math.hypot(...d);
      d.forEach((x, c) => {
        const f = (force(r, i, j) * x) / r;
        out[2 * i + c] = (out[2 * i + c] as number) + f;
        out[2 * j + c] = (out[2 * j + c] as number) - f;
      });
    }
}

/** Noisy positions of particles that move so, by small steps of the midpoint. */
function records(
  motion: Motion,
  {
    inertia = true,
    after = () => {},
    seen = () => {},
  }: {
    inertia?: boolean;
    after?: (q: Float64Array, v: Float64Array) => void;
    seen?: (q: Float64Array, record: number) => void;
  } = {},
): TrajectorySet {
  const random = createRandom(12);
  const trajectories = 8;
  const positions = new Float64Array(trajectories * RECORDS * SIZE);
  const h = SPACING / STEPS;
  for (let t = 0; t < trajectories; t++) {
    const q = Float64Array.from(
      { length: SIZE },
      (_, k) =>
        1.6 * (k % 2 === 0 ? Math.cos : Math.sin)(1.2566 * (k >> 1)) + 0.3 * random.normal(),
    );
    const v = Float64Array.from({ length: SIZE }, () => 0.4 * random.normal());
    const a = new Float64Array(SIZE);
    const rate = (at: Float64Array, speed: Float64Array): Float64Array => {
      motion(at, speed, t, a.fill(0));
      return a.slice();
    };
    for (let k = 0; k < RECORDS * STEPS; k++) {
      if (k % STEPS === 0) {
        const shown = q.slice();
        seen(shown, k / STEPS);
        positions.set(
          shown.map((x) => x + 1e-3 * random.normal()),
          (t * RECORDS + k / STEPS) * SIZE,
        );
      }
      const first = rate(q, v);
      const middle = q.map((x, c) => x + (h / 2) * ((inertia ? v : first)[c] as number));
      const second = rate(
        middle,
        inertia ? v.map((x, c) => x + (h / 2) * (first[c] as number)) : v,
      );
      for (let c = 0; c < SIZE; c++) {
        const speed = inertia ? (v[c] as number) + (h / 2) * (first[c] as number) : second[c];
        q[c] = (q[c] as number) + h * (speed as number);
        v[c] = (v[c] as number) + h * (second[c] as number);
      }
      after(q, v);
    }
  }
  return {
    ...{ trajectories, records: RECORDS, particles: PARTICLES, dimension: 2, positions },
    times: Float64Array.from({ length: RECORDS }, (_, k) => SPACING * k),
    masses: new Float64Array(PARTICLES).fill(1),
    provenance: {},
  };
}

const push = (r: number): number => 2 * Math.exp(-r);
const law: Motion = (q, _, __, out) => pairForces(q, out, push);
const KINDS = [0, 1, 0, 1, 1];
const kindOf = (i: number): number => KINDS[i] as number;
const ofKinds: Motion = (q, _, __, out) =>
  pairForces(q, out, (r, i, j) => [push(r), 0.1, Math.exp(-r)][kindOf(i) + kindOf(j)] as number);
const bonds = createRandom(9);
const bonded = Array.from({ length: 400 }, () => bonds.uniform() < 0.5);
const bondsOfEach: Motion = (q, _, t, out) =>
  pairForces(q, out, (r, i, j) => (bonded[(t * 25 + 5 * i + j) % 400] ? -r : 0));
const bounce =
  (wall: number) =>
  (q: Float64Array, v: Float64Array): void => {
    for (let c = 0; c < SIZE; c++)
      if (Math.abs(q[c] as number) > wall)
        v[c] = -Math.sign(q[c] as number) * Math.abs(v[c] as number);
  };
const mixed = records(ofKinds);
const inert = records(law, { inertia: false });

const rods = records(law, {
  seen: (q) => {
    // The first two as the ends of a rod about their middle.
    const d = [0, 1].map((c) => (q[2 + c] as number) - (q[c] as number));
    const r = Math.hypot(...d);
    d.forEach((x, c) => {
      const middle = ((q[c] as number) + (q[2 + c] as number)) / 2;
      q[c] = middle - (0.6 * x) / r;
      q[2 + c] = middle + (0.6 * x) / r;
    });
  },
});

const findingIn = (set: TrajectorySet): Finding | undefined =>
  causeOf(createTrainingData(set, { coupling: "none", needVelocities: false }), undefined)?.finding;

describe("motion that no law of pairs explains is called by its name", { timeout: 60_000 }, () => {
  it.each([
    ["first-order", /velocities follow from the positions/, inert],
    [
      "pair-friction",
      /differences of velocities/,
      records((q, v, _, out) => {
        law(q, v, 0, out);
        for (let i = 0; i < PARTICLES; i++)
          for (let j = 0; j < PARTICLES; j++)
            for (let c = 0; c < 2; c++) {
              const r = Math.hypot(
                (q[2 * i] as number) - (q[2 * j] as number),
                (q[2 * i + 1] as number) - (q[2 * j + 1] as number),
              );
              const between = (v[2 * j + c] as number) - (v[2 * i + c] as number);
              out[2 * i + c] = (out[2 * i + c] as number) + (1.5 * between) / (1 + r * r);
            }
      }),
    ],
    ["groups", /particles 1, 3, 4 and 0, 2 |particles 0, 2 and 1, 3, 4 /, mixed],
    ["pairs-differ", /other strengths in each trajectory/, records(bondsOfEach)],
    ["rigid", /separations 0-1 \(1\.2\d?0?\) never change/, rods],
  ] as const)("%s", (kind, said, set) => {
    const finding = findingIn(set);
    expect(finding?.kind).toBe(kind);
    expect(finding?.text).toMatch(said);
  });

  it.each([
    ["first-order", inert],
    ["groups", mixed],
    ["rigid", rods],
  ] as const)(
    "a training says %s and nothing else, its law has no error bars, and no terms are looked for in its place",
    async (kind, set) => {
      const before = process.cpuUsage();
      const { findings, model } = await train(set, { model: "spline" });
      // Terms that could stand for it would be looked for in 25 s and more.
      expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
      expect(findings.map((each) => each.kind)).toEqual([kind]);
      expect(model.slopeDeviation).toBeUndefined();
    },
  );

  it("a camera that shakes: the law as right as without", async () => {
    const set = records(law, {
      seen: (q, k) => {
        for (let c = 0; c < SIZE; c++)
          q[c] = (q[c] as number) + (c % 2 === 0 ? Math.sin(0.9 * k) : 0.3 * Math.cos(0.6 * k * k));
      },
    });
    const { findings, model } = await train(set, { model: "spline", terms: ["pair"] });
    expect(findings[0]?.kind).toBe("moving-frame");
    for (const r of [1, 2, 3]) expect(Math.abs(model.pair.slope(r) + push(r))).toBeLessThan(0.01);
  });

  it("particles that bounce off walls", () => {
    expect(findingIn(records(law, { after: bounce(1.9) }))?.text).toMatch(
      /^particles are pushed back at .*walls/,
    );
  });

  it("pairs that differ, between walls that shake the centre of mass", async () => {
    const set = records(bondsOfEach, { after: bounce(2.6) });
    const { findings } = await train(set, { model: "spline", effort: "preview" });
    expect(findings.map(({ kind }) => kind)).toEqual(["pairs-differ"]);
  });

  it("nothing of the kind where a law explains the records", () => {
    expect(findingIn(records(law))).toBeUndefined();
  });
});
