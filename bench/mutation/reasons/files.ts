import type { Reason } from "../reasons.ts";

const ZIP_WRITER = "packages/datasets/src/npz/zip-writer.ts";
const TRAJECTORIES = "packages/datasets/src/trajectory-file.ts";
const STATES = "packages/datasets/src/state-file.ts";

/** Of the readers and writers of files. */
export const files: readonly Reason[] = [
  {
    file: ZIP_WRITER,
    why: "six is what fflate does where it is not told",
    changes: [["{ level: 6 }", "{}"]],
  },
  {
    file: ZIP_WRITER,
    why: "archives of 4 GiB are not made in tests",
    changes: [
      ["total >= 2 ** 32 - 1", "false"],
      ["total >= 2 ** 32 - 1", "total > 2 ** 32 - 1"],
      ["2 ** 32 - 1", "2 ** 32 + 1"],
      ["parts.some((p) => p.size >= 2 ** 32 - 1)", "parts.every(p => p.size >= 2 ** 32 - 1)"],
      ["(p) => p.size >= 2 ** 32 - 1", "() => undefined"],
      ["p.size >= 2 ** 32 - 1", "false"],
      ["p.size >= 2 ** 32 - 1", "p.size > 2 ** 32 - 1"],
    ],
  },
  {
    file: TRAJECTORIES,
    why: "one look beyond the end finds nothing there",
    changes: [["k < seen.length", "k <= seen.length"]],
  },
  {
    file: TRAJECTORIES,
    why: "spares a copy, and nothing else",
    changes: [["seen === undefined", "false"]],
  },
  {
    file: STATES,
    why: "an option that is undefined is one that was not given",
    changes: [
      ["time === undefined", "false"],
      ["charges === undefined", "false"],
      ["species === undefined", "false"],
    ],
  },
  {
    file: STATES,
    why: "nothing else is thrown there: a mistake of ours would pass as it is",
    changes: [["!isMclnnError(cause)", "false"]],
  },
];
