import type { Moving } from "./motion-model.ts";

/** Something that explains motion which one law for all pairs does not. */
export interface Cause {
  readonly kind: string;
  readonly text: string;
  readonly try: string;
  /** Whether there is then no law of pairs to be looked for. */
  readonly lawless: boolean;
  /** Share of what one law leaves unexplained that it explains. */
  readonly explains: number;
}

/** One thing that may be: one file, and a line in the list. @param left - what one law for all pairs leaves unexplained, as a share of all motion */
export type Suspect = (moving: Moving, left: number) => Cause | null;
