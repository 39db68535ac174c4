import type { Reading } from "./format.ts";
import type { Frame } from "./frame.ts";

/** Numbers that positions may have: 2 GiB. */
const MOST_NUMBERS = 2 ** 28;

/** Columns of what was gathered, particles by id. */
export interface Columns {
  readonly records: number;
  readonly particles: number;
  readonly dimension: 2 | 3;
  /** Records at which a trajectory begins. */
  readonly starts: readonly number[];
  readonly steps: readonly (number | undefined)[];
  readonly times: readonly (number | undefined)[];
  readonly positions: Float64Array;
  readonly velocities?: Float64Array;
  readonly images?: Int32Array;
  readonly observed?: Uint8Array;
  readonly charges?: Float64Array;
  readonly masses: readonly (number | undefined)[];
  readonly kinds: readonly (string | undefined)[];
}

/** What is kept of every particle in every record: `stride` particles each, of which the first ones are there. */
interface Store {
  readonly stride: number;
  readonly room: number;
  readonly positions: Float64Array;
  readonly velocities: Float64Array | undefined;
  readonly images: Int32Array | undefined;
  readonly seen: Uint8Array;
}

/** Records as they come in: a column for every id that was met, grown as needed. */
export class Table {
  records = 0;
  private readonly starts: number[] = [];
  private trajectory: number | undefined;
  private store: Store | undefined;
  private readonly columnOf = new Map<number, number>();
  private readonly ids: number[] = [];
  /** Columns of the rows of the frame before: mostly those of the next. */
  private readonly lastIds: number[] = [];
  private readonly lastColumns: number[] = [];
  private readonly steps: (number | undefined)[] = [];
  private readonly times: (number | undefined)[] = [];
  private readonly masses: (number | undefined)[] = [];
  private readonly kinds: (string | undefined)[] = [];
  private readonly charges: (number | undefined)[] = [];
  /** What not every frame has. */
  private readonly lacking = new Set<"velocities" | "images">();
  private readonly reading: Reading;
  private readonly dimension: 2 | 3;

  constructor(reading: Reading, dimension: 2 | 3) {
    this.reading = reading;
    this.dimension = dimension;
  }

  /** Adds a frame. @returns the record that it became: frames that are written again, after a restart, replace what was there */
  add(frame: Frame): number {
    if (this.starts.length === 0 || frame.trajectory !== this.trajectory) {
      this.starts.push(this.records);
      this.trajectory = frame.trajectory;
    } else this.goBack(frame);
    const columns = this.columnsOf(frame);
    const record = this.records;
    const store = this.reach(frame, record + 1);
    const { stride, positions, seen } = store;
    const velocities = this.kept("velocities", store.velocities, frame.velocities);
    const images = this.kept("images", store.images, frame.images);
    const { dimension } = this;
    seen.fill(0, record * stride, (record + 1) * stride);
    for (let row = 0; row < frame.count; row++) {
      const cell = record * stride + (columns[row] as number);
      if (seen[cell] === 1)
        throw this.reading.refuse(
          frame.where,
          "each id once in a frame",
          `${frame.ids?.[row]} twice`,
        );
      seen[cell] = 1;
      for (let d = 0; d < dimension; d++) {
        const to = cell * dimension + d;
        const from = 3 * row + d;
        positions[to] = frame.positions[from] as number;
        if (velocities !== undefined) velocities.to[to] = velocities.from[from] as number;
        if (images !== undefined) images.to[to] = images.from[from] as number;
      }
    }
    this.steps[record] = frame.step;
    this.times[record] = frame.time;
    this.records++;
    return record;
  }

  /** Steps that are not larger than the last one: the program was started again from before. */
  private goBack({ step, time, where }: Frame): void {
    const keys = step === undefined ? this.times : this.steps;
    const key = step ?? time;
    if (key === undefined) return;
    const before = this.records;
    const start = this.starts.at(-1) as number;
    while (this.records > start && (keys[this.records - 1] ?? Number.NEGATIVE_INFINITY) >= key)
      this.records--;
    if (this.records < before)
      this.reading.note(
        `${step === undefined ? "time" : "step"} ${key} comes again (${where}): the records from there on are taken from the later part`,
      );
  }

  /** The column of each row; ids that are new get one. */
  private columnsOf(frame: Frame): readonly number[] {
    const { count, ids } = frame;
    if (ids === undefined && this.records > 0 && count !== this.ids.length)
      throw this.reading.refuse(
        frame.where,
        `${this.ids.length} particles, as in the frames before, or ids to tell them by`,
        `${count}`,
      );
    this.lastIds.length = Math.min(this.lastIds.length, count);
    for (let row = 0; row < count; row++) {
      const id = ids === undefined ? row : (ids[row] as number);
      if (this.lastIds[row] === id) continue;
      let column = this.columnOf.get(id);
      if (column === undefined) {
        column = this.ids.length;
        this.columnOf.set(id, column);
        this.ids.push(id);
        this.kinds.push(frame.kind?.(row));
        this.masses.push(frame.mass?.(row));
        this.charges.push(frame.charge?.(row));
      }
      this.lastIds[row] = id;
      this.lastColumns[row] = column;
    }
    return this.lastColumns;
  }

