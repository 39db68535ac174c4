import { MclnnError, type PairPotential } from "@mclnn/physics";

/**
 * The constant that aligns a learned V with the true one: the mean of V_true - V_learned over the training separations.
 *
 * V is fixed only up to this constant; it is added, never scaled. For N particles it counts N (N - 1) / 2 times: see {@link totalOffset}.
 *
 * @throws MclnnError `too-little-data`, `not-finite`
 */
export function alignEnergy(
  learned: Pick<PairPotential, "energy">,
  truth: Pick<PairPotential, "energy">,
  separations: ArrayLike<number>,
): number {
  if (separations.length === 0)
    throw new MclnnError("V cannot be aligned", {
      code: "too-little-data",
      argument: "separations",
      expected: "one or more separations",
      got: "none",
    });
  let sum = 0;
  for (let k = 0; k < separations.length; k++) {
    const r = separations[k] as number;
    sum += truth.energy(r) - learned.energy(r);
  }
  if (!Number.isFinite(sum))
    throw new MclnnError("V cannot be aligned", {
      code: "not-finite",
      argument: "separations",
      expected: "finite energies at all separations",
      got: String(sum),
    });
  return sum / separations.length;
}

/** What an offset of the pair energy adds to the energy of N particles. */
export function totalOffset(offset: number, particles: number): number {
  return (offset * particles * (particles - 1)) / 2;
}

/** Error of V' over separations. */
export interface SlopeError {
  /** Mean and largest |V'_learned - V'_true|. */
  readonly mean: number;
  readonly max: number;
  /** `mean` over the mean |V'_true|. */
  readonly relativeMean: number;
  /** Separations from and to. */
  readonly range: readonly (readonly [number, number])[];
}

/** Points a range is looked at, when ranges are given instead of separations. */
const POINTS_A_RANGE = 1000;

/**
 * |V' learned - V' true| over given separations, or evenly over given ranges. V' needs no alignment.
 *
 * @throws MclnnError `too-little-data`
 */
export function slopeError(
  learned: Pick<PairPotential, "slope">,
  truth: Pick<PairPotential, "slope">,
  over:
    | {
        readonly separations: ArrayLike<number>;
        readonly ranges?: readonly (readonly [number, number])[];
      }
    | { readonly ranges: readonly (readonly [number, number])[] },
): SlopeError {
  const points =
    "separations" in over
      ? Float64Array.from(over.separations)
      : Float64Array.from(
          over.ranges.flatMap(([a, b]) =>
            Array.from(
              { length: POINTS_A_RANGE },
              (_, k) => a + ((b - a) * k) / (POINTS_A_RANGE - 1),
            ),
          ),
        );
  if (points.length === 0)
    throw new MclnnError("V' cannot be compared", {
      code: "too-little-data",
      argument: "separations",
      expected: "one or more separations",
      got: "none",
    });
  let sum = 0;
  let scale = 0;
  let max = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const r of points) {
    const expected = truth.slope(r);
    const e = Math.abs(learned.slope(r) - expected);
    sum += e;
    scale += Math.abs(expected);
    if (!(e <= max)) max = e;
    from = Math.min(from, r);
    to = Math.max(to, r);
  }
  return {
    mean: sum / points.length,
    max,
    relativeMean: sum / scale,
    range: over.ranges ?? [[from, to]],
  };
}
