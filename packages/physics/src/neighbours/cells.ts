import type { Space } from "../bodies.ts";

/** Slots, and pairs of them. */
export interface Pairs {
  /** [slots] */
  readonly owners: Int32Array;
  /** Place of a slot, and that less its particle's. [3 x slots] */
  readonly positions: Float64Array;
  readonly offsets: Float64Array;
  /** [particles + 1] */
  readonly starts: Int32Array;
  readonly seconds: Int32Array;
}

/** Particles of one configuration. */
interface Configuration {
  /** [particles x dimension] */
  readonly positions: Float64Array;
  readonly particles: number;
  readonly dimension: 2 | 3;
}

/** Slots in the making. */
interface Slots {
  owners: Int32Array;
  positions: Float64Array;
  offsets: Float64Array;
  count: number;
}

/**
 * All pairs nearer than `reach`, each once, found in time proportional to their number.
 *
 * Particles are wrapped into the cell; of their images beyond its faces those are kept whose image numbers (a, b, c) are above (0, 0, 0) as words
 * are in a dictionary: of a pair across a wall one of the two ways to see it.
 *
 * @param room - an array that may be used again for the second slots
 */
export function pairsByCells(
  space: Space,
  configuration: Configuration,
  reach: number,
  room: Int32Array,
): Pairs {
  const { particles } = configuration;
  const slots = wrapped(space, configuration);
  addImages(space, slots, particles, reach);
  const grid = gridOf(slots, reach);
  const sorted = sortedByCell(slots, particles, grid);
  return { ...sorted, ...nearPairs(sorted, particles, grid, reach, room) };
}

/** Particles in the cell. */
function wrapped(space: Space, { positions, particles, dimension }: Configuration): Slots {
  const { rows, origin, inverse, periodic } = space;
  const slots: Slots = {
    owners: Int32Array.from({ length: particles }, (_, i) => i),
    positions: new Float64Array(3 * particles),
    offsets: new Float64Array(3 * particles),
    count: particles,
  };
  const closed = periodic.some(Boolean);
  for (let i = 0; i < particles; i++) {
    for (let c = 0; c < dimension; c++) slots.positions[3 * i + c] = positions[dimension * i + c];
    for (let row = 0; closed && row < 3; row++) {
      if (!periodic[row]) continue;
      let share = 0;
      for (let c = 0; c < dimension; c++)
        share += (positions[dimension * i + c] - origin[c]) * inverse[3 * c + row];
      const whole = Math.floor(share);
      for (let c = 0; c < 3; c++) slots.offsets[3 * i + c] -= whole * rows[3 * row + c];
    }
    for (let c = 0; c < dimension; c++) slots.positions[3 * i + c] += slots.offsets[3 * i + c];
  }
  return slots;
}

/** Rounding may put a particle that little outside of its cell. */
const MARGIN = 1e-9;

/** Images of particles that others in the cell are nearer to than `reach`. */
function addImages(space: Space, slots: Slots, particles: number, reach: number): void {
  const { rows, origin, inverse, periodic, widths } = space;
  const margins = widths.map((width, d) => (periodic[d] ? reach / width + MARGIN : 0));
  const most = margins.map((margin, d) => (periodic[d] ? Math.ceil(margin) : 0));
  const share = new Float64Array(3);
  for (let a = 0; a <= most[0]; a++)
    for (let b = a > 0 ? -most[1] : 0; b <= most[1]; b++)
      for (let c = a > 0 || b > 0 ? -most[2] : 1; c <= most[2]; c++) {
        const image = [a, b, c];
        const move = [0, 1, 2].map((k) => a * rows[k] + b * rows[3 + k] + c * rows[6 + k]);
        for (let i = 0; i < particles; i++) {
          let near = true;
          for (let row = 0; near && row < 3; row++) {
            if (!periodic[row]) continue;
            share[row] = image[row];
            for (let k = 0; k < 3; k++)
              share[row] += (slots.positions[3 * i + k] - origin[k]) * inverse[3 * k + row];
            near = share[row] >= -margins[row] && share[row] <= 1 + margins[row];
          }
          if (near) addImage(slots, i, move);
        }
      }
}

function addImage(slots: Slots, i: number, move: readonly number[]): void {
  const k = slots.count++;
  if (k >= slots.owners.length) {
    const length = Math.ceil(1.5 * slots.owners.length) + 16;
    const grown = <A extends Float64Array | Int32Array>(larger: A, from: A): A => {
      larger.set(from);
      return larger;
    };
    slots.owners = grown(new Int32Array(length), slots.owners);
    slots.positions = grown(new Float64Array(3 * length), slots.positions);
    slots.offsets = grown(new Float64Array(3 * length), slots.offsets);
  }
  slots.owners[k] = i;
  for (let c = 0; c < 3; c++) {
    slots.positions[3 * k + c] = slots.positions[3 * i + c] + move[c];
    slots.offsets[3 * k + c] = slots.offsets[3 * i + c] + move[c];
  }
}

/** Equal cells at least as wide as the reach, over all slots. */
interface Grid {
  readonly least: readonly number[];
  readonly perLength: readonly number[];
  readonly counts: readonly number[];
  readonly cells: number;
}

