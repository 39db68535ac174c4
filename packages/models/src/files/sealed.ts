import { encodeSafetensors, type Tensor } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

const NO_SUM = "0".repeat(64);

/**
 * Bytes of a safetensors file in which no bit can change unnoticed: its metadata have a sha256 of the whole file, with zeros in that place.
 *
 * @param key - of the sum in the metadata
 */
export function encodeSealed(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string>,
  key: string,
): Uint8Array {
  return encodeSafetensors(
    tensors,
    new Map([...metadata, [key, sumOf(tensors, new Map([...metadata, [key, NO_SUM]]))]]),
  );
}

/** Whether a file that was read is, to the last bit, what {@link encodeSealed} wrote. */
export function isWhole(
  bytes: Uint8Array,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string>,
  key: string,
): boolean {
  const sum = sumOf(tensors, new Map([...metadata, [key, NO_SUM]]));
  return sum === metadata.get(key) && sameBytes(encodeSafetensors(tensors, metadata), bytes);
}

function sumOf(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string>,
): string {
  return sha256(encodeSafetensors(tensors, metadata));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
