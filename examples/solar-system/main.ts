// The law of gravity from where the Sun and the planets were in 20 years, their masses given: exponent and constant with error bars.
import { train } from "@mclnn/models";
import { GAUSS, NAMES, solarSystem } from "./ephemeris.ts";

// 20 trajectories of a year each; fewer make it faster.
const trajectories = Number(process.argv[2] ?? 20);
const set = solarSystem({ years: trajectories, trajectories });
const { model, integrator, substeps, noise, findings, trainSeconds } = await train(set, {
  model: "spline",
  coupling: "mass-product",
});
console.log(`${NAMES.join(", ")}: ${set.trajectories} trajectories of ${set.records} records`);
console.log(
  `learned in ${trainSeconds.toFixed(1)} s with ${integrator}, ${substeps} steps a record; ` +
    `positions agree to ${noise?.toExponential(1)} AU`,
);

// V' = c r^p by weighted least squares of logarithms over the separations that were seen.
const { edges, counts } = model.separations;
const rows = Array.from(counts, (count, bin) => {
  const r = ((edges[bin] as number) + (edges[bin + 1] as number)) / 2;
  const slope = model.pair.slope(r);
  return {
    x: Math.log(r),
    y: Math.log(slope),
    sd: (model.slopeDeviation?.(r) ?? 0) / slope,
    count,
  };
}).filter(({ count, y, sd }) => count > 0 && Number.isFinite(y) && sd > 0 && sd < 0.1);
const sum = (f: (row: (typeof rows)[number]) => number): number =>
  rows.reduce((total, row) => total + f(row) / row.sd ** 2, 0);
const [w, wx, wxx] = [sum(() => 1), sum(({ x }) => x), sum(({ x }) => x * x)];
const [wy, wxy] = [sum(({ y }) => y), sum(({ x, y }) => x * y)];
const determinant = w * wxx - wx * wx;
const exponent = (w * wxy - wx * wy) / determinant;
const constant = Math.exp((wxx * wy - wx * wxy) / determinant);
// Residuals are the ephemeris' own errors, not white noise: the scatter about the power law says how much the error bars must be widened.
const scatter = Math.sqrt(
  sum(({ x, y }) => (y - Math.log(constant) - exponent * x) ** 2) / (rows.length - 2),
);
const widen = Math.max(1, scatter);
console.log(
  `exponent ${exponent.toFixed(6)} +- ${(widen * Math.sqrt(w / determinant)).toFixed(6)} (gravity: -2)`,
);
console.log(
  `constant / G ${(constant / GAUSS).toFixed(6)} +- ${(widen * Math.sqrt(wxx / determinant)).toFixed(6)}`,
);
for (const { text } of findings) console.log(`finding: ${text}`);