  /** Where to copy what from; undefined where the file has none, or not in every frame. */
  private kept<A>(
    what: "velocities" | "images",
    to: A | undefined,
    from: Float64Array | undefined,
  ): { to: A; from: Float64Array } | undefined {
    if (to !== undefined && from !== undefined) return { to, from };
    if (to !== undefined || from !== undefined) {
      this.lacking.add(what);
      this.reading.note(`${what} are not in every frame, and left out`);
    }
    return undefined;
  }

  /** The store, with room for so many records and all particles met. */
  private reach(frame: Frame, records: number): Store {
    const { store, dimension } = this;
    const particles = this.ids.length;
    if (store !== undefined && particles <= store.stride && records <= store.room) return store;
    const most = Math.floor(MOST_NUMBERS / dimension);
    if (records * particles > most)
      throw this.reading.refuse(
        frame.where,
        `at most ${most} positions`,
        `${records} records of ${particles} particles`,
        "Leave frames or particles out; a law needs hundreds of records, not millions.",
      );
    const wider = store !== undefined && particles > store.stride;
    const stride = Math.min(
      wider ? Math.ceil(1.3 * particles) : (store?.stride ?? particles),
      Math.floor(most / records),
    );
    // As many records as the file will have, by what came of it so far.
    const foreseen = Math.ceil((1.01 * records) / Math.max(this.reading.share(), 1e-9)) + 1;
    const room = Math.min(
      Math.max(foreseen, Math.ceil(1.25 * (store?.room ?? 0))),
      Math.max(records, Math.floor(most / Math.max(stride, 1))),
    );
    const cells = room * stride;
    const made = {
      stride,
      room,
      positions: new Float64Array(cells * dimension),
      velocities: (store ?? frame).velocities && new Float64Array(cells * dimension),
      images: (store ?? frame).images && new Int32Array(cells * dimension),
      seen: new Uint8Array(cells),
    };
    if (store !== undefined) copyRecords(store, made, this.records, dimension);
    this.store = made;
    return made;
  }

  /** All that came, with particles in the order of their ids. */
  finish(): Columns {
    const { records, dimension, ids } = this;
    const store = this.store as Store;
    const { stride, seen } = store;
    const met = new Uint8Array(ids.length);
    for (let record = 0; record < records; record++)
      for (let column = 0; column < ids.length; column++)
        if (seen[record * stride + column] === 1) met[column] = 1;
    const order = Array.from(ids.keys())
      .filter((column) => met[column] === 1)
      .sort((a, b) => (ids[a] as number) - (ids[b] as number));
    const particles = order.length;
    const inOrder = <A extends Float64Array | Int32Array | Uint8Array>(
      array: A | undefined,
      width: number,
    ): A | undefined => {
      if (array === undefined) return undefined;
      if (particles < stride || order.some((from, to) => from !== to))
        reorder(array, { stride, order, width, records });
      return array.subarray(0, records * particles * width) as A;
    };
    const positions = inOrder(store.positions, dimension) as Float64Array;
    const velocities = this.lacking.has("velocities")
      ? undefined
      : inOrder(store.velocities, dimension);
    const images = this.lacking.has("images") ? undefined : inOrder(store.images, dimension);
    const observed = inOrder(seen, 1) as Uint8Array;
    const all = !observed.includes(0);
    if (!all)
      observed.forEach((there, cell) => {
        if (there === 1) return;
        positions.fill(Number.NaN, cell * dimension, (cell + 1) * dimension);
        velocities?.fill(Number.NaN, cell * dimension, (cell + 1) * dimension);
        images?.fill(0, cell * dimension, (cell + 1) * dimension);
      });
    const charges = order.map((column) => this.charges[column]);
    return {
      records,
      particles,
      dimension,
      starts: this.starts,
      steps: this.steps.slice(0, records),
      times: this.times.slice(0, records),
      positions,
      ...(velocities === undefined ? {} : { velocities }),
      ...(images === undefined ? {} : { images }),
      ...(all ? {} : { observed }),
      ...(charges.every((q) => q !== undefined) ? { charges: Float64Array.from(charges) } : {}),
      masses: order.map((column) => this.masses[column]),
      kinds: order.map((column) => this.kinds[column]),
    };
  }
}

/** Copies records into a store of more room. */
function copyRecords(from: Store, to: Store, records: number, dimension: number): void {
  for (let record = 0; record < records; record++) {
    const copy = <A extends Float64Array | Int32Array | Uint8Array>(
      source: A | undefined,
      target: A | undefined,
      width: number,
    ): void => {
      const first = record * from.stride * width;
      if (source !== undefined)
        target?.set(
          source.subarray(first, first + from.stride * width),
          record * to.stride * width,
        );
    };
    copy(from.positions, to.positions, dimension);
    copy(from.velocities, to.velocities, dimension);
    copy(from.images, to.images, dimension);
    copy(from.seen, to.seen, 1);
  }
}

/** Puts the particles of every record into another order, in place: those in `order`, and no more. */
function reorder(
  array: Float64Array | Int32Array | Uint8Array,
  {
    stride,
    order,
    width,
    records,
  }: { stride: number; order: readonly number[]; width: number; records: number },
): void {
  for (let record = 0; record < records; record++) {
    const old = array.slice(record * stride * width, (record + 1) * stride * width);
    const first = record * order.length * width;
    order.forEach((from, to) => {
      for (let d = 0; d < width; d++)
        array[first + to * width + d] = old[from * width + d] as number;
    });
  }
}
