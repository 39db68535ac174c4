import { encodeText } from "./safetensors.ts";
import { sha256 } from "./sha256.ts";

/** Value of `format` in the metadata of every model file. */
export const FORMAT = "mclnn-model";
/** Version 2 has terms beside the pair law; laws of pairs alone stay readable by who knows version 1. */
export const VERSIONS = { pairs: "1", terms: "2" } as const;
/** Sum of the configuration; files made before there was one, or by others, need not have it. */
export const CONFIG_SUM = "configSha256";
/** All keys of the metadata. */
export const METADATA: readonly string[] = ["format", "version", "config", "sha256", CONFIG_SUM];

/** SHA-256 of a text's UTF-8 bytes, as hex. */
export const sumOfText = (text: string): string => sha256(encodeText(text));
