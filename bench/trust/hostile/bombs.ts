import { constants, deflateRawSync } from "node:zlib";

/** Bytes of zeros in one piece of a bomb. */
const PIECE = 2 ** 24;

/** What an archive says of the size of its one entry. */
export interface Claims {
  /** Bytes that really come out. */
  readonly inflates: number;
  /** Bytes that the headers speak of. */
  readonly claimed: number;
}

/** A zip archive with one array, which inflates to far more than the file: a deflate stream of equal pieces. */
export function zipBomb({ inflates, claimed }: Claims): Uint8Array {
  const piece = deflateRawSync(new Uint8Array(PIECE), { finishFlush: constants.Z_FULL_FLUSH });
  const pieces = Math.ceil(inflates / PIECE);
  // An empty last block ends the stream.
  const data = Buffer.concat([...new Array<Buffer>(pieces).fill(piece), Buffer.of(3, 0)]);
  const name = Buffer.from("positions.npy");
  const header = (central: boolean): Buffer => {
    const out = Buffer.alloc(central ? 46 : 30);
    out.writeUInt32LE(central ? 0x02014b50 : 0x04034b50, 0);
    const at = central ? 6 : 4;
    out.writeUInt16LE(20, at);
    out.writeUInt16LE(8, at + 4);
    out.writeUInt32LE(data.length, at + 14);
    out.writeUInt32LE(Math.min(claimed, 0xfffffffe), at + 18);
    out.writeUInt16LE(name.length, at + 22);
    return out;
  };
  const local = Buffer.concat([header(false), name, data]);
  const central = Buffer.concat([header(true), name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
