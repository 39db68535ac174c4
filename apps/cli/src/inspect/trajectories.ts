import { trajectoryLengths } from "@mclnn/datasets";
import { positionNoise, type ReadTrajectories } from "@mclnn/datasets/formats";
import { separationRange } from "@mclnn/studies";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import type { Fact } from "../terminal/fact.ts";
import type { Description } from "./description.ts";
import { remarksOn } from "./remarks.ts";
import { whatTrainDoes } from "./training.ts";

/** What trajectories are, in words and numbers, and what train will do with them. */
export function describeTrajectories(read: ReadTrajectories): Description {
  const remarks = remarksOn(read);
  return {
    kind: "trajectories",
    facts: [
      ["format", read.format, { format: read.format }],
      ...sizes(read),
      ...space(read),
      ...motion(read),
      // Guesses are said on standard error already.
      ...remarks
        .filter((remark) => !read.notes.includes(remark))
        .map((remark): Fact => ["remark", remark]),
      ["train", whatTrainDoes(read), { remarks, train: whatTrainDoes(read) }],
    ],
  };
}

function sizes({ set, kinds, units }: ReadTrajectories): Fact[] {
  const { trajectories, records, particles, dimension, masses, species } = set;
  const missing = set.observed?.reduce((n, x) => n + (x === 0 ? 1 : 0), 0) ?? 0;
  const lengths = trajectoryLengths(set);
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const lengthsText =
    shortest < records ? `; trajectories of ${shortest} to ${records} records` : "";
  const number = species === undefined ? 1 : new Set(species).size;
  return [
    ["trajectories", formatCount(trajectories), { trajectories }],
    ["records", `${formatCount(records)} each, record 0 is the start`, { records }],
    [
      "missing",
      missing === 0
        ? null
        : `${formatCount(missing)} of ${formatCount(trajectories * records * particles)} observations${lengthsText}`,
      { missing, shortest },
    ],
    ["particles", `${particles} in ${dimension} dimensions`, { particles, dimension }],
    ["species", number > 1 ? speciesText(species as Int32Array, kinds) : null, { species: number }],
    ["masses", massesText(masses), { masses }],
    ["units", units, { units }],
  ];
}

/** How many there are of each. */
function speciesText(species: Int32Array, kinds: readonly string[]): string {
  const counts = new Map<number, number>();
  for (const s of species) counts.set(s, (counts.get(s) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([s, count]) => `${count} of ${kinds[s] ?? s}`)
    .join(", ");
}

/** Masses that are listed one by one. */
const LISTED = 12;

function massesText(masses: Float64Array): string {
  const different = [...new Set(masses)];
  const numbers = (of: Iterable<number>): string =>
    Array.from(of, (mass) => formatNumber(mass, 6)).join(", ");
  if (masses.length <= LISTED) return numbers(masses);
  return different.length <= LISTED
    ? `${numbers(different)}${different.length === 1 ? " each" : ""}`
    : `${formatNumber(Math.min(...different), 4)} to ${formatNumber(Math.max(...different), 4)}`;
}

function space({ set, wrapped }: ReadTrajectories): Fact[] {
  const { box, periodic, images } = set;
  const rows = box && [0, 3, 6].map((k) => Array.from(box.subarray(k, k + 3)));
  const along = ["a", "b", "c"].filter((_, d) => periodic?.[d] === 1);
  const open = set.box === undefined || along.length === 0;
  const [nearest, farthest] = separationRange(set.positions, set);
  const separated = open && nearest <= farthest;
  const walls = images === undefined ? "" : ", and how often each particle crossed them is known";
  return [
    [
      "box",
      rows === undefined
        ? null
        : `${boxText(rows)}${(box as Float64Array).length > 9 ? ", changing" : ""}, ${along.length === 3 ? "periodic" : along.length === 0 ? "not periodic" : `periodic along ${along.join(" and ")}`}`,
      { box: rows ?? null, periodic: [0, 1, 2].map((d) => periodic?.[d] === 1) },
    ],
    [
      "positions",
      wrapped === null
        ? null
        : wrapped
          ? `wrapped into the box${walls}`
          : "not wrapped: paths go on through the walls",
      { wrapped },
    ],
    [
      "separations",
      separated
        ? `${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}`
        : open
          ? "none"
          : null,
      { separations: separated ? [nearest, farthest] : null },
    ],
  ];
}

function boxText(rows: readonly (readonly number[])[]): string {
  const right = rows.every((row, a) => row.every((x, d) => a === d || x === 0));
  return right
    ? rows.map((row, a) => formatNumber(row[a], 6)).join(" x ")
    : `(${rows.map((row) => row.map((x) => formatNumber(x, 5)).join(" ")).join(") (")})`;
}

function motion({ set, timeUnit, digits }: ReadTrajectories): Fact[] {
  const { records, times, velocities, provenance } = set;
  const first = times[0] as number;
  const last = times[records - 1] as number;
  const spacing = records > 1 ? (last - first) / (records - 1) : null;
  const unit = timeUnit === "time" ? "" : ` ${timeUnit}s`;
  const noise = positionNoise(set);
  const { file: _, units: __, kinds: ___, particles: ____, ...made } = provenance;
  return [
    [
      "times",
      `${formatNumber(first, 4)} to ${formatNumber(last, 4)}${unit}${spacing === null ? "" : `, ${formatNumber(spacing, 4)} apart`}`,
      { times: { first, last, spacing }, timeUnit },
    ],
    [
      "velocities",
      velocities === undefined ? "none (positions only)" : "given",
      { velocities: velocities === undefined ? "absent" : "given" },
    ],
    ["digits", digits === null ? null : `positions are written with ${digits}`, { digits }],
    [
      "noise",
      noise === null
        ? null
        : noise.smooth
          ? `paths are smooth: less than ${formatNumber(noise.sigma, 2)}`
          : `positions jitter by ${formatNumber(noise.sigma, 2)}, and move by ${formatNumber(noise.move, 2)} from record to record`,
      { noise: noise === null ? null : { sigma: noise.sigma, smooth: noise.smooth } },
    ],
    ["provenance", Object.keys(made).length === 0 ? null : JSON.stringify(made), { provenance }],
  ];
}
