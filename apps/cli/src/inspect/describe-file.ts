import { MclnnError } from "@mclnn/physics";
import type { Description } from "./description.ts";

/** What a file holds, told by how it begins. @throws MclnnError of kind `input` */
export async function describeFile(bytes: Uint8Array, path: string): Promise<Description> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { describeNpz } = await import("./npz.ts");
    return describeNpz(bytes, path);
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

/** Eight bytes of header length, little endian and never large, then the header: JSON. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes.subarray(4, 8).every((byte) => byte === 0);
}
