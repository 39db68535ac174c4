/** What a case gives: numbers, or bytes of a file. */
export type Bits = ArrayLike<number> | Uint8Array;

/** Something that must come out the same in every bit, wherever it runs. */
export interface BitsCase {
  readonly name: string;
  readonly bits: () => Bits | Promise<Bits>;
}

/** SHA-256 of numbers as float64, little endian, every NaN as one and the same; of bytes as they are. */
export async function hashOf(bits: Bits): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(bits));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(bits: Bits): Uint8Array<ArrayBuffer> {
  // Where a page or a sandbox made it, it is an instance of another Uint8Array.
  if ("BYTES_PER_ELEMENT" in bits && bits.BYTES_PER_ELEMENT === 1) return Uint8Array.from(bits);
  const view = new DataView(new ArrayBuffer(8 * bits.length));
  for (let k = 0; k < bits.length; k++) {
    const x = bits[k];
    // NaN has many forms, of which engines choose freely.
    if (Number.isNaN(x)) view.setBigUint64(8 * k, 0x7ff8000000000000n, true);
    else view.setFloat64(8 * k, x, true);
  }
  return new Uint8Array(view.buffer);
}
