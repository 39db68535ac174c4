import { parseState } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { formatCount, formatNumber } from "../terminal/numbers.ts";
import type { Description } from "./description.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a JSON file holds: a state, results or a law. @throws MclnnError of kind `input` */
export function describeJson(value: unknown, text: string, path: string): Description {
  const members = membersOf(value);
  if ("positions" in members || "masses" in members) return describeState(text, path);
  if ("systems" in members && "version" in members) return describeResults(members);
  const { r, slope } = members;
  if (areNumbers(r) && areNumbers(slope) && r.length === slope.length)
    return describeLaw(members, r);
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

function describeResults(members: Members): Description {
  const contents = Object.entries(membersOf(members.systems)).map(
    ([name, system]) => [name, Object.keys(membersOf(membersOf(system).models))] as const,
  );
  return {
    kind: "results",
    facts: [
      ["version", shown(members.version)],
      ["seed", shown(members.seed)],
      ...contents.map(([name, models]) => [name, models.join(", ")] as const),
    ],
    json: {
      version: members.version,
      seed: members.seed,
      systems: Object.fromEntries(contents),
    },
  };
}

function describeLaw(members: Members, r: readonly number[]): Description {
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

/** Of an object; none of anything else. */
function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Members)
    : {};
}

/** One number or more, and nothing but numbers. */
function areNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number")
  );
}

/** A value as JSON has it, but texts without their quotes. */
function shown(value: unknown): string {
  if (value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
