import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Value of `format` in the metadata of every model file. */
export const FORMAT = "mclnn-model";
/** The only version there is. */
export const VERSION = "1";
/** Sum of the configuration; files made before there was one, or by others, need not have it. */
export const CONFIG_SUM = "configSha256";
/** All keys of the metadata. */
export const METADATA: readonly string[] = ["format", "version", "config", "sha256", CONFIG_SUM];

/** SHA-256 of bytes, as hex. */
export function sumOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** SHA-256 of a text's UTF-8 bytes, as hex. */
export function sumOfText(text: string): string {
  return sumOfBytes(utf8ToBytes(text));
}
