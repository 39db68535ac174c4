import { createRandom } from "@mclnn/datasets";
import { accelerations, createSystem, definePairPotential, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { createMclnnModel } from "../src/laws/mclnn.ts";
import { tabulatedPotential, tabulateLaw } from "../src/laws/tabulated-law.ts";
import { buildBasis } from "../src/training/function-first/basis.ts";
import { initialWeights } from "../src/training/function-first/initial-weights.ts";

/** A network spread over separations from 0.5 to 2, as training begins with. */
function network(seed: number, hidden: readonly number[]) {
  const random = createRandom(seed);
  const separations = Float64Array.from({ length: 500 }, (_, k) => 0.5 + 0.003 * k);
  const weights = initialWeights(hidden, buildBasis([separations], { cells: 36 }), random);
  return createMclnnModel({
    hidden,
    weights: weights.map((w) => w + 0.01 * random.normal()),
    coupling: "mass-product",
    separations: {
      ranges: [[0.5, 2]],
      edges: Float64Array.of(0.5, 2),
      counts: Float64Array.of(500),
    },
    record: { system: null } as never,
  });
}

describe("a network in a table", () => {
  it.each([[[10, 10]], [[32, 32]], [[6, 5, 4]]])(
    "hidden %j: V' and V within 1e-9 of the largest V', also between the nodes; beyond the table the network itself",
    (hidden) => {
      for (let seed = 0; seed < 5; seed++) {
        const { pair, separations } = network(seed, hidden);
        const law = tabulateLaw(pair, separations);
        expect(law.range).toEqual([0.125, 8]);
        const random = createRandom(seed);
        let largest = 0;
        let slopeOff = 0;
        let energyOff = 0;
        for (let k = 0; k < 5000; k++) {
          const r = 0.125 + 7.875 * random.uniform();
          largest = Math.max(largest, Math.abs(pair.slope(r)));
          slopeOff = Math.max(slopeOff, Math.abs(law.slope(r) - pair.slope(r)));
          energyOff = Math.max(energyOff, Math.abs(law.energy(r) - pair.energy(r)));
        }
        expect(slopeOff).toBeLessThan(1e-9 * largest);
        expect(energyOff).toBeLessThan(1e-9 * largest);
        // Found in the middles, where it is largest but for what is of higher order.
        expect(slopeOff).toBeLessThan(1.2 * law.deviation + 1e-14);
        for (const r of [0.01, 0.124, 8.001, 100]) {
          expect(law.slope(r)).toBe(pair.slope(r));
          expect(law.energy(r)).toBe(pair.energy(r));
        }
        expect(law.curvature?.(1)).toBe(pair.curvature?.(1));
      }
    },
  );

  it("forces are the derivative of the table's own energy to 1e-9, across cells", () => {
    const { pair, separations } = network(3, [10, 10]);
    const law = tabulateLaw(pair, separations);
    for (let k = 0; k < 200; k++) {
      const r = 0.3 + 0.0101 * k;
      const h = 1e-3;
      const numerical =
        (8 * (law.energy(r + h) - law.energy(r - h)) -
          (law.energy(r + 2 * h) - law.energy(r - 2 * h))) /
        (12 * h);
      expect(Math.abs(law.slope(r) - numerical)).toBeLessThan(1e-9);
    }
  });

  it("keeps name and coupling, and stands for the model's potential", () => {
    const model = network(1, [10, 10]);
    const law = tabulateLaw(model.pair, model.separations);
    expect([law.name, law.coupling]).toEqual(["mclnn", "mass-product"]);
    const q = Float64Array.of(0, 0, 0, 1.1, 0.2, 0, 0.3, 0.9, 0.4);
    const of = (potential: typeof model.potential): Float64Array =>
      accelerations(
        createSystem({ masses: [1, 2, 3], dimension: 3, potential }),
        q,
        new Float64Array(9),
      );
    const exact = of(model.potential);
    of(tabulatedPotential(model)).forEach((f, k) => {
      expect(Math.abs(f - (exact[k] as number))).toBeLessThan(1e-9);
    });
  });

  it("refuses a law without curvature", () => {
    const bare = definePairPotential({ name: "bare", energy: (r) => r * r, slope: (r) => 2 * r });
    const { separations } = network(0, [3]);
    const { curvature: _, ...pair } = { ...bare };
    expect(() => tabulateLaw(pair, separations)).toThrow(/no table can be made of bare/);
    expect(pairwise(pair).name).toBe("bare");
  });
});
