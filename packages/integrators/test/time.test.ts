import { createState, createSystem, type Force, type ParticleSystem } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { integrators, rollout } from "../src/index.ts";

const OMEGA = 1.3;
/** A particle on a spring that is pushed as cos(t), and that drag may slow: x'' = -w^2 x - g x' + cos(t). */
const pushed = (drag: number): ParticleSystem => {
  const force: Force = {
    name: "a push",
    reads: drag === 0 ? "positions-and-time" : "positions-velocities-and-time",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces(_, positions, out, velocities, time) {
      positions.forEach((x, k) => {
        const v = drag === 0 ? 0 : ((velocities as Float64Array)[k] as number);
        out[k] = (out[k] as number) - OMEGA * OMEGA * x - drag * v + Math.cos(time as number);
      });
    },
  };
  return createSystem({ masses: [1], dimension: 2, potential: force });
};

/** Where it goes that follows the push: x = A cos(t) + B sin(t). */
const follows = (drag: number, t: number): { x: number; v: number } => {
  const e = OMEGA * OMEGA - 1;
  const n = e * e + drag * drag;
  return {
    x: (e * Math.cos(t) + drag * Math.sin(t)) / n,
    v: (-e * Math.sin(t) + drag * Math.cos(t)) / n,
  };
};

const BEGIN = 0.4;
const START = (drag: number) => {
  const { x, v } = follows(drag, BEGIN);
  const state = createState({ positions: [[x, x]], velocities: [[v, v]] }, { dimension: 2 });
  return { ...state, time: BEGIN };
};

describe.each(
  integrators
    .filter(({ motion }) => motion === undefined)
    .flatMap((integrator) => [0, 0.3].map((drag) => ({ integrator, drag, name: integrator.name }))),
)("$name where forces read the time, drag $drag", ({ integrator, drag }) => {
  const errorOf = (dt: number): number => {
    const records = 1 + Math.round(2 / dt);
    const { positions } = rollout(pushed(drag), START(drag), {
      records,
      dt,
      stride: 1,
      integrator,
    });
    return Math.abs((positions.at(-1) as number) - follows(drag, BEGIN + 2).x);
  };

  it("keeps its order, within 0.2", () => {
    if (integrator.adaptive) expect(errorOf(0.1)).toBeLessThan(1e-8);
    else {
      const [coarse, fine] = [errorOf(0.1), errorOf(0.05)];
      expect(Math.abs(Math.log2(coarse / fine) - integrator.order)).toBeLessThan(0.2);
    }
  });
});
