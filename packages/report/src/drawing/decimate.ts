import type { Numbers } from "@mclnn/studies";

/** Points of a curve, in order; a `NaN` ordinate is a gap. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The pixel columns that a curve is reduced to. */
export interface PixelColumns {
  /** Abscissae at the left and the right edge. */
  readonly domain: readonly [number, number];
  readonly columns: number;
  /** Columns are equal in log x. */
  readonly log?: boolean;
}

/**
 * Reduces a curve to its lowest and highest point in each pixel column, in their order.
 *
 * What is drawn covers the same pixels as the whole curve: no extreme is lost. Points outside the domain are left out, first and last
 * are kept, runs of non-finite ordinates become one gap.
 */
export function decimate(x: Numbers, y: Numbers, { domain, columns, log }: PixelColumns): Curve {
  const place = log === true ? Math.log : (value: number): number => value;
  const left = place(domain[0]);
  const perColumn = columns / (place(domain[1]) - left);
  const out: { x: number[]; y: number[] } = { x: [], y: [] };
  const keep = (i: number): void => {
    out.x.push(x[i] as number);
    out.y.push(y[i] as number);
  };
  let column = Number.NaN;
  let first = -1;
  let low = -1;
  let high = -1;
  let last = -1;
  const close = (): void => {
    if (first < 0) return;
    // Ends of a stretch are kept so that it starts and stops where the data do.
    const kept = new Set([low, high]);
    if (out.x.length === 0 || Number.isNaN(out.y[out.y.length - 1])) kept.add(first);
    for (const i of [...kept].sort((a, b) => a - b)) keep(i);
    first = -1;
  };
  const end = (): void => {
    const tail = last;
    close();
    if (tail >= 0 && out.x[out.x.length - 1] !== x[tail]) keep(tail);
    last = -1;
  };
  const count = Math.min(x.length, y.length);
  for (let i = 0; i < count; i++) {
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (!Number.isFinite(yi) || !Number.isFinite(xi)) {
      if (last < 0) continue;
      end();
      out.x.push(xi);
      out.y.push(Number.NaN);
      continue;
    }
    if (xi < domain[0] || xi > domain[1]) continue;
    const at = Math.min(columns - 1, Math.floor((place(xi) - left) * perColumn));
    if (first < 0 || at !== column) {
      close();
      column = at;
      first = low = high = i;
    } else {
      if (yi < (y[low] as number)) low = i;
      if (yi > (y[high] as number)) high = i;
    }
    last = i;
  }
  end();
  return out;
}

/** Lowest and highest ordinate in each pixel column. */
export interface Envelope {
  readonly x: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * The band that a fast oscillation fills: one point a pixel column, at the abscissa of its highest value. A column without finite values is a gap.
 *
 * For errors, which touch zero whenever two curves cross: `high` can be read as a curve where the whole would be a smear.
 */
export function envelope(x: Numbers, y: Numbers, { domain, columns, log }: PixelColumns): Envelope {
  const place = log === true ? Math.log : (value: number): number => value;
  const left = place(domain[0]);
  const perColumn = columns / (place(domain[1]) - left);
  const out: { x: number[]; low: number[]; high: number[] } = { x: [], low: [], high: [] };
  let column = -1;
  let gap = false;
  const count = Math.min(x.length, y.length);
  for (let i = 0; i < count; i++) {
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (!(xi >= domain[0] && xi <= domain[1])) continue;
    if (!Number.isFinite(yi)) {
      gap = true;
      continue;
    }
    const at = Math.min(columns - 1, Math.floor((place(xi) - left) * perColumn));
    const last = out.x.length - 1;
    if (gap && last >= 0) {
      out.x.push(xi);
      out.low.push(Number.NaN);
      out.high.push(Number.NaN);
    }
    if (at !== column || gap || last < 0) {
      out.x.push(xi);
      out.low.push(yi);
      out.high.push(yi);
      column = at;
    } else {
      if (yi < (out.low[last] as number)) out.low[last] = yi;
      if (yi > (out.high[last] as number)) {
        out.high[last] = yi;
        out.x[last] = xi;
      }
    }
    gap = false;
  }
  return out;
}

/** Leaves out points of a path in the plane that lie nearer than `distance` to the last one kept; ends are kept. */
export function thinPath(x: readonly number[], y: readonly number[], distance: number): Curve {
  const out: { x: number[]; y: number[] } = { x: [], y: [] };
  let kept = -1;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - (x[kept] ?? Number.POSITIVE_INFINITY);
    const dy = (y[i] as number) - (y[kept] ?? Number.POSITIVE_INFINITY);
    if (i < x.length - 1 && dx * dx + dy * dy < distance * distance) continue;
    out.x.push(x[i] as number);
    out.y.push(y[i] as number);
    kept = i;
  }
  return out;
}

/** Points between those of a path, on the curve of Catmull and Rom through them; gaps stay. */
export function smoothPath({ x, y }: Curve, between = 3): Curve {
  const out: { x: number[]; y: number[] } = { x: [], y: [] };
  const along = (values: readonly number[], i: number, t: number): number => {
    const [b, c] = [values[i] as number, values[i + 1] as number];
    const a = finiteOr(values[i - 1], b);
    const d = finiteOr(values[i + 2], c);
    return b + (t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2;
  };
  for (let i = 0; i < x.length; i++) {
    out.x.push(x[i] as number);
    out.y.push(y[i] as number);
    const next = (x[i] as number) + (x[i + 1] as number) + (y[i] as number) + (y[i + 1] as number);
    if (!Number.isFinite(next)) continue;
    for (let k = 1; k <= between; k++) {
      out.x.push(along(x, i, k / (between + 1)));
      out.y.push(along(y, i, k / (between + 1)));
    }
  }
  return out;
}

function finiteOr(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? value : otherwise;
}
