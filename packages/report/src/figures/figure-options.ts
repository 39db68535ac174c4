/** Names that figures print. */
export interface FigureOptions {
  /** The system, in the figure's title. */
  readonly system?: string;
  /** By model key; `MCLNN`, `spline` and `LNN` for the known ones, else the key. */
  readonly titles?: Readonly<Record<string, string>>;
  /** What the reference run is called. Default `truth`. */
  readonly truth?: string;
}

/** "Title: system", or the title alone. */
export function withSystem(title: string, { system }: FigureOptions): string {
  return system === undefined ? title : `${title}: ${system}`;
}
