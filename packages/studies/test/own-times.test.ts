import { createState, createSystem, type PairPotential, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import { ownTimes } from "../src/index.ts";

const asked = { stride: 10, records: 20, trajectories: 12, rolloutRecords: 301 };

/** Two unit masses on the x axis, `apart` from each other, with opposite speeds across and along. */
function two(pair: PairPotential, apart: number, across: number, along = 0) {
  const system = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(pair) });
  const start = createState(
    {
      positions: [
        [0, 0],
        [apart, 0],
      ],
      velocities: [
        [along, across],
        [-along, -across],
      ],
    },
    { dimension: 2 },
  );
  return { system, start };
}

describe("times of a system of one's own", () => {
  it("a spring of period 2 pi / sqrt(2 k): a step that takes 60 or more, durations in periods, its range", () => {
    const { system, start } = two(parseFormula("k/2*(r-1)^2; k=4"), 1.02, 0);
    const period = (2 * Math.PI) / Math.sqrt(8);
    const { dt, range, remarks } = ownTimes(system, start, asked);
    expect(dt).toBe(0.02);
    expect(period / dt).toBeGreaterThan(60);
    expect(range[0]).toBeCloseTo(0.98, 3);
    expect(range[1]).toBeCloseTo(1.02, 3);
    const text = remarks.join("\n");
    const training = 12 * 20 * 0.2;
    expect(text).toContain("Time step 0.02: the fastest oscillation of a pair takes 2.2");
    expect(text).toContain(
      `12 x 20 records, 0.2 apart, of one run over ${training} time units, ${Math.round(training / period)} times that`,
    );
    expect(text).toContain(
      `Rollouts: 301 records, 60 time units, ${Math.round(60 / period)} times that`,
    );
    expect(text).toContain("Separations that occur: 0.98 to 1.02");
    expect(text).not.toMatch(/fly apart|not kept/);
  });

  it("a step that is given is kept, and told what it does", () => {
    const { system, start } = two(parseFormula("2*(r-1)^2"), 1.2, 0);
    const { dt, remarks } = ownTimes(system, start, { ...asked, dt: 0.25 });
    expect(dt).toBe(0.25);
    expect(remarks[0]).toMatch(/^Time step 0\.25, as given/);
    expect(remarks.join("\n")).toMatch(/Energy is not kept/);
  });

  it("the step is halved until energy is kept to 1e-3 of the kinetic energy: a hard wall met now and then", () => {
    // Met first after the trial of the suggestion has ended.
    const wall = parseFormula("exp(60*(1-r)) + exp(60*(r-9))");
    const { system, start } = two(wall, 5, 0, 0.004);
    const { dt, remarks } = ownTimes(system, start, asked);
    const error = Number(/holds to (\S+)/.exec(remarks[0] as string)?.[1]);
    expect(error).toBeLessThanOrEqual(1e-3);
    expect(dt).toBeGreaterThan(0);
  });

  it("bodies that fly apart are told of", () => {
    const { system, start } = two(parseFormula("1/r"), 1, 0.1);
    expect(ownTimes(system, start, asked).remarks.join("\n")).toMatch(/The bodies fly apart/);
  });
});
