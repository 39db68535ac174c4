/**
 * What accelerations do to first order at one frame, on a tape of typed arrays that is used again and again: terms write entries, the
 * engine reads them. Entries of the same place add up.
 *
 * Applied to columns it is the forward tangent, transposed the adjoint; its sources alone are what the fit along a path and the score test
 * need.
 */
export class Linear {
  /** da_row / dc_coefficient. */
  sources = 0;
  sourceRow: Int32Array = new Int32Array(64);
  sourceCoefficient: Int32Array = new Int32Array(64);
  sourceValue: Float64Array = new Float64Array(64);
  /** da_row / dq_column. */
  stiffnesses = 0;
  stiffnessRow: Int32Array = new Int32Array(64);
  stiffnessColumn: Int32Array = new Int32Array(64);
  stiffnessValue: Float64Array = new Float64Array(64);
  /** da_row / dv_column. */
  dampings = 0;
  dampingRow: Int32Array = new Int32Array(64);
  dampingColumn: Int32Array = new Int32Array(64);
  dampingValue: Float64Array = new Float64Array(64);
  /** Added to the coefficients that are told: where the term's own begin. */
  first = 0;

  clear(): void {
    this.sources = 0;
    this.stiffnesses = 0;
    this.dampings = 0;
  }

  source(row: number, coefficient: number, value: number): void {
    const k = this.sources++;
    if (k === this.sourceRow.length) {
      this.sourceRow = doubled(this.sourceRow);
      this.sourceCoefficient = doubled(this.sourceCoefficient);
      this.sourceValue = doubled(this.sourceValue);
    }
    this.sourceRow[k] = row;
    this.sourceCoefficient[k] = this.first + coefficient;
    this.sourceValue[k] = value;
  }

  stiffness(row: number, column: number, value: number): void {
    const k = this.stiffnesses++;
    if (k === this.stiffnessRow.length) {
      this.stiffnessRow = doubled(this.stiffnessRow);
      this.stiffnessColumn = doubled(this.stiffnessColumn);
      this.stiffnessValue = doubled(this.stiffnessValue);
    }
    this.stiffnessRow[k] = row;
    this.stiffnessColumn[k] = column;
    this.stiffnessValue[k] = value;
  }

  damping(row: number, column: number, value: number): void {
    const k = this.dampings++;
    if (k === this.dampingRow.length) {
      this.dampingRow = doubled(this.dampingRow);
      this.dampingColumn = doubled(this.dampingColumn);
      this.dampingValue = doubled(this.dampingValue);
    }
    this.dampingRow[k] = row;
    this.dampingColumn[k] = column;
    this.dampingValue[k] = value;
  }
}

function doubled<A extends Int32Array | Float64Array>(array: A): A {
  const out = new (array.constructor as new (length: number) => A)(2 * array.length);
  out.set(array);
  return out;
}
