import type { PairPotential } from "../pair-potential.ts";

/** Morse: V = D (1 - exp(-(r - r0) / w))^2 - D; minimum -D at r0. @param depth - D @param width - w @param restLength - r0 */
export function morse({
  depth = 1,
  width = 1,
  restLength = 1,
}: {
  depth?: number;
  width?: number;
  restLength?: number;
} = {}): PairPotential {
  const e = (r: number): number => Math.exp((restLength - r) / width);
  return {
    name: "morse",
    parameters: { depth, width, restLength },
    energy: (r) => {
      const x = e(r);
      return depth * x * (x - 2);
    },
    slope: (r) => {
      const x = e(r);
      return ((2 * depth) / width) * x * (1 - x);
    },
    curvature: (r) => {
      const x = e(r);
      return ((2 * depth) / (width * width)) * x * (2 * x - 1);
    },
  };
}
