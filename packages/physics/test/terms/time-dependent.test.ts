import { expect, it } from "vitest";
import { drag } from "../../src/terms/drag.ts";
import { forceOfKind } from "../../src/terms/term-force.ts";

it("a kind of term that reads the time is no force of positions and velocities: time-dependent-force", () => {
  const timed = { ...drag, reads: "positions-velocities-and-time" } as const;
  const at = () => ({ spec: { name: "drag" }, coefficients: [1] });
  expect(() => forceOfKind(timed, at)).toThrow(
    expect.objectContaining({ code: "time-dependent-force" }),
  );
  expect(forceOfKind(drag, at).reads).toBe("positions-and-velocities");
});
