import type { Suspect } from "./cause.ts";

/** Separations that vary by less than this share are rigid, and places that vary by less than this share of what others move are fixed; or by the noise. */
const SHARE = 1e-5;
const NOISES = 3;

/** Pairs at a separation that never changes, and particles that never move. */
export const rigid: Suspect = ({ data, noise }) => {
  const { particles, pairs, pairI, pairJ, dimension, positions, weights, components, units } = data;
  const least = NOISES * Math.sqrt(noise);
  const length = units?.length ?? 1;
  const seen = Array.from({ length: positions.length / components }, (_, k) => k).filter((k) => {
    for (let i = 0; i < particles; i++)
      if (weights !== null && !(weights[k * particles + i] > 0)) return false;
    return true;
  });
  const separations = Array.from({ length: pairs }, (_, p) =>
    seen.map((k) => {
      let sum = 0;
      for (let c = 0; c < dimension; c++) {
        const o = k * components + c;
        const d = positions[o + pairI[p]] - positions[o + pairJ[p]];
        sum += d * d;
      }
      return Math.sqrt(sum);
    }),
  );
  const spreads = Array.from({ length: particles }, (_, i) => {
    let sum = 0;
    for (let c = 3 * i; c < 3 * i + dimension; c++)
      sum += variance(seen.map((k) => positions[k * components + c]));
    return Math.sqrt(sum);
  });
  const widest = spreads.reduce((a, b) => Math.max(a, b), 0);
  const pinned = spreads.flatMap((s, i) => (s < Math.max(SHARE * widest, least) ? [i] : []));
  const rods = separations.flatMap((rs, p) => {
    const [i, j] = [pairI[p] / 3, pairJ[p] / 3];
    if (pinned.includes(i) && pinned.includes(j)) return [];
    const mean = rs.reduce((a, b) => a + b, 0) / rs.length;
    return Math.sqrt(variance(rs)) < Math.max(SHARE * mean, least)
      ? [`${i}-${j} (${(length * mean).toPrecision(3)})`]
      : [];
  });
  if (pinned.length === particles || pinned.length + rods.length === 0) return null;
  const texts = [
    ...(rods.length > 0
      ? [
          `the separations ${rods.join(", ")} never change: rigid rods, whose forces are no law of r`,
        ]
      : []),
    ...(pinned.length > 0
      ? [`particles ${pinned.join(", ")} never move: pinned, or the origin of the coordinates`]
      : []),
  ];
  return {
    // A place where a body stays may be where positions are counted from: what no frame mends are rods.
    kind: rods.length > 0 ? "rigid" : "pinned",
    text: `${texts.join("; ")} (particles counted from 0)`,
    try: "A law of pairs does not hold rods and pivots: leave such particles out, or give positions about the centre of mass.",
    lawless: true,
    explains: 1,
  };
};

function variance(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / values.length;
}
