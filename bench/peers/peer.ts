/** A piece of work that peers share with us; each is one name in a program's protocol. */
export type Work =
  | ("gauss-newton" | "gauss-newton-coarse" | "adjoint-gradient" | "network-batch")
  | ("lnn-10" | "lnn-256" | "adam" | "lbfgs" | "spline-solve");

/** Somebody else's way to do what we do. */
export interface Peer {
  readonly name: string;
  /** As tables show it. */
  readonly title: string;
  /**
   * What it can do, and how far its result may be off for its time to count: the largest difference from ours over the largest number in ours
   * (float32 and interpolation are what this allows for), or the loss that a fit must reach.
   */
  readonly works: Readonly<Partial<Record<Work, number>>>;
  /** One line that installs it. */
  readonly install: string;
  /**
   * Where its program is, compiled if need be.
   *
   * @param setting - Python of the peers, and the run's scratch folder
   * @returns what to spawn, or why that is not possible here
   */
  prepare(setting: {
    readonly python: string;
    readonly folder: string;
  }): Promise<PeerCommand | { readonly missing: string }>;
}

export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
