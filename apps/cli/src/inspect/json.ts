import { parseState } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import type { Fact } from "../terminal/fact.ts";
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
  const { positions, velocities, time } = state;
  return {
    kind: "state",
    facts: [
      [
        "bodies",
        `${masses.length} in ${dimension} dimensions`,
        { particles: masses.length, dimension },
      ],
      ["masses", numbers(masses), { masses }],
      ["positions", numbers(positions), { positions }],
      ["velocities", numbers(velocities), { velocities, time }],
    ],
  };
}

function describeResults(members: Members): Description {
  const contents = Object.entries(membersOf(members.systems)).map(
    ([name, system]) => [name, Object.keys(membersOf(membersOf(system).models))] as const,
  );
  const { version, seed } = members;
  return {
    kind: "results",
    facts: [
      ["version", shown(version), { version }],
      ["seed", shown(seed), { seed, systems: Object.fromEntries(contents) }],
      ...contents.map(([name, models]): Fact => [name, models.join(", ")]),
    ],
  };
}

function describeLaw(members: Members, r: readonly number[]): Description {
  const [first, last] = [r[0], r[r.length - 1]];
  const columns = Object.keys(members).filter((key) => Array.isArray(members[key]));
  return {
    kind: "law",
    facts: [
      ["points", formatCount(r.length), { points: r.length }],
      [
        "separations",
        `${formatNumber(first, 4)} to ${formatNumber(last, 4)}`,
        { separations: [first, last] },
      ],
      ["columns", columns.join(", ")],
    ],
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
