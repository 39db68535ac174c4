import type { Force } from "@mclnn/physics";
import { createTerm, knownCoefficients, termForce, terms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { mixturesDocument } from "./document.ts";
import { mixtureRecords } from "./learn-mixture.ts";
import { mixtureByName, SINGLES } from "./mixtures.ts";
import { mixtureTasks } from "./tasks.ts";

describe("mixtures", () => {
  it("have each term of the catalogue that can be found by itself, and draws that are all different", () => {
    const tasks = mixtureTasks(2);
    expect(new Set(tasks.map((task) => JSON.stringify(task))).size).toBe(tasks.length);
    const names = new Set(SINGLES.flatMap((each) => each.terms.map(({ name }) => name)));
    for (const { name, finding } of terms) if (finding !== null) expect(names).toContain(name);
  });

  it("are watched as they move: forces that the terms would make, and noise as told", () => {
    const mixture = mixtureByName("drag, trap, magnetic");
    const task = { ...mixtureTasks(1)[0], mixture: mixture.name, noise: 0 } as const;
    const [set, noisy] = [0, 1e-3].map((noise) => mixtureRecords(mixture, { ...task, noise }));
    const off = noisy.positions.map((x, k) => (x - set.positions[k]) / 1e-3);
    expect(off.reduce((sum, x) => sum + x * x, 0) / off.length).toBeCloseTo(1, 0);
    const bodies = { masses: set.masses, dimension: 2 } as const;
    const [q, v] = [set.positions, set.velocities as Float64Array].map((all) => all.slice(0, 8));
    const sum = (forces: readonly Force[]): Float64Array => {
      const out = new Float64Array(8);
      for (const force of forces) force.addForces(bodies, q, out, v, 0);
      return out;
    };
    const made = sum(
      mixture.terms.map(({ name, constants = [] }) => {
        const spec = { name };
        return termForce({
          spec,
          coefficients: knownCoefficients(createTerm(spec, bodies), constants),
        });
      }),
    );
    sum(mixture.terms.map(({ force }) => force)).forEach((f, k) => {
      expect(f).toBeCloseTo(made[k], 12);
    });
  });

  it("the document counts what is right, and says what else was found", () => {
    const [task] = mixtureTasks(1);
    const came = { task, findings: [], constants: [], curves: [], seconds: 1 };
    const text = mixturesDocument(
      [
        { ...came, found: [], right: true },
        { ...came, found: ["drag"], right: false },
      ],
      "pnpm laws --terms",
    );
    expect(text).toContain("no false term | 1 of 2 |");
    expect(text).toContain("| 1 of 2 |  |  |  |  | 1 | drag |");
  });
});
