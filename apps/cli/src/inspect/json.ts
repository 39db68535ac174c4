import { parseState } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type { Description } from "../commands/inspect.ts";
import { formatCount, formatNumber } from "../terminal/numbers.ts";

/** What a JSON file holds: a state, results or a law. @throws MclnnError of kind `input` */
export function describeJson(value: unknown, text: string, path: string): Description {
  const members = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if ("positions" in members || "masses" in members) return describeState(text, path);
  if ("systems" in members && "version" in members) return describeResults(members);
  if (Array.isArray(members.r) && Array.isArray(members.slope)) return describeLaw(members);
  throw new MclnnError(`${path} is JSON of an unknown kind`, {
    code: "unknown-file",
    argument: "path",
    expected:
      "a state (masses, positions, velocities), results (version, systems) or a law (r, slope)",
    got: `keys ${Object.keys(members).slice(0, 8).join(", ") || "none"}`,
  });
}

function describeState(text: string, path: string): Description {
  const { masses, state, dimension } = parseState(text, { source: path });
  const numbers = (values: Float64Array): string =>
    Array.from(values, (value) => formatNumber(value, 4)).join(", ");
  return {
    kind: "state",
    facts: [
      ["bodies", `${masses.length} in ${dimension} dimensions`],
      ["masses", numbers(masses)],
      ["positions", numbers(state.positions)],
      ["velocities", numbers(state.velocities)],
    ],
    json: {
      particles: masses.length,
      dimension,
      masses,
      positions: state.positions,
      velocities: state.velocities,
      time: state.time,
    },
  };
}

function describeResults(members: Record<string, unknown>): Description {
  const systems = (members.systems ?? {}) as Record<string, { models?: Record<string, unknown> }>;
  const contents = Object.entries(systems).map(
    ([name, system]) => [name, Object.keys(system.models ?? {})] as const,
  );
  return {
    kind: "results",
    facts: [
      ["version", String(members.version)],
      ["seed", String(members.seed)],
      ...contents.map(([name, models]) => [name, models.join(", ")] as const),
    ],
    json: {
      version: members.version,
      seed: members.seed,
      systems: Object.fromEntries(contents),
    },
  };
}

function describeLaw(members: Record<string, unknown>): Description {
  const r = members.r as readonly number[];
  return {
    kind: "law",
    facts: [
      ["points", formatCount(r.length)],
      ["separations", `${formatNumber(r[0], 4)} to ${formatNumber(r[r.length - 1], 4)}`],
      [
        "columns",
        Object.keys(members)
          .filter((key) => Array.isArray(members[key]))
          .join(", "),
      ],
    ],
    json: { points: r.length, separations: [r[0], r[r.length - 1]] },
  };
}
