import { MclnnError } from "@mclnn/physics";
import { checkArgument, dictionaryOf, optional } from "@mclnn/physics/arguments";
import {
  type ByteSource,
  type Format,
  type ReadHooks,
  Reading,
  type ReadOptions,
  type ReadTrajectories,
} from "./format.ts";
import { formats } from "./formats.ts";
import { refuseOthers } from "./others.ts";
import { headOf, unpacked } from "./source.ts";

/**
 * Reads trajectories from a file of any format there is, which is told by what it holds and not by its name.
 *
 * @param options - what the file does not say itself
 * @param hooks - how to load optional libraries; what to do when a box is met
 * @throws MclnnError of kind `input`: `unknown-file`, `convert-first` for formats with a recipe, `bad-format` for what is damaged, and what checks of
 * trajectories say
 */
export async function readTrajectories(
  source: ByteSource,
  options: ReadOptions = {},
  hooks: ReadHooks = {},
): Promise<ReadTrajectories> {
  checkArgument("source", source, { name: "text", bytes: "function", size: "index?" });
  checkArgument("options", options, {
    dt: "positive?",
    fps: "positive?",
    times: "numbers?",
    masses: "numbers?",
    units: "text?",
    likelihood: "number?",
    axes: "text?",
    missingAsNan: "flag?",
    box(argument, value) {
      if (typeof value === "string") checkArgument(argument, value, ["none"]);
      else checkArgument(argument, value, "numbers?");
    },
    scale: optional({ factor: "positive", unit: "text?" }),
    massOf: optional(dictionaryOf("positive")),
    columns: optional(dictionaryOf("text")),
  });
  checkArgument("hooks", hooks, { load: "function?", onBox: "function?" });
  const plain = await unpacked(source);
  const head = await headOf(plain);
  refuseOthers(source.name, head);
  const format = formats.find((each) => each.recognises(head));
  if (format === undefined) {
    throw new MclnnError(`${source.name} holds no trajectories that are known here`, {
      code: "unknown-file",
      argument: source.name,
      expected: formats.map(({ name }) => name).join(", "),
      got:
        head.bytes.length === 0
          ? "an empty file"
          : `something else, that begins ${JSON.stringify(head.text.slice(0, 40))}`,
    });
  }
  const reading = new Reading(plain, head, options, hooks);
  const found = await format.read(reading);
  return { format: format.name, ...found, notes: reading.notes, used: reading.used };
}

/** The format that a path ends like; undefined for others. */
export function formatOf(path: string): Format | undefined {
  checkArgument("path", path, "text");
  const lower = path.toLowerCase();
  return formats.find(
    ({ endings, write }) => write !== undefined && endings.some((ending) => lower.endsWith(ending)),
  );
}
