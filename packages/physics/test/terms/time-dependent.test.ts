import { describe, expect, it } from "vitest";
import { linearDrag } from "../../src/forces/index.ts";
import {
  accelerations,
  createSystem,
  linearSpring,
  pairwise,
  sumOfForces,
} from "../../src/index.ts";
import { termForce } from "../../src/terms/index.ts";

// A straight line of coefficients is a straight line: g(r) = -0.1 (r - 1), the law of a spring of stiffness 1 times -0.1.
const KNOTS = [0, 1, 2, 3];
const line = [0, 1 / 3, 1, 2, 8 / 3, 3].map((r) => -0.1 * (r - 1));
const drifting = termForce({ spec: { name: "drift", knots: KNOTS, since: 2 }, coefficients: line });
const spring = pairwise(linearSpring({ stiffness: 1, restLength: 1 }));
const bodies = { masses: [1, 2], dimension: 2 } as const;
const still = new Float64Array(4);
const q = Float64Array.of(0, 0, 1.5, 0.2);

describe("a force that reads the time", () => {
  it("is beside a pair law this law with a coupling that drifts, to 1e-15", () => {
    const system = createSystem({ ...bodies, potential: sumOfForces(spring, drifting) });
    expect(system.potential.reads).toBe("positions-and-time");
    const alone = createSystem({ ...bodies, potential: spring });
    const law = accelerations(alone, q, new Float64Array(4));
    for (const time of [0, 2, 7]) {
      const own = accelerations(system, q, new Float64Array(4), undefined, time);
      own.forEach((a, k) => {
        expect(Math.abs(a - (1 - 0.1 * (time - 2)) * (law[k] as number))).toBeLessThan(1e-15);
      });
    }
  });

  it("says so beside one that reads velocities", () => {
    expect(sumOfForces(drifting, linearDrag({ coefficient: 1 })).reads).toBe(
      "positions-velocities-and-time",
    );
  });

  it("is refused where no time is told: time-dependent-force", () => {
    const system = createSystem({ ...bodies, potential: drifting });
    expect(() => accelerations(system, q, still.slice())).toThrow(
      expect.objectContaining({ code: "time-dependent-force", argument: "time" }),
    );
  });
});
