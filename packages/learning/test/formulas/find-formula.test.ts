import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { createSplineModel, decodeModel, encodeModel, type SplineModel } from "@mclnn/models";
import { createState, createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import { type Block, type FormulaOptions, findFormula, train } from "../../src/index.ts";

/** Three bodies under a pair law, by an integrator that no fit uses. */
function records(law: string, { sigma = 0, trajectories = 10 } = {}): TrajectorySet {
  const system = createSystem({
    masses: [1, 1, 1],
    dimension: 2,
    potential: pairwise(parseFormula(law)),
  });
  const start = createState(
    {
      positions: [
        [0, 0],
        [1.3, 0],
        [0.2, 1.3],
      ],
      velocities: [
        [0, 0.4],
        [0.1, -0.2],
        [0.3, 0],
      ],
    },
    { dimension: 2 },
  );
  const set = generateTrajectories({
    ...{ system, start, trajectories, records: 20, dt: 0.01, stride: 10, scheme: "random" },
    integrator: dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-14 }),
  });
  return sigma === 0 ? set : addPositionNoise(set, { sigma, seed: 7 });
}

async function learned(set: TrajectorySet): Promise<SplineModel> {
  const { model } = await train(set, { model: "spline" });
  return model;
}

/** Enough for most laws, and quick; the others: `pnpm laws --formulas`. */
const FEW = { maxConstants: 2 };

/** Constants by name. */
const numbers = (constants: readonly { name: string; value: number; sd: number }[]) =>
  Object.fromEntries(constants.map(({ name, value, sd }) => [name, { value, sd }]));

const refusal = (model: SplineModel, options?: FormulaOptions): Promise<unknown> =>
  findFormula(model, options).catch((error: unknown) => error);

const SPRING = "0.5*(r-1)^2";
/** Noisy records of springs, and their law: learned once. */
const springs = (() => {
  const set = records(SPRING, { sigma: 1e-3 });
  return { set, model: learned(set) };
})();

describe("formulas of laws learned from noisy records", () => {
  it.each([
    ["4*((1/r)^12-(1/r)^6)", "Lennard-Jones", { eps: 1, sigma: 1 }],
    ["3/r*exp(-r/2)", "Yukawa", { A: 3, lambda: 2 }],
    [SPRING, "harmonic spring", { k: 1, r0: 1 }],
  ])("%s is named, its constants within four standard deviations", async (law, name, truth) => {
    const set = law === SPRING ? springs.set : records(law, { sigma: 1e-3 });
    const own = await (law === SPRING ? springs.model : learned(set));
    const model = decodeModel(encodeModel(own)) as SplineModel;
    const { verdict, formulas } = await findFormula(model, { ...FEW, data: set });
    expect(verdict).toBe("identified");
    const [formula] = formulas;
    expect(formula.name).toBe(name);
    expect(formula.p).toBeGreaterThan(1e-3);
    const found = numbers(formula.constants);
    for (const [key, value] of Object.entries(truth)) {
      expect(Math.abs(found[key].value - value)).toBeLessThan(4 * found[key].sd);
      expect(found[key].sd).toBeLessThan(5e-3);
    }
  });
});

describe("exact records", () => {
  it("Lennard-Jones within 1e-8, and the bound holds", async () => {
    const set = records("4*((1/r)^12-(1/r)^6)");
    const { verdict, formulas } = await findFormula(await learned(set), { ...FEW, data: set });
    expect(verdict).toBe("identified");
    const { eps, sigma } = numbers(formulas[0].constants);
    for (const { value, sd } of [eps, sigma]) {
      expect(Math.abs(value - 1)).toBeLessThan(1e-8);
      expect(Math.abs(value - 1)).toBeLessThan(2 * sd);
    }
  });
});

describe("honesty", () => {
  it("a law without structure is refused: none, the nearest told with where it misses", async () => {
    const law = "0.5*(r-1)^2+0.1*sin(9*r)*exp(-(r-1)^2)+0.05*tanh(8*(r-1.4))+0.03*cos(17*r)";
    const { verdict, formulas, nearest } = await findFormula(
      await learned(records(law, { sigma: 1e-4 })),
      FEW,
    );
    expect(verdict).toBe("none");
    expect(formulas).toHaveLength(0);
    expect(nearest?.missed?.deviations).toBeGreaterThan(3);
  });

  it("a fit that left more than noise is not judged", async () => {
    const model = await springs.model;
    const coloured = createSplineModel({
      ...model,
      record: { ...model.record, findings: ["coloured-residuals"] },
    });
    const { verdict, nearest } = await findFormula(coloured, FEW);
    expect(verdict).toBe("not-judged");
    expect(nearest?.name).toBe("harmonic spring");
  });

  it("bad input is named", async () => {
    const model = await springs.model;
    const { uncertainty, separations, ...rest } = model;
    const codes = async (own: SplineModel, options?: FormulaOptions): Promise<string> => {
      const error = await refusal(own, options);
      return isMclnnError(error) ? `${error.code} ${error.argument}` : String(error);
    };
    const without = createSplineModel({ ...rest, separations });
    expect(await codes(without)).toBe("no-likelihood model");
    const narrow = createSplineModel({
      ...model,
      separations: { ...separations, edges: Float64Array.of(1, 1.05), counts: Float64Array.of(9) },
    });
    expect(await codes(narrow)).toBe("narrow-range model");
    expect(await codes(model, { maxConstants: 40 })).toBe("bad-option maxConstants");
    const wrong: Block = { name: "wrong", constants: [], energies: ["r^2"], slopes: [(r) => r] };
    expect(await codes(model, { blocks: [wrong] })).toBe("bad-block blocks[0].slopes[0]");
    const other = records("2*(r-1)^2", { sigma: 1e-3 });
    expect(await codes(model, { maxConstants: 1, data: other })).toBe("bad-option data");
  });

  it("a block of one's own is found where it is the law", async () => {
    const block: Block = {
      name: "cosh",
      constants: [{ name: "c", kind: "length" }],
      energies: ["cosh(r/c)"],
      slopes: [(r, [c]) => Math.sinh(r / c) / c],
    };
    const set = records("0.4*cosh(r/0.3)/40", { sigma: 1e-3 });
    const { formulas } = await findFormula(await learned(set), { ...FEW, blocks: [block] });
    expect(formulas[0].form).toBe("a1*cosh(r/c)");
    const { c } = numbers(formulas[0].constants);
    expect(Math.abs(c.value - 0.3)).toBeLessThan(4 * c.sd);
  });
});
