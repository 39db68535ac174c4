import { decodeSafetensors, type Tensor } from "@mclnn/models";
import { encodeSealed, isWhole } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { putTogether, takeApart } from "./plain-value.ts";
import { type Plain, restored, type TrainingState } from "./state.ts";

const FORMAT = "mclnn-checkpoint";
const VERSION = "1";

/** A training as it can be gone on with: what it is of, and how far it is. */
export interface Checkpoint {
  /** What the training is of, in the caller's own terms: options, files and their hashes. */
  readonly config: { readonly [key: string]: Plain };
  /** Null before the first state. */
  readonly state: TrainingState | null;
}

/**
 * Bytes of a checkpoint: safetensors, every number of the state in it.
 *
 * Metadata: `format` = `mclnn-checkpoint`, `version` = `1`, `config` and `state` (JSON), `sha256` (hex, of the whole file with zeros in its
 * place), so that no bit can change unnoticed. {@link decodeCheckpoint} gives every bit back.
 *
 * @throws MclnnError `bad-argument`; `not-finite` (failure) for NaN
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  checkArgument("checkpoint", checkpoint, { config: {} });
  const { config, state } = checkpoint;
  const tensors = new Map<string, Tensor>();
  const configJson = JSON.stringify(takeApart(config, "config", tensors));
  const stateJson = JSON.stringify(takeApart(state as unknown as Plain, "state", tensors));
  return encodeSealed(
    tensors,
    new Map([
      ["format", FORMAT],
      ["version", VERSION],
      ["config", configJson],
      ["state", stateJson],
    ]),
    "sha256",
  );
}

/**
 * Reads a checkpoint that is whole to the last bit, and nothing else.
 *
 * @param options - source: what to call the file in errors
 * @throws MclnnError `bad-safetensors`, `not-a-checkpoint`, `wrong-version`, `wrong-checksum`, all naming the source
 */
export function decodeCheckpoint(
  bytes: Uint8Array,
  options: { readonly source?: string } = {},
): Checkpoint {
  checkArgument("options", options, { source: "text?" });
  const { source = "checkpoint" } = options;
  const { tensors, metadata } = decodeSafetensors(bytes, { source });
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError(`${source} is not a checkpoint`, {
      code: "not-a-checkpoint",
      argument,
      expected,
      got,
    });
  };
  const format = metadata.get("format") ?? "nothing";
  if (format !== FORMAT) refuse("format", FORMAT, format);
  const version = metadata.get("version") ?? "nothing";
  if (version !== VERSION)
    throw new MclnnError(`${source} is a checkpoint of another version`, {
      code: "wrong-version",
      argument: "version",
      expected: VERSION,
      got: version,
      mend: "Go on with the release that wrote it.",
    });
  if (!isWhole(bytes, tensors, metadata, "sha256"))
    throw new MclnnError(`${source} is damaged: it is not what was written`, {
      code: "wrong-checksum",
      argument: "sha256",
      expected: `a file that belongs to its sha256, ${metadata.get("sha256") ?? "of which there is none"}`,
      got: "another",
    });
  const left = new Map(tensors);
  const part = (name: "config" | "state"): Plain => {
    const value = putTogether(parse(metadata.get(name)), left);
    return value === undefined ? refuse(name, "what encodeCheckpoint writes", "else") : value;
  };
  const config = part("config");
  const state = part("state");
  if (config === null || typeof config !== "object" || Array.isArray(config))
    return refuse("config", "an object", "else");
  if (left.size > 0) refuse("tensors", "those of the state", [...left.keys()].join(", "));
  return {
    config: config as Checkpoint["config"],
    state: state === null ? null : restored(STATE, state),
  };
}

const STATE: TrainingState = {
  iteration: 0,
  stage: "",
  values: null,
  log: null as unknown as TrainingState["log"],
  clock: null as unknown as TrainingState["clock"],
};

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
