import { spacingOf } from "../../records/rounding.ts";
import { isObserved, type RecordCheck } from "./check.ts";

/** Rounding of a smaller share of what positions span does no harm that anybody would notice. */
const COARSE = 1e-6;

/** Positions that are multiples of one spacing: what rounding leaves is their noise. */
export const rounded: RecordCheck = (set) => {
  const { positions, dimension } = set;
  const spacing = spacingOf(positions, (k) => isObserved(set, Math.floor(k / dimension)));
  const span = rangeOf(positions);
  if (!(spacing > COARSE * span)) return null;
  const noise = spacing / Math.sqrt(12);
  return {
    finding: {
      kind: "rounded",
      text: `positions are rounded to multiples of ${spacing.toPrecision(3)}: their noise is at least ${noise.toPrecision(2)}`,
      sigmas: 0,
      share: null,
      try: "Write positions with more digits, if there are any.",
    },
  };
};

function rangeOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const x of values) {
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return most - least;
}
