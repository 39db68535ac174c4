import { checkPair } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { Coupling, PairPotential } from "../pair-potential.ts";
import { slopeDerivative } from "./numerical-derivative.ts";

/** d2V/dr2, by the potential itself or by differences of its slope. */
const curvatureOf = (pair: PairPotential, r: number): number =>
  pair.curvature?.(r) ?? slopeDerivative(pair.slope, r);

/** V1 + V2 + ...; all must couple in the same way. @throws MclnnError `mixed-couplings` */
export function sumOfPairs(...pairs: readonly PairPotential[]): PairPotential {
  pairs.forEach((pair, k) => {
    checkPair(`pairs[${k}]`, pair);
  });
  const coupling = pairs[0]?.coupling ?? "none";
  for (const pair of pairs)
    if ((pair.coupling ?? "none") !== coupling)
      throw new MclnnError("pair potentials of different couplings cannot be added", {
        code: "mixed-couplings",
        argument: pair.name,
        expected: coupling,
        got: pair.coupling ?? "none",
        mend: "Make a Potential of each with pairwise() and add those with sumOfForces().",
      });
  return compose(pairs.map((p) => p.name).join(" + ") || "nothing", coupling, {
    energy: (r) => {
      let sum = 0;
      for (const pair of pairs) sum += pair.energy(r);
      return sum;
    },
    slope: (r) => {
      let sum = 0;
      for (const pair of pairs) sum += pair.slope(r);
      return sum;
    },
    curvature: (r) => {
      let sum = 0;
      for (const pair of pairs) sum += curvatureOf(pair, r);
      return sum;
    },
  });
}

/** factor x V. @throws MclnnError `bad-parameter` when the factor is not finite */
export function scaled(pair: PairPotential, factor: number): PairPotential {
  checkPair("pair", pair);
  checkArgument("factor", factor, "number", { code: "bad-parameter" });
  const { cutoff } = pair;
  return {
    ...compose(`${factor} x ${pair.name}`, pair.coupling, {
      energy: (r) => factor * pair.energy(r),
      slope: (r) => factor * pair.slope(r),
      curvature: (r) => factor * curvatureOf(pair, r),
    }),
    ...(cutoff === undefined ? {} : { cutoff }),
  };
}

/** V + energy: the same forces, another zero. @throws MclnnError `bad-parameter` when the energy is not finite */
export function shifted(pair: PairPotential, energy: number): PairPotential {
  checkPair("pair", pair);
  checkArgument("energy", energy, "number", { code: "bad-parameter" });
  return compose(`${pair.name} + ${energy}`, pair.coupling, {
    energy: (r) => pair.energy(r) + energy,
    slope: (r) => pair.slope(r),
    curvature: (r) => curvatureOf(pair, r),
  });
}

/**
 * V times a switch that falls smoothly from 1 at `onset` to 0 at `cutoff`: 1 - 10 x^3 + 15 x^4 - 6 x^5.
 *
 * Energy, force and force gradient stay continuous, so symplectic methods keep their bound on the energy.
 *
 * @throws MclnnError `bad-cutoff` unless 0 <= onset < cutoff
 */
export function smoothCutoff(
  pair: PairPotential,
  options: { onset: number; cutoff: number },
): PairPotential {
  checkPair("pair", pair);
  checkArgument("options", options, { onset: "number", cutoff: "number" }, { code: "bad-cutoff" });
  const { onset, cutoff } = options;
  if (!(onset >= 0 && cutoff > onset))
    throw new MclnnError("the cutoff cannot be used", {
      code: "bad-cutoff",
      argument: "cutoff",
      expected: "0 <= onset < cutoff",
      got: `onset ${onset}, cutoff ${cutoff}`,
    });
  const width = cutoff - onset;
  const part = (r: number): number => Math.min(1, Math.max(0, (r - onset) / width));
  const s0 = (x: number): number => 1 - x * x * x * (10 - x * (15 - 6 * x));
  const s1 = (x: number): number => (-30 * x * x * (1 - x) * (1 - x)) / width;
  const s2 = (x: number): number => (-60 * x * (1 - x) * (1 - 2 * x)) / (width * width);
  const cut = compose(`${pair.name} cut off at ${cutoff}`, pair.coupling, {
    energy: (r) => (r >= cutoff ? 0 : s0(part(r)) * pair.energy(r)),
    slope: (r) => {
      if (r >= cutoff) return 0;
      const x = part(r);
      return s0(x) * pair.slope(r) + s1(x) * pair.energy(r);
    },
    curvature: (r) => {
      if (r >= cutoff) return 0;
      const x = part(r);
      return s0(x) * curvatureOf(pair, r) + 2 * s1(x) * pair.slope(r) + s2(x) * pair.energy(r);
    },
  });
  return { ...cut, cutoff };
}

function compose(
  name: string,
  coupling: Coupling | undefined,
  functions: Required<Pick<PairPotential, "energy" | "slope" | "curvature">>,
): PairPotential {
  return { name, ...(coupling === undefined ? {} : { coupling }), ...functions };
}
