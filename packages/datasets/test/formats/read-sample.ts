import { readFileSync } from "node:fs";
import path from "node:path";
import {
  bytesSource,
  type ReadHooks,
  type ReadOptions,
  type ReadTrajectories,
  readTrajectories,
} from "../../src/formats/index.ts";

/** The bytes of a file that another program wrote. */
export function sampleBytes(name: string): Uint8Array {
  return readFileSync(path.join(import.meta.dirname, "../fixtures/formats", name));
}

export const sampleText = (name: string): string => new TextDecoder().decode(sampleBytes(name));

/** Reads it. */
export const readSample = (
  name: string,
  options: ReadOptions = {},
  hooks: ReadHooks = {},
): Promise<ReadTrajectories> =>
  readTrajectories(bytesSource(name, sampleBytes(name)), options, hooks);

/** Reads a text, or bytes, as if they were a file. @param piece - bytes that come at once */
export function readText(
  text: string | Uint8Array,
  options: ReadOptions = {},
  piece = 7,
): Promise<ReadTrajectories> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return readTrajectories(
    {
      name: "a file",
      size: bytes.length,
      async *bytes() {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      },
    },
    options,
  );
}

/** Bytes of all pieces that a writer gives. */
export function written(pieces: Iterable<string | Uint8Array>): Uint8Array {
  const encoder = new TextEncoder();
  return Buffer.concat(
    Array.from(pieces, (piece) => (typeof piece === "string" ? encoder.encode(piece) : piece)),
  );
}