/** More cells than that along one direction, or than twice the slots, would be empty ones. */
const MOST_CELLS = 1024;

function gridOf({ positions, count }: Slots, reach: number): Grid {
  const least: number[] = [];
  const extents: number[] = [];
  for (let c = 0; c < 3; c++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = c; k < 3 * count; k += 3) {
      if (positions[k] < low) low = positions[k];
      if (positions[k] > high) high = positions[k];
    }
    least.push(low);
    extents.push(high - low);
  }
  let wide = reach;
  let counts: number[];
  do {
    counts = extents.map((extent) => Math.max(1, Math.min(MOST_CELLS, Math.floor(extent / wide))));
    wide *= 1.5;
  } while (counts[0] * counts[1] * counts[2] > 2 * count + 64);
  return {
    least,
    counts,
    perLength: extents.map((extent, c) => (extent > 0 ? counts[c] / extent : 0)),
    cells: counts[0] * counts[1] * counts[2],
  };
}

interface SortedSlots {
  readonly owners: Int32Array;
  readonly positions: Float64Array;
  readonly offsets: Float64Array;
  /** First slot of each cell: of particles, and of images. [cells + 1] */
  readonly firsts: Int32Array;
  readonly firstImages: Int32Array;
  /** Of the particles. [particles] */
  readonly cellOf: Int32Array;
}

/** Slots in the order of their cells, particles before images. */
function sortedByCell(slots: Slots, particles: number, grid: Grid): SortedSlots {
  const { count, owners, positions, offsets } = slots;
  const { least, perLength, counts, cells } = grid;
  const cellOf = new Int32Array(count);
  const firsts = new Int32Array(cells + 1);
  const firstImages = new Int32Array(cells + 1);
  for (let k = 0; k < count; k++) {
    let cell = 0;
    for (let c = 0; c < 3; c++) {
      const own = Math.floor((positions[3 * k + c] - least[c]) * perLength[c]);
      cell = cell * counts[c] + Math.max(0, Math.min(counts[c] - 1, own));
    }
    cellOf[k] = cell;
    (k < particles ? firsts : firstImages)[cell + 1]++;
  }
  firstImages[0] = particles;
  for (let cell = 0; cell < cells; cell++) {
    firsts[cell + 1] += firsts[cell];
    firstImages[cell + 1] += firstImages[cell];
  }
  const next = firsts.slice();
  const nextImage = firstImages.slice();
  const out = {
    owners: new Int32Array(count),
    positions: new Float64Array(3 * count),
    offsets: new Float64Array(3 * count),
    firsts,
    firstImages,
    cellOf: new Int32Array(particles),
  };
  for (let k = 0; k < count; k++) {
    const cell = cellOf[k];
    const to = (k < particles ? next : nextImage)[cell]++;
    out.owners[to] = owners[k];
    if (k < particles) out.cellOf[to] = cell;
    for (let c = 0; c < 3; c++) {
      out.positions[3 * to + c] = positions[3 * k + c];
      out.offsets[3 * to + c] = offsets[3 * k + c];
    }
  }
  return out;
}

/** Pairs of neighbouring cells; cells along the third direction lie one after another, and are looked through as one run. */
function nearPairs(
  { positions, firsts, firstImages, cellOf }: SortedSlots,
  particles: number,
  { counts }: Grid,
  reach: number,
  room: Int32Array,
): Pick<Pairs, "starts" | "seconds"> {
  const [nx, ny, nz] = counts;
  const starts = new Int32Array(particles + 1);
  const square = reach * reach;
  let seconds = room.length > 0 ? room : new Int32Array(32 * particles + 64);
  let found = 0;
  const look = (a: number, from: number, to: number): void => {
    if (found + to - from > seconds.length) {
      const larger = new Int32Array(2 * seconds.length + to - from);
      larger.set(seconds);
      seconds = larger;
    }
    const x = positions[3 * a];
    const y = positions[3 * a + 1];
    const z = positions[3 * a + 2];
    for (let b = from; b < to; b++) {
      const dx = x - positions[3 * b];
      const dy = y - positions[3 * b + 1];
      const dz = z - positions[3 * b + 2];
      if (dx * dx + dy * dy + dz * dz < square) seconds[found++] = b;
    }
  };
  for (let a = 0; a < particles; a++) {
    starts[a] = found;
    const cell = cellOf[a];
    const cz = cell % nz;
    const cy = Math.floor(cell / nz) % ny;
    const cx = Math.floor(cell / (nz * ny));
    const low = Math.max(0, cz - 1);
    const high = Math.min(nz - 1, cz + 1);
    for (let ix = Math.max(0, cx - 1); ix <= Math.min(nx - 1, cx + 1); ix++)
      for (let iy = Math.max(0, cy - 1); iy <= Math.min(ny - 1, cy + 1); iy++) {
        const row = (ix * ny + iy) * nz;
        const ahead = ix > cx || (ix === cx && iy > cy);
        if (ahead) look(a, firsts[row + low], firsts[row + high + 1]);
        else if (ix === cx && iy === cy) look(a, a + 1, firsts[row + high + 1]);
        look(a, firstImages[row + low], firstImages[row + high + 1]);
      }
  }
  starts[particles] = found;
  return { starts, seconds };
}
