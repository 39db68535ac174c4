import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";
import type { SmoothLaw } from "./law-table.ts";

/**
 * A learned law for programs that ask it anywhere: the law itself from `from` on, V = 0 at `to`. Below `from`, where nothing was seen, V' goes on by a straight line to
 * `from` / 2, its slope never such that the force would turn, and from there to 0 at r = 0 in proportion to r: V and V'/r stay finite, so that
 * particles meet a wall as steep as the last that was seen.
 *
 * @param range - what is known of the law: `from` above 0, `to` above that
 * @throws MclnnError `bad-range`
 */
export function continuedLaw(
  law: SmoothLaw,
  range: { readonly from: number; readonly to: number },
): SmoothLaw {
  checkArgument("law", law, { energy: "function", slope: "function", curvature: "function" });
  checkArgument("range", range, {});
  const { from, to } = range;
  if (!(from > 0 && to > from && Number.isFinite(to)))
    throw new MclnnError("the law cannot be continued", {
      code: "bad-range",
      argument: "range",
      expected: "0 < from < to, finite",
      got: `from ${described(from)} to ${described(to)}`,
    });
  const zero = law.energy(to);
  const slope = law.slope(from);
  const curvature = law.curvature(from);
  const bend = slope < 0 ? Math.max(curvature, 0) : Math.min(curvature, 0);
  const core = from / 2;
  const coreSlope = slope + bend * (core - from);
  const start = law.energy(from) - zero;
  const lineEnergy = (s: number): number => start + s * (slope + (bend * s) / 2);
  const coreEnergy = lineEnergy(core - from);
  return {
    name: law.name,
    ...(law.coupling === undefined ? {} : { coupling: law.coupling }),
    energy(r) {
      if (r >= from) return law.energy(r) - zero;
      if (r >= core) return lineEnergy(r - from);
      return coreEnergy + (coreSlope * (r * r - core * core)) / (2 * core);
    },
    slope(r) {
      if (r >= from) return law.slope(r);
      return r >= core ? slope + bend * (r - from) : (coreSlope * r) / core;
    },
    curvature(r) {
      if (r >= from) return law.curvature(r);
      return r >= core ? bend : coreSlope / core;
    },
  };
}
