import { MclnnError } from "@mclnn/physics";

/** Whether every value is finite. */
export function allFinite(values: Float64Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}

/** "particle 2" or "particles 0, 2 and 9 more": those of `values` that are not finite. */
export function namesOfBroken(values: Float64Array, dimension: number): string {
  const broken = new Set<number>();
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) broken.add(Math.floor(i / dimension));
  });
  const { size } = broken;
  const shown = [...broken].slice(0, 4).join(", ");
  const more = size > 4 ? ` and ${size - 4} more` : "";
  return `particle${size === 1 ? "" : "s"} ${shown}${more}`;
}

/** "; before, particles 0 and 2 were 1.3e-7 apart": those closest to each other, where forces are largest as a rule; nothing of one alone. */
export function closestOf(positions: Float64Array, dimension: number): string {
  const { length } = positions;
  let closest = Number.POSITIVE_INFINITY;
  let names = "";
  for (let i = 0; i < length; i += dimension)
    for (let j = i + dimension; j < length; j += dimension) {
      // Squares would overflow.
      let r = 0;
      for (let k = 0; k < dimension; k++) {
        const d = Math.abs((positions[i + k] as number) - (positions[j + k] as number));
        const share = d > r ? r / d : d / r || 0;
        r = Math.max(r, d) * Math.sqrt(1 + share * share);
      }
      if (r >= closest) continue;
      closest = r;
      names = `${i / dimension} and ${j / dimension}`;
    }
  return names && `; before, particles ${names} were ${closest} apart`;
}

/** A run that cannot go on. @param got - what was found instead of finite numbers, and for which particles */
export function diverged(where: string, got: string, cause?: unknown): MclnnError {
  return new MclnnError(`the rollout diverged ${where}`, {
    code: "diverged",
    argument: "dt",
    kind: "failure",
    expected: "finite positions and velocities",
    got,
    mend: "Take a smaller dt, or a start whose particles stay further apart; dormandPrince54 finds its own steps.",
    cause,
  });
}
