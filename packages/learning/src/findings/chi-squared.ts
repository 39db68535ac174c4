import { portableExp, portablePower } from "@mclnn/physics/portable";

/** Probability that chi-squared of n degrees of freedom is larger (Wilson & Hilferty 1931: good to a few per cent of the logarithm). */
export function tail(chiSquared: number, n: number): number {
  const spread = 2 / (9 * n);
  return upperNormal(
    (portablePower(Math.max(0, chiSquared) / n, 1 / 3) - 1 + spread) / Math.sqrt(spread),
  );
}

/** Probability that a standard normal number is larger (Abramowitz & Stegun 26.2.17, to 7.5e-8). */
export function upperNormal(z: number): number {
  if (z < 0) return 1 - upperNormal(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (portableExp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

/** The number of standard deviations of a normal variable that is as improbable as chi-squared of n degrees of freedom (Fisher's approximation). */
export function deviations(chiSquared: number, n: number): number {
  return Math.max(0, Math.sqrt(2 * chiSquared) - Math.sqrt(2 * n - 1));
}
