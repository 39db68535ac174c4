import { createState, createSystem, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { type CompareResults, comparePage, type ModelResults } from "@mclnn/report";
import { measureRun, runFrom } from "@mclnn/studies";
import pc from "picocolors";
import { expect, it } from "vitest";
import { errorTable } from "../src/commands/compare/tables.ts";

const colours = pc.createColors(false);
const steps = { dt: 0.01, stride: 10, records: 400, provenance: {} };

function twoBodies(formula: string) {
  return createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(parseFormula(formula)) });
}

it("a model's run that diverges keeps its records, has null errors, and says so in table and page", () => {
  const start = createState(
    {
      positions: [
        [0, 0],
        [1.2, 0],
      ],
      velocities: [
        [0, 0],
        [0, 0.1],
      ],
    },
    { dimension: 2 },
  );
  const system = twoBodies("0.5*(r-1)^2");
  const model = twoBodies("-r^4");
  const truth = runFrom(system, start, steps);
  expect(truth).toMatchObject({ divergedAt: null });
  expect(truth.trajectory.times).toHaveLength(400);

  const run = runFrom(model, start, steps);
  const kept = run.trajectory.times.length;
  expect(kept).toBeGreaterThan(5);
  expect(kept).toBeLessThan(400);
  expect(run.divergedAt).toBeCloseTo(kept * 0.1, 12);
  expect(run.trajectory.positions).toHaveLength(kept * 4);
  expect(run.trajectory.positions.every(Number.isFinite)).toBe(true);

  const { errors, series } = measureRun(system, model, run, truth.trajectory);
  expect(errors).toMatchObject({
    records: kept,
    divergedAt: run.divergedAt,
    position: { mae: null, max: null },
    linearMomentum: { mae: null, max: null },
    ownHamiltonian: { maxDrift: null },
  });
  expect(series.errors?.position).toHaveLength(kept);

  const lost: ModelResults = {
    title: "LNN",
    parameters: 190,
    trainLoss: 1,
    validationLoss: 1,
    trainSeconds: 1,
    slopeError: null,
    rollout: errors,
    tilted: errors,
  };
  const results: CompareResults = {
    version: 1,
    seed: 100,
    software: {},
    systems: { own: { truth: { hamiltonian: 1 }, models: { lnn: lost } } },
  };
  for (const table of ["rollout", "tilted"] as const)
    expect(errorTable(results, table, colours)).toMatch(/LNN +190 +- +diverged at t = \d/);
  expect(comparePage({ results, figures: {} })).toMatch(/diverged/i);
});
