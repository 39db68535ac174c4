import type { Found, Reading } from "./format.ts";
import { cellNumber, type TextTable } from "./table.ts";
import { unitIn } from "./track-columns.ts";
import { trackSet } from "./track-set.ts";

/** Columns of one body. */
interface Body {
  readonly label: string;
  x?: number;
  y?: number;
  z?: number;
  likelihood?: number;
}

/** What was seen with less likelihood was not seen: the usual cut of DeepLabCut. */
const LIKELIHOOD = 0.6;

/** Tracks from a table with a column for each coordinate of each body; null for tables that are not. */
export function wideTracks(reading: Reading, table: TextTable): Found | null {
  const layout =
    deepLabCut(table.titles) ??
    (reading.option("columns") === undefined ? named(table.titles) : null);
  if (layout === null) return null;
  const { when, timed } = layout;
  const bodies = layout.bodies.filter(({ x, y }) => x !== undefined && y !== undefined);
  const flat = bodies.some(({ z }) => z === undefined);
  const dimension = flat ? 2 : 3;
  const { rows, lines, decimalComma } = table;
  const least = bodies.some(({ likelihood }) => likelihood !== undefined)
    ? (reading.option("likelihood") ?? LIKELIHOOD)
    : 0;
  const positions = new Float64Array(rows.length * bodies.length * dimension).fill(Number.NaN);
  const frames: number[] = [];
  let unlikely = 0;
  rows.forEach((cells, record) => {
    const frame = when === undefined ? record : cellNumber(cells[when], decimalComma);
    const before = frames.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (!(frame > before))
      throw reading.refuse(
        `line ${lines[record]}`,
        "frames or times that increase",
        `${when === undefined ? record : cells[when]} after ${before}`,
      );
    frames.push(frame);
    bodies.forEach(({ label, x, y, z, likelihood }, i) => {
      const place = [x, y, ...(flat ? [] : [z])].map((column) => cells[column as number] ?? "");
      if (place.every((cell) => cell === "" || /^nan$/i.test(cell))) return;
      const numbers = place.map((cell) => cellNumber(cell, decimalComma));
      if (!numbers.every(Number.isFinite))
        throw reading.refuse(
          `line ${lines[record]}`,
          `numbers for ${label}`,
          JSON.stringify(place.join(" ").slice(0, 80)),
        );
      if (likelihood !== undefined && !(cellNumber(cells[likelihood], decimalComma) >= least)) {
        unlikely++;
        return;
      }
      positions.set(numbers, (record * bodies.length + i) * dimension);
    });
  });
  if (unlikely > 0)
    reading.note(
      `${unlikely} places of a likelihood below ${least} are taken for not seen (--likelihood)`,
    );
  reading.note(
    `bodies: ${bodies
      .map(({ label }) => label)
      .slice(0, 20)
      .join(", ")}`,
  );
  return trackSet(reading, {
    trajectories: 1,
    labels: bodies.map(({ label }) => label),
    dimension,
    ...(timed ? { times: frames } : { frames }),
    positions,
    unit: layout.unit,
  });
}

interface Layout {
  readonly bodies: readonly Body[];
  readonly when: number | undefined;
  readonly timed: boolean;
  readonly unit?: string | undefined;
}

/** DeepLabCut: rows scorer, (individuals,) bodyparts, coords; columns x, y, likelihood for each part. */
function deepLabCut(titles: TextTable["titles"]): Layout | null {
  const row = (name: string): readonly string[] | undefined =>
    titles.find(([first]) => first?.toLowerCase() === name);
  const [parts, coordinates, individuals] = [row("bodyparts"), row("coords"), row("individuals")];
  if (parts === undefined || coordinates === undefined) return null;
  return {
    bodies: grouped(coordinates, (k) => [individuals?.[k], parts[k]]),
    when: 0,
    timed: false,
    unit: "px",
  };
}

/** Titles like x_1, y_1 or ball x, ball y, or x, y again and again below a row of names (Tracker). */
function named(titles: TextTable["titles"]): Layout | null {
  const last = titles.findLast((row) =>
    row.some((title) => /^[xy]$|^[xy][^a-z]|[^a-z][xy]$/i.test(title)),
  );
  if (last === undefined) return null;
  const above = titles[titles.indexOf(last) - 1];
  const repeated =
    last.filter((title) => /^x\b/i.test(title)).length > 1 && new Set(last).size < last.length;
  const split = last.map((title) =>
    repeated
      ? ([title.slice(0, 1).toLowerCase(), ""] as const)
      : (
          /^(?<axis>[xyz])[\s_.-]?(?<body>\w+)$/i.exec(title) ??
          /^(?<body>\w+?)[\s_.-](?<axis>[xyz])$/i.exec(title)
        )?.groups,
  );
  let body = "";
  const names = last.map((_, k) => {
    if (!repeated) return (split[k] as { body?: string } | undefined)?.body;
    if (above?.[k]) body = above[k];
    else if (split[k]?.[0 as never] === "x") body = `${k}`;
    return body;
  });
  const axes = last.map((title, k) =>
    repeated
      ? title.slice(0, 1).toLowerCase()
      : (split[k] as { axis?: string } | undefined)?.axis?.toLowerCase(),
  );
  const bodies = grouped(axes, (k) => [names[k]]).filter(
    ({ x, y }) => x !== undefined && y !== undefined,
  );
  if (bodies.length < 2) return null;
  const time = last.findIndex((title) => /^(t|time)\b/i.test(title));
  const frame = last.findIndex((title) => /^frame/i.test(title));
  const when = time >= 0 ? time : frame >= 0 ? frame : undefined;
  return { bodies, when, timed: time >= 0, unit: unitIn(last[bodies[0]?.x as number]) };
}

/** Bodies by their names, in the order of the columns. */
function grouped(
  axes: readonly (string | undefined)[],
  nameOf: (column: number) => (string | undefined)[],
): Body[] {
  const bodies = new Map<string, Body>();
  axes.forEach((axis, k) => {
    if (axis === undefined || !["x", "y", "z", "likelihood"].includes(axis)) return;
    const label = nameOf(k)
      .filter((name) => name !== undefined && name !== "")
      .join(" ");
    if (!bodies.has(label)) bodies.set(label, { label });
    const body = bodies.get(label) as Body;
    body[axis as "x"] ??= k;
  });
  return [...bodies.values()];
}
