import type { Refinement } from "../explanation.ts";

/** Knots stay where the loss falls by this factor. */
const FALL = 4;
/** Then there are more of them by this factor, if following the law is not enough. */
const MORE = 1.5;

/** More knots, and where the law needs them, while that makes the loss fall. @param least - loss that is low enough @param most - knot intervals */
export function knots({ least, most }: { least: number; most: number }): Refinement {
  return {
    name: "more knots",
    *propose(now) {
      const { hypothesis, fit } = now;
      const { cells, shape } = hypothesis;
      if (!(fit.loss > least) || cells * MORE > most) return null;
      const { basis, coefficients } = fit;
      const follows = { basis, coefficients };
      for (const number of [cells, Math.round(cells * MORE)]) {
        const finer = yield {
          hypothesis: {
            ...hypothesis,
            cells: number,
            shape: { follows, kinks: shape?.kinks ?? [] },
          },
          from: now,
        };
        if (finer.fit.loss < fit.loss / FALL) return finer;
      }
      return null;
    },
  };
}
