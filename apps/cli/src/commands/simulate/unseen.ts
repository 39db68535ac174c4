import { shareOutside } from "@mclnn/metrics";
import type { Model } from "@mclnn/models";
import { type PairPotential, type ParticleSystem, type Space, separations } from "@mclnn/physics";
import { NeighbourList } from "@mclnn/physics/space";
import { formatNumber } from "@mclnn/studies/text";

/** Separations that are looked at, at most: more do not change a share that is read by people. */
const MOST = 1_000_000;

/** Pairs that a particle of a liquid has within the reach of its law, about. */
const NEAR = 40;

/** Positions of a run. [record x particle x dimension] */
interface RunOfParticles {
  readonly positions: Float64Array;
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly records: number;
}

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
  run: RunOfParticles,
  system: Pick<ParticleSystem, "species" | "space">,
): Unseen | null {
  const { particles } = run;
  if (model.kind === "lnn" || particles < 2) return null;
  const laws = model.kind === "species" ? model.laws : [{ species: [0, 0] as const, model }];
  const found =
    system.space === undefined
      ? allPairs(model, laws.length, run, system.species)
      : nearPairs(model, laws, run, { ...system, space: system.space });
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

/** Index of the law between two species. */
function lawBetween(model: Exclude<Model, { kind: "lnn" }>, a: number, b: number): number {
  if (model.kind !== "species") return 0;
  return model.laws.findIndex(
    ({ species: [low, high] }) => low === Math.min(a, b) && high === Math.max(a, b),
  );
}

/** Separations of all pairs, one list a law. */
function allPairs(
  model: Exclude<Model, { kind: "lnn" }>,
  laws: number,
  run: RunOfParticles,
  species: ArrayLike<number> | undefined,
): number[][] {
  const { particles, records, positions } = run;
  const lawOf: number[] = [];
  for (let i = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++)
      lawOf.push(lawBetween(model, species?.[i] ?? 0, species?.[j] ?? 0));
  const every = Math.max(1, Math.ceil((records * lawOf.length) / MOST));
  const found: number[][] = Array.from({ length: laws }, () => []);
  const size = particles * run.dimension;
  for (let record = 0; record < records; record += every) {
    const at = separations(positions.subarray(record * size, (record + 1) * size), run);
    lawOf.forEach((law, pair) => {
      found[law]?.push(at[pair] as number);
    });
  }
  return found;
}

/** Separations of the pairs that a law acts between, where only those are looked at. */
function nearPairs(
  model: Exclude<Model, { kind: "lnn" }>,
  laws: readonly { readonly model: Pick<PairPotential, "cutoff"> }[],
  { particles, dimension, records, positions }: RunOfParticles,
  { species, space }: { readonly species?: ArrayLike<number>; readonly space: Space },
): number[][] {
  const found: number[][] = laws.map(() => []);
  const ends = laws.map((law) => law.model.cutoff ?? space.reach);
  const cutoff = Math.max(...ends);
  const list = new NeighbourList(space, { particles, dimension, cutoff });
  const size = particles * dimension;
  const every = Math.max(1, Math.ceil((records * particles * NEAR) / MOST));
  for (let record = 0; record < records; record += every) {
    list.update(positions.subarray(record * size, (record + 1) * size));
    const { positions: at, owners, starts, seconds } = list;
    for (let a = 0; a < particles; a++)
      for (let p = starts[a] as number; p < (starts[a + 1] as number); p++) {
        const b = seconds[p] as number;
        let square = 0;
        for (let c = 0; c < 3; c++) {
          const d = (at[3 * a + c] as number) - (at[3 * b + c] as number);
          square += d * d;
        }
        const [i, j] = [owners[a] as number, owners[b] as number];
        const law = lawBetween(model, species?.[i] ?? 0, species?.[j] ?? 0);
        const r = Math.sqrt(square);
        if (r < (ends[law] as number)) found[law]?.push(r);
      }
  }
  return found;
}
