/**
 * SHA-256 of bytes, as hex: the checksum of files, against damage. What is secret calls for more than this.
 *
 * @see FIPS 180-4, 6.2
 */
export function sha256(bytes: Uint8Array): string {
  const { sum, keys } = beginning();
  const whole = bytes.length - (bytes.length % 64);
  const end = new Uint8Array(bytes.length - whole < 56 ? 64 : 128);
  end.set(bytes.subarray(whole));
  end[bytes.length - whole] = 0x80;
  viewOf(end).setBigUint64(end.length - 8, 8n * BigInt(bytes.length));
  addBlocks(sum, keys, bytes.subarray(0, whole));
  addBlocks(sum, keys, end);
  return Array.from(sum, (x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The first 32 bits behind the point: of the square roots of the first 8 primes, and of the cube roots of the first 64. */
function beginning(): { sum: Int32Array; keys: Int32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p > 0)) primes.push(n);
  const bits = (x: number): number => (x % 1) * 2 ** 32;
  const cubeRoot = (p: number): number => {
    let x = p;
    // Newton's method; 20 steps take 311 to the last bit.
    for (let k = 0; k < 20; k++) x -= (x - p / (x * x)) / 3;
    return x;
  };
  return {
    sum: Int32Array.from(primes.slice(0, 8), (p) => bits(Math.sqrt(p))),
    keys: Int32Array.from(primes, (p) => bits(cubeRoot(p))),
  };
}

/** Takes blocks of 64 bytes into the sum. */
function addBlocks(sum: Int32Array, keys: Int32Array, blocks: Uint8Array): void {
  const view = viewOf(blocks);
  const w = new Int32Array(64);
  for (let at = 0; at < blocks.length; at += 64) {
    let [a, b, c, d, e, f, g, h] = sum;
    for (let t = 0; t < 64; t++) {
      if (t < 16) w[t] = view.getInt32(at + 4 * t);
      else {
        const x = w[t - 15];
        const y = w[t - 2];
        w[t] =
          w[t - 16] +
          w[t - 7] +
          (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) +
          (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10));
      }
      const own =
        h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + keys[t] + w[t];
      const other = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + own) | 0, c, b, a, (own + other) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => {
      sum[k] = sum[k] + x;
    });
  }
}

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length);
