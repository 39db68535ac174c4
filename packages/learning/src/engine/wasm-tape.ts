import { Linear } from "@mclnn/physics/terms";
import type { Arena } from "../wasm/arena.ts";

/** Entries of each kind that there is room for at first. */
const ENTRIES = 256;
/** Of each kind of entry: their number, and where rows, columns and values are. */
const WORDS = 4;

/**
 * A tape that is told in the memory of the kernels, so that nothing has to be copied there. One that outgrows it is copied, and has more
 * room the next time.
 */
export class Tape {
  readonly linear: Linear = new Linear();
  private readonly arena: Arena;
  private readonly address: number;
  private readonly entries: readonly [Entries, Entries, Entries];
  /** The views that the tape was given: it has others where it has outgrown them. */
  private sources: Float64Array | null = null;
  private stiffnesses: Float64Array | null = null;
  private dampings: Float64Array | null = null;

  constructor(arena: Arena) {
    this.arena = arena;
    this.address = arena.reserve(4 * WORDS * 3);
    this.entries = [room(arena, ENTRIES), room(arena, ENTRIES), room(arena, ENTRIES)];
    this.bind();
  }

  /** Address of what was told. */
  written(): number {
    const { linear } = this;
    if (
      linear.sourceValue !== this.sources ||
      linear.stiffnessValue !== this.stiffnesses ||
      linear.dampingValue !== this.dampings
    )
      this.bind();
    const { words } = this.arena;
    const o = this.address >>> 2;
    words[o] = linear.sources;
    words[o + WORDS] = linear.stiffnesses;
    words[o + 2 * WORDS] = linear.dampings;
    return this.address;
  }

  /** Makes the arrays of the tape views of the kernels' memory, with what they hold. */
  private bind(): void {
    const { linear, arena, entries, address } = this;
    // Memory that grows takes its views away: what they hold is copied before, and views are taken after the last reservation.
    const held = [
      [linear.sourceRow, linear.sourceCoefficient, linear.sourceValue],
      [linear.stiffnessRow, linear.stiffnessColumn, linear.stiffnessValue],
      [linear.dampingRow, linear.dampingColumn, linear.dampingValue],
    ].map((arrays) => arrays.map((array) => array.slice()));
    entries.forEach((own, k) => {
      const capacity = held[k][2].length;
      if (capacity > own.capacity) Object.assign(own, room(arena, capacity));
    });
    const { buffer } = arena.floats;
    const views = entries.map(({ row, column, value, capacity }, k) => {
      arena.words.set([row, column, value], (address >>> 2) + WORDS * k + 1);
      const rows = new Int32Array(buffer, row, capacity);
      const columns = new Int32Array(buffer, column, capacity);
      const values = new Float64Array(buffer, value, capacity);
      rows.set(held[k][0]);
      columns.set(held[k][1]);
      values.set(held[k][2]);
      return { rows, columns, values };
    });
    const [sources, stiffnesses, dampings] = views;
    linear.sourceRow = sources.rows;
    linear.sourceCoefficient = sources.columns;
    linear.sourceValue = sources.values;
    linear.stiffnessRow = stiffnesses.rows;
    linear.stiffnessColumn = stiffnesses.columns;
    linear.stiffnessValue = stiffnesses.values;
    linear.dampingRow = dampings.rows;
    linear.dampingColumn = dampings.columns;
    linear.dampingValue = dampings.values;
    this.sources = sources.values;
    this.stiffnesses = stiffnesses.values;
    this.dampings = dampings.values;
  }
}

/** Where entries of one kind are. */
interface Entries {
  row: number;
  column: number;
  value: number;
  capacity: number;
}

function room(arena: Arena, capacity: number): Entries {
  const row = arena.reserveWords(capacity);
  const column = arena.reserveWords(capacity);
  const value = arena.reserveFloats(capacity);
  return { row, column, value, capacity };
}
