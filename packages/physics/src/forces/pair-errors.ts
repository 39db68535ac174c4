import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";

/** For a force that is not finite. */
export function forceError(
  pair: PairPotential,
  i: number,
  j: number,
  { r, slope }: { readonly r: number; readonly slope: number },
): MclnnError {
  if (r === 0) return coincidence(pair, i, j);
  return new MclnnError(`the force of ${pair.name} between particles ${i} and ${j} is not finite`, {
    code: "not-finite-force",
    argument: "positions",
    expected: "finite positions and a finite slope",
    got: `slope ${slope} at separation ${r}`,
    mend: "Try a smaller time step.",
    kind: "failure",
  });
}

/** For particles at one point, where a law is singular. */
export function coincidence({ name }: PairPotential, i: number, j: number): MclnnError {
  return new MclnnError(`${name} cannot be evaluated between particles ${i} and ${j}`, {
    code: "zero-separation",
    argument: "positions",
    expected: "a separation above 0",
    got: "two particles at one point",
    mend: "Move one of the particles.",
  });
}

/** For an impulse that the grid cannot hold. */
export function impulseError(
  pair: PairPotential,
  i: number,
  j: number,
  { r, slope, most }: { readonly r: number; readonly slope: number; readonly most: number },
): MclnnError {
  return new MclnnError(
    `the impulse of ${pair.name} between particles ${i} and ${j} leaves the grid`,
    {
      code: "grid-range",
      argument: "grid",
      expected: `components of at most ${most}`,
      got: `slope ${slope} at separation ${r}`,
      mend: "Choose a coarser grid or a smaller time step.",
      kind: "failure",
    },
  );
}
