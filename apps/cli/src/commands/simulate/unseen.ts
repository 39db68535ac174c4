import { shareOutside } from "@mclnn/metrics";
import type { Model } from "@mclnn/models";
import { separations } from "@mclnn/physics";
import { formatNumber } from "@mclnn/studies/text";

/** Separations that are looked at, at most: more do not change a share that is read by people. */
const MOST = 1_000_000;

/** How much of a run asks a law for what its training never saw. */
export interface Unseen {
  /** Share of the separations along the run, 0 to 1. */
  readonly share: number;
  readonly remark: string | null;
}

/**
 * The separations along a run that its law never saw in training; null for the baseline, which has no pair law, and for a single particle.
 *
 * Of a long run of many particles not all records are looked at.
 *
 * @param run - positions [record x particle x dimension]; species of the particles, for laws by species
 */
export function unseenAlong(
  model: Model,
  run: {
    readonly positions: Float64Array;
    readonly particles: number;
    readonly dimension: 2 | 3;
    readonly records: number;
  },
  species?: ArrayLike<number>,
): Unseen | null {
  const { particles, records, positions } = run;
  if (model.kind === "lnn" || particles < 2) return null;
  const laws = model.kind === "species" ? model.laws : [{ species: [0, 0] as const, model }];
  const lawOf: number[] = [];
  for (let i = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++) {
      const [a, b] = [species?.[i] ?? 0, species?.[j] ?? 0];
      lawOf.push(
        model.kind === "species"
          ? laws.findIndex(
              ({ species: [low, high] }) => low === Math.min(a, b) && high === Math.max(a, b),
            )
          : 0,
      );
    }
  const every = Math.max(1, Math.ceil((records * lawOf.length) / MOST));
  const found: number[][] = laws.map(() => []);
  const size = particles * run.dimension;
  for (let record = 0; record < records; record += every) {
    const at = separations(positions.subarray(record * size, (record + 1) * size), run);
    lawOf.forEach((law, pair) => {
      found[law]?.push(at[pair] as number);
    });
  }
  let outside = 0;
  let all = 0;
  const asked: string[] = [];
  laws.forEach(({ species: between, model: { separations: seen } }, k) => {
    const rs = found[k] as number[];
    if (rs.length === 0) return;
    const share = shareOutside(rs, seen.ranges);
    all += rs.length;
    outside += share * rs.length;
    if (share === 0) return;
    const [nearest, farthest] = rs.reduce(
      ([low, high], r) => [Math.min(low, r), Math.max(high, r)],
      [Number.POSITIVE_INFINITY, 0],
    );
    const of = model.kind === "species" ? `species ${between.join(" and ")}: ` : "";
    asked.push(
      `${of}${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}, seen ${seen.ranges.map((range) => range.map((r) => formatNumber(r, 4)).join(" to ")).join(" and ")}`,
    );
  });
  const share = all === 0 ? 0 : outside / all;
  return {
    share,
    remark:
      share === 0
        ? null
        : `${formatNumber(100 * share, 2)} % of the separations along the run were never seen in training (${asked.join("; ")}): there the law is a guess.`,
  };
}
