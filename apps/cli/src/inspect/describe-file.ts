import type { ReadTrajectories } from "@mclnn/datasets/formats";
import { MclnnError } from "@mclnn/physics";
import type { Description } from "./description.ts";

/**
 * What a file holds, told by how it begins.
 *
 * @param read - its trajectories, as options say
 * @throws MclnnError of kind `input`
 */
export async function describeFile(
  bytes: Uint8Array,
  path: string,
  read?: () => Promise<ReadTrajectories>,
): Promise<Description> {
  if (isZip(bytes)) {
    const { describeNpz } = await import("./npz.ts");
    return describeNpz(bytes, path, read);
  }
  if (isSafetensors(bytes)) {
    const { describeModel } = await import("./model.ts");
    return describeModel(bytes, path);
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new MclnnError(`${path} holds nothing known`, {
      code: "unknown-file",
      argument: "path",
      expected: "an NPZ archive, a safetensors model or JSON",
      got: bytes.length === 0 ? "an empty file" : `${bytes.length} bytes of something else`,
    });
  }
  const { describeJson } = await import("./json.ts");
  return describeJson(value, text, path);
}

/** Whether a file that begins like this is of a kind that is looked at as a whole: an archive, a model, JSON. */
export function isLookedAtWhole(head: Uint8Array): boolean {
  return isZip(head) || isSafetensors(head) || /^\s*[[{]/.test(new TextDecoder().decode(head));
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Eight bytes of header length, little endian and never large, then the header: JSON. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}
