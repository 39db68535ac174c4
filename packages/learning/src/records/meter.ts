/** Seconds of one core that a kick of a pair costs, for each column that it changes; a rollout costs as much as so many columns. */
const COLUMN = 4.5e-9;
export const ROLLOUT = 4;

/** Seconds of one core that a system of equations costs, for the cube of its unknowns. */
const SYSTEM = 2e-10;

export const secondsOfSystem = (unknowns: number): number =>
  SYSTEM * unknowns * unknowns * unknowns;

/** The same of a kick of a term beside the pair law, for each coefficient and particle, or pair where it acts between them: its own code, not a kernel's. A rollout costs this share. */
const TERM = 3e-7;
const TERM_ROLLOUT = 0.2;

/** What a term's cost goes by. */
interface MeteredTerm {
  readonly size: number;
  readonly conserves?: { readonly linearMomentum: boolean };
}

/** Seconds of one core that terms cost, about. @param tangents - with their derivatives */
export function secondsOfTerms(
  kicks: number,
  { particles, pairs }: { readonly particles: number; readonly pairs: number },
  terms: readonly MeteredTerm[],
  tangents: boolean,
): number {
  let count = 0;
  for (const { size, conserves } of terms)
    count += size * (conserves?.linearMomentum === true ? Math.max(pairs, particles) : particles);
  return (tangents ? 1 : TERM_ROLLOUT) * TERM * kicks * count;
}

/** Kicks of pairs, in all trajectories, and the columns that each changes. */
export interface Work {
  readonly trajectories: number;
  readonly kicks: number;
  readonly pairs: number;
  readonly columns: number;
}

/** Seconds of one core that work costs about. */
export const secondsOf = ({ trajectories, kicks, pairs, columns }: Work): number =>
  COLUMN * trajectories * kicks * pairs * columns;

/**
 * What a training has done of the most that it may, in seconds of one core as its passes over the records cost them: sums of costs, not a clock, so
 * that a training ends at the same place on any machine and any number of threads.
 */
export class Meter {
  /** In seconds. */
  readonly most: number;
  private spent = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** @param seconds - of one core, about */
  spend(seconds: number): void {
    this.spent += seconds;
  }

  /** Share of the most that was spent; 1 and more: what is begun ends where it is. */
  get share(): number {
    return this.spent / this.most;
  }
}
