import {
  decodeNpz,
  decodeTrajectorySet,
  type TrajectorySet,
  trajectoryLengths,
} from "@mclnn/datasets";
import { separationRange } from "@mclnn/studies";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import type { Fact } from "../terminal/fact.ts";
import type { Description } from "./description.ts";

/** What an NPZ file holds: trajectories where it has positions, plain arrays else. @throws MclnnError of kind `input` */
export function describeNpz(bytes: Uint8Array, path: string): Description {
  const arrays = decodeNpz(bytes, { source: path });
  const listed = [...arrays].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  if (arrays.has("positions"))
    return describeTrajectories(decodeTrajectorySet(bytes, { source: path }), listed);
  const shown = listed.map(
    ({ name, dtype, shape }): Fact => [name, `${dtype} [${shape.join(" x ")}]`],
  );
  return { kind: "arrays", facts: [["arrays", null, { arrays: listed }], ...shown] };
}

function describeTrajectories(
  set: TrajectorySet,
  arrays: readonly { name: string; dtype: string; shape: readonly number[] }[],
): Description {
  const { trajectories, records, particles, dimension, times, masses, provenance } = set;
  const [nearest, farthest] = separationRange(set.positions, set);
  const separated = nearest <= farthest;
  const first = times[0] as number;
  const last = times[records - 1] as number;
  const spacing = records > 1 ? (last - first) / (records - 1) : null;
  const missing = set.observed?.reduce((n, x) => n + (x === 0 ? 1 : 0), 0) ?? 0;
  const lengths = trajectoryLengths(set);
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const observations = trajectories * records * particles;
  const lengthsText =
    shortest < records ? `; trajectories of ${shortest} to ${records} records` : "";
  return {
    kind: "trajectories",
    facts: [
      ["trajectories", formatCount(trajectories), { trajectories }],
      ["records", `${formatCount(records)} each, record 0 is the start`, { records }],
      [
        "missing",
        missing === 0
          ? null
          : `${formatCount(missing)} of ${formatCount(observations)} observations${lengthsText}`,
        { missing, shortest },
      ],
      ["bodies", `${particles} in ${dimension} dimensions`, { particles, dimension }],
      ["masses", Array.from(masses, (mass) => formatNumber(mass, 4)).join(", "), { masses }],
      [
        "times",
        `${formatNumber(first, 4)} to ${formatNumber(last, 4)}${spacing === null ? "" : `, ${formatNumber(spacing, 4)} apart`}`,
        { times: { from: first, to: last, spacing } },
      ],
      [
        "velocities",
        set.velocities === undefined ? "none (positions only)" : "given",
        { velocities: set.velocities !== undefined },
      ],
      [
        "separations",
        separated ? `${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}` : "none",
        { separations: separated ? [nearest, farthest] : null },
      ],
      ["provenance", JSON.stringify(provenance), { provenance, arrays }],
    ],
  };
}
