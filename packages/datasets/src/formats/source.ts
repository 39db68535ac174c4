import { MclnnError } from "@mclnn/physics";
import { checkArgument, listOf } from "@mclnn/physics/arguments";
import type { ByteSource, Head } from "./format.ts";

/** Bytes that are looked at to tell what a file is. */
const HEAD = 2 ** 16;

/** Bytes at hand as a source. */
export function bytesSource(name: string, contents: Uint8Array): ByteSource {
  checkArgument("name", name, "text");
  checkArgument("contents", contents, "bytes");
  return {
    name,
    size: contents.length,
    async *bytes() {
      if (contents.length > 0) yield contents;
    },
  };
}

/** The files one after another. */
export function joinedSource(name: string, sources: readonly ByteSource[]): ByteSource {
  checkArgument("name", name, "text");
  checkArgument("sources", sources, listOf({ name: "text", bytes: "function", size: "index?" }));
  const size = sources.reduce((sum, each) => sum + (each.size ?? Number.NaN), 0);
  return {
    name,
    ...(Number.isNaN(size) ? {} : { size }),
    async *bytes() {
      for (const each of sources) yield* each.bytes();
    },
  };
}

/** The same bytes unpacked where they are gzip, as they come. */
export async function unpacked(source: ByteSource): Promise<ByteSource> {
  const { bytes } = await headOf(source, 4);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return source;
  return { name: source.name, bytes: () => gunzipped(source) };
}

async function* gunzipped(source: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for await (const piece of source.bytes()) await writer.write(Uint8Array.from(piece));
    await writer.close();
  })();
  // Its failure is that of the reader.
  written.catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new MclnnError(`${source.name} cannot be unpacked`, {
      code: "bad-format",
      argument: source.name,
      expected: "a whole gzip file",
      got: cause instanceof Error ? cause.message : "a damaged one",
      cause,
    });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The first bytes. */
export async function headOf(source: ByteSource, length: number = HEAD): Promise<Head> {
  const pieces: Uint8Array[] = [];
  let came = 0;
  let whole = true;
  for await (const piece of source.bytes()) {
    pieces.push(piece.subarray(0, length - came));
    came += piece.length;
    whole = came <= length;
    if (came >= length) break;
  }
  const bytes = joined(pieces);
  return { bytes, text: new TextDecoder().decode(bytes), whole };
}

/** All bytes at once. */
export async function allBytes(source: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.bytes()) pieces.push(piece);
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
