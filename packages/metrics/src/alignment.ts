import { MclnnError, type PairPotential } from "@mclnn/physics";
import { checkArgument, checkRanges } from "@mclnn/physics/arguments";

/**
 * The constant that aligns a learned V with the true one: the mean of V_true - V_learned over the training separations.
 *
 * V is fixed only up to this constant; it is added, never scaled. For N particles it counts N (N - 1) / 2 times: see {@link totalOffset}.
 *
 * @returns the constant to add to V_learned, in units of energy
 * @throws MclnnError `too-little-data`, `not-finite` with the separation
 */
export function alignEnergy(
  learned: Pick<PairPotential, "energy">,
  truth: Pick<PairPotential, "energy">,
  separations: ArrayLike<number>,
): number {
  checkArgument("learned", learned, { energy: "function" });
  checkArgument("truth", truth, { energy: "function" });
  checkArgument("separations", separations, "numbers");
  if (separations.length === 0)
    throw new MclnnError("V cannot be aligned", {
      code: "too-little-data",
      argument: "separations",
      expected: "one or more separations",
      got: "none",
      missing: 1,
    });
  let sum = 0;
  for (let k = 0; k < separations.length; k++) {
    const r = separations[k] as number;
    const expected = truth.energy(r);
    const given = learned.energy(r);
    if (!Number.isFinite(expected - given))
      throw new MclnnError(`V cannot be aligned at separation ${r}`, {
        code: "not-finite",
        argument: Number.isFinite(expected) ? "learned" : "truth",
        expected: "finite energies at all separations",
        got: `${given} learned, ${expected} true`,
      });
    sum += expected - given;
  }
  return sum / separations.length;
}

/**
 * What an offset of the pair energy adds to the energy of N particles: offset N (N - 1) / 2, one for each pair.
 *
 * For energies as they are; one that is multiplied by m_i m_j counts that product for each pair instead.
 *
 * @throws MclnnError `bad-option`
 */
export function totalOffset(offset: number, particles: number): number {
  checkArgument("offset", offset, "number");
  checkArgument("particles", particles, "index");
  return (offset * particles * (particles - 1)) / 2;
}

/** Error of V' over separations. */
export interface SlopeError {
  /** Mean and largest |V'_learned - V'_true|. */
  readonly mean: number;
  readonly max: number;
  /** `mean` over the mean |V'_true|; null where V'_true is 0 throughout. */
  readonly relativeMean: number | null;
  /** Separations from and to. */
  readonly range: readonly (readonly [number, number])[];
}

/** Points a range is looked at, when ranges are given instead of separations. */
const POINTS_A_RANGE = 1000;

/**
 * |V' learned - V' true| over given separations, or evenly over given ranges. V' needs no alignment.
 *
 * @param over - separations; the ranges beside them are only passed on. Ranges alone are looked at in 1,000 evenly spaced points each
 * @throws MclnnError `too-little-data`, `bad-option` for a range that is none, `not-finite` with the separation
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
  checkArgument("learned", learned, { slope: "function" });
  checkArgument("truth", truth, { slope: "function" });
  checkArgument("over", over, { separations: "numbers?", ranges: "list?" });
  checkRanges("ranges", over.ranges ?? []);
  for (const [from, to] of over.ranges ?? [])
    if (!(from <= to && Number.isFinite(to - from)))
      throw new MclnnError("V' cannot be compared", {
        code: "bad-option",
        argument: "ranges",
        expected: "ranges [from, to] with from <= to",
        got: `[${from}, ${to}]`,
      });
  const points =
    "separations" in over && over.separations !== undefined
      ? Float64Array.from(over.separations)
      : Float64Array.from(
          (over.ranges ?? []).flatMap(([a, b]) =>
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
      missing: 1,
    });
  let sum = 0;
  let scale = 0;
  let max = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const r of points) {
    const expected = truth.slope(r);
    const given = learned.slope(r);
    if (!Number.isFinite(given - expected))
      throw new MclnnError(`V' cannot be compared at separation ${r}`, {
        code: "not-finite",
        argument: Number.isFinite(expected) ? "learned" : "truth",
        expected: "finite slopes at all separations",
        got: `${given} learned, ${expected} true`,
      });
    const e = Math.abs(given - expected);
    sum += e;
    scale += Math.abs(expected);
    max = Math.max(max, e);
    from = Math.min(from, r);
    to = Math.max(to, r);
  }
  return {
    mean: sum / points.length,
    max,
    relativeMean: scale > 0 ? sum / scale : null,
    range: over.ranges ?? [[from, to]],
  };
}
