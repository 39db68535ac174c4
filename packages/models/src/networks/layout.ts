import { MclnnError } from "@mclnn/physics";
import { checkArgument, described } from "@mclnn/physics/arguments";

/** One named slice of a flat weight vector. */
export interface LayoutSlice {
  /** `weights0`, `biases0`, ... from the input on. */
  readonly name: string;
  /** [outputs, inputs] for weights (row-major), [outputs] for biases. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Names the slices of the flat weights of a dense network. @param widths - [inputs, ...hidden, outputs] @throws MclnnError `bad-argument`, `bad-option`, `not-finite` */
export function networkLayout(widths: readonly number[]): readonly LayoutSlice[] {
  checkArgument("widths", widths, "numbers");
  for (const width of Array.from(widths)) checkArgument("widths", width, "count");
  const slices: LayoutSlice[] = [];
  let offset = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    const inputs = widths[l];
    const outputs = widths[l + 1];
    for (const [name, shape] of [
      [`weights${l}`, [outputs, inputs]],
      [`biases${l}`, [outputs]],
    ] as const) {
      const length = shape.reduce<number>((product, n) => product * n, 1);
      slices.push({ name, shape, offset, length });
      offset += length;
    }
  }
  return slices;
}

/** Number of weights and biases of a dense network. @param widths - [inputs, ...hidden, outputs] */
export function networkSize(widths: readonly number[]): number {
  return networkLayout(widths).reduce((sum, slice) => sum + slice.length, 0);
}

/** Throws unless `hidden` is a list of one or more positive whole widths. */
export function checkHidden(hidden: readonly number[]): void {
  checkArgument("hidden", hidden, "list", { code: "bad-hidden-widths" });
  if (
    hidden.length === 0 ||
    hidden.length > 16 ||
    !Array.from(hidden).every((h) => Number.isInteger(h) && h > 0 && h <= 4096)
  )
    throw new MclnnError("hidden widths cannot be used", {
      code: "bad-hidden-widths",
      argument: "hidden",
      expected: "1 to 16 whole numbers between 1 and 4096",
      got: `[${Array.from(hidden).map(described).join(",")}]`,
      mend: "The paper uses [10, 10].",
    });
}

/**
 * Names the slices of the flat weights of a {@link PositionNetwork}: those of a dense network without the last bias,
 * which no force depends on.
 */
export function positionNetworkLayout(
  inputs: number,
  hidden: readonly number[],
): readonly LayoutSlice[] {
  checkArgument("inputs", inputs, "count");
  checkHidden(hidden);
  return networkLayout([inputs, ...Array.from(hidden), 1]).slice(0, -1);
}

/** Number of weights and biases, the last bias left out: 220 for 9 inputs and [10, 10]. */
export function positionNetworkSize(inputs: number, hidden: readonly number[]): number {
  return positionNetworkLayout(inputs, hidden).reduce((sum, slice) => sum + slice.length, 0);
}
