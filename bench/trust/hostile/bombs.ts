import { constants, deflateRawSync } from "node:zlib";

/** Bytes of zeros in one piece of a bomb. */
const PIECE = 2 ** 24;

/**
 * A zip archive with one array, which inflates to far more than the file: a deflate stream of equal pieces.
 *
 * @param inflates - bytes that really come out
 * @param claimed - bytes that the headers speak of
 */
export function zipBomb(inflates: number, claimed: number): Uint8Array {
  const piece = deflateRawSync(new Uint8Array(PIECE), { finishFlush: constants.Z_FULL_FLUSH });
  const pieces = Math.ceil(inflates / PIECE);
  // An empty last block ends the stream.
  const data = Buffer.concat([...new Array<Buffer>(pieces).fill(piece), Buffer.of(3, 0)]);
  const name = Buffer.from("positions.npy");
  const header = (central: boolean): Buffer => {
    const at = central ? 6 : 4;
    return record(central ? 46 : 30, central ? 0x02014b50 : 0x04034b50, {
      ...{ [at]: [2, 20], [at + 4]: [2, 8], [at + 14]: [4, data.length] },
      ...{ [at + 18]: [4, Math.min(claimed, 0xfffffffe)], [at + 22]: [2, name.length] },
    });
  };
  const local = Buffer.concat([header(false), name, data]);
  const central = Buffer.concat([header(true), name]);
  const end = record(22, 0x06054b50, {
    ...{ 8: [2, 1], 10: [2, 1], 12: [4, central.length], 16: [4, local.length] },
  });
  return Buffer.concat([local, central, end]);
}

/** A record of an archive: its signature, and fields of so many bytes at their places. */
function record(
  length: number,
  signature: number,
  fields: Readonly<Record<number, readonly [bytes: number, value: number]>>,
): Buffer {
  const out = Buffer.alloc(length);
  out.writeUInt32LE(signature, 0);
  for (const [at, [bytes, value]] of Object.entries(fields))
    out.writeUIntLE(value, Number(at), bytes);
  return out;
}
