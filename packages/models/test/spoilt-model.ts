import { createHash } from "node:crypto";
import { encodeModel } from "../src/files/encode-model.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "../src/files/safetensors.ts";
import type { Model } from "../src/laws/model.ts";

/** The same file with one thing changed, its checksum made good again. */
export function spoilt(
  model: Model,
  change: (
    config: Record<string, unknown>,
    tensors: Map<string, Tensor>,
    metadata: Map<string, string>,
  ) => void,
): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeModel(model), { source: "test" });
  const config = JSON.parse(metadata.get("config") as string) as Record<string, unknown>;
  const newTensors = new Map(tensors);
  const newMetadata = new Map(metadata);
  const body = (): Uint8Array =>
    decodeSafetensors(encodeSafetensors(newTensors), { source: "test" }).tensorBytes;
  newMetadata.delete("config");
  newMetadata.delete("sha256");
  newMetadata.delete("configSha256");
  change(config, newTensors, newMetadata);
  if (!newMetadata.has("config")) newMetadata.set("config", JSON.stringify(config));
  if (!newMetadata.has("sha256"))
    newMetadata.set("sha256", createHash("sha256").update(body()).digest("hex"));
  return encodeSafetensors(newTensors, newMetadata);
}
