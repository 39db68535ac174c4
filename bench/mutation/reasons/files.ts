import type { Reason } from "../reasons.ts";

const ZIP_WRITER = "packages/datasets/src/npz/zip-writer.ts";
const ZIP = "packages/datasets/src/npz/zip.ts";
const NPY = "packages/datasets/src/npz/npy.ts";
const TRAJECTORIES = "packages/datasets/src/trajectory-file.ts";
const STATES = "packages/datasets/src/state-file.ts";
const PLAIN = "packages/learning/src/checkpoints/plain-value.ts";
const SAFETENSORS = "packages/models/src/files/safetensors.ts";
const SEALED = "packages/models/src/files/sealed.ts";
const CHECKPOINTS = "packages/learning/src/checkpoints/checkpoint-file.ts";
const FIELDS = "packages/models/src/files/model-fields.ts";

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
    file: "packages/datasets/src/npz/npz.ts",
    why: "what has no type is of none of the types that are written",
    changes: [['""', '"Stryker was here!"']],
  },
  {
    file: NPY,
    why: "what its pattern took is there",
    changes: [['""', '"Stryker was here!"']],
  },
  {
    file: NPY,
    why: "records are refused, whatever else they are",
    changes: [
      ["false", "true"],
      ["[]", '["Stryker was here"]'],
    ],
  },
  {
    file: NPY,
    why: "a dimension beyond the last has no size, and is passed over",
    changes: [["shape.length - 1", "shape.length + 1"]],
  },
  {
    file: NPY,
    why: "Number() passes over blanks",
    changes: [["size.trim()", "size"]],
  },
  {
    file: NPY,
    why: "what is written beyond the end of a typed array is lost",
    changes: [["k < out.length", "k <= out.length"]],
  },
  {
    file: ZIP,
    why: "not 0 is not 0 in either order of its bytes",
    changes: [["true", "false"]],
  },
  {
    file: ZIP,
    why: "what follows the directory has another signature, and an entry is as long as its name at least: the next check finds it",
    changes: [
      ["at + 46 > end", "false"],
      ["at + 46", "at - 46"],
      ["local + 30 > directory", "local + 30 >= directory"],
      ["local + 30", "local - 30"],
    ],
  },
  {
    file: ZIP,
    why: "refused once more when it was read",
    changes: [["method === 0 && packed !== unpacked", "false"]],
  },
  {
    file: ZIP,
    why: "the sign for bytes that are no UTF-8 is no letter, and refused as such",
    changes: [
      ["{ fatal: true }", "{}"],
      ["true", "false"],
    ],
  },
  {
    file: ZIP,
    why: "what was too much is refused, kept or not",
    changes: [["total <= size", "true"]],
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
    file: PLAIN,
    why: "what is no text names no tensor and no special number",
    changes: [['typeof name !== "string"', "false"]],
  },
  {
    file: SAFETENSORS,
    why: "where there is no shape there is no count either",
    changes: [["shape === null", "false"]],
  },
  {
    file: SAFETENSORS,
    why: "one step beyond the end there is no quote either",
    changes: [["end < text.length", "end <= text.length"]],
  },
  {
    file: SEALED,
    why: "one byte beyond the ends there is nothing in either",
    changes: [["i < a.length", "i <= a.length"]],
  },
  {
    file: CHECKPOINTS,
    why: "what is missing is no JSON, and neither is this",
    changes: [['""', '"Stryker was here!"']],
  },
  {
    file: CHECKPOINTS,
    why: "a function that comes to its end gives undefined",
    changes: [["{ return undefined; }", "{}"]],
  },
  {
    file: FIELDS,
    why: "what is missing is no JSON, and neither is this",
    changes: [['""', '"Stryker was here!"']],
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
