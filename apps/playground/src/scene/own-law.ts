import type { PairPotential } from "@mclnn/physics";
import { parseFormula, tabulated } from "@mclnn/physics/potentials";
import { curveThrough, HANDLE_SPACING } from "./curve.ts";
import type { Preset } from "./laws.ts";

/** Separations that a law is judged by, to choose the scale of its plot. */
const SCALE_FROM = 0.5;
const PLOT_R = 3;
const ROWS = 200;

/**
 * A law of one's own.
 *
 * @param law - `formula:` and a formula in r, or `drawn:` and V' at the handles, with commas
 * @throws MclnnError what `parseFormula` throws
 */
export function ownLaw(law: string): Preset {
  const text = law.slice(law.indexOf(":") + 1);
  const drawn = law.startsWith("drawn:");
  const pair = drawn ? drawnPair(text.split(",").map(Number)) : parseFormula(text);
  let slope = 0.5;
  for (let r = SCALE_FROM; r < PLOT_R; r += 0.05) slope = Math.max(slope, Math.abs(pair.slope(r)));
  return {
    name: law,
    label: drawn ? "Your drawing" : "Your formula",
    formula: drawn ? "as you drew it" : text,
    pair,
    ...{ spread: 0.9, apart: 0.7, speed: 0.3, reach: 1.5 },
    plot: { r: PLOT_R, slope: Math.min(slope, 3) },
  };
}

/** V' as a smooth curve through the handles, V its integral. */
function drawnPair(values: readonly number[]): PairPotential {
  const slope = curveThrough(values);
  const separations = new Float64Array(ROWS + 1);
  const energies = new Float64Array(ROWS + 1);
  const slopes = new Float64Array(ROWS + 1);
  const h = (HANDLE_SPACING * values.length) / ROWS;
  for (let k = 0; k <= ROWS; k++) {
    separations[k] = k * h;
    slopes[k] = slope(k * h);
    // Simpson's rule.
    if (k > 0)
      energies[k] =
        (energies[k - 1] as number) +
        (h / 6) * ((slopes[k - 1] as number) + 4 * slope((k - 0.5) * h) + (slopes[k] as number));
  }
  return tabulated({ separations, energies, slopes, name: "drawn" });
}
