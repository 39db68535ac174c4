import type { Box } from "../box.ts";

/**
 * One record of a file, as it stands there: rows in any order. A reader may use the same object and arrays again for the next.
 */
export interface Frame {
  /** Rows. */
  readonly count: number;
  /** For messages: where in the file it begins. */
  readonly where: string;
  /** Which of several trajectories it is of, where there are several; they follow one another. */
  readonly trajectory?: number | undefined;
  readonly step?: number | undefined;
  readonly time?: number | undefined;
  /** Ids of the rows, any numbers; without them rows are the same particles in every frame. [count or more] */
  readonly ids?: Float64Array | undefined;
  /** [3 x count or more] */
  readonly positions: Float64Array;
  readonly velocities?: Float64Array | undefined;
  readonly images?: Float64Array | undefined;
  readonly box?: Box | undefined;
  /** Of a row, asked where its id is met first. */
  readonly kind?: (row: number) => string;
  readonly mass?: ((row: number) => number) | undefined;
  readonly charge?: ((row: number) => number) | undefined;
}

/** Arrays of numbers a row that grow with what really comes, whatever was announced. */
export class Rows {
  /** Rows there is room for. */
  private room = 0;
  readonly arrays: Float64Array[];
  private readonly widths: readonly number[];

  constructor(...widths: readonly number[]) {
    this.widths = widths;
    this.arrays = widths.map(() => new Float64Array(0));
  }

  /** Makes room for row `row` of `announced`. */
  reach(row: number, announced: number): void {
    if (row < this.room) return;
    this.room = Math.min(announced, Math.max(1024, 2 * this.room));
    this.widths.forEach((width, k) => {
      const larger = new Float64Array(width * this.room);
      larger.set(this.arrays[k] as Float64Array);
      this.arrays[k] = larger;
    });
  }
}
