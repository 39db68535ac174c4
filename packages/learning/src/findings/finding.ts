/** Kind of the finding that a law of noisy motion does not make its own data. */
export const NOT_REMADE = "not-remade";

/** Something that the data show and a pair law cannot explain. */
export interface Finding {
  /**
   * What it is: what the terms of the catalogue and other candidates are found as (`drag`, `outside-force`, `masses`, ...), `unrecorded-body`, `misfit`,
   * `coloured-residuals`, `unresolved-motion`, `followed-in-segments`, `long-trajectories` or `no-interaction`; of the records themselves `rounded`,
   * `velocities`, `repeated-records`, `missing-records`, `outliers`, `clock-jitter`, `particles-leave` or `periodic-box`; of motion without a law of pairs `rigid`, `pinned`,
   * `moving-frame`, `first-order`, `pair-friction`, `groups`, `walls`, `pairs-differ` or `no-law`; of several sets `sets-differ`; `unfinished` where the bound of work ended the search;
   * of motion that noise drives `slow-camera`, `inertia-at-edge` or `not-remade`.
   */
  readonly kind: string;
  /** In words, with its number. */
  readonly text: string;
  /** Distance from what a pair law allows, in standard deviations. */
  readonly sigmas: number;
  /** Root mean square of the accelerations that it accounts for, relative to those of the law; null where it is no force. */
  readonly share: number | null;
  /** What to do about it. */
  readonly try: string;
}
