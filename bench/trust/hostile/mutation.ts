import type { Random } from "@mclnn/datasets";

/** A way to damage bytes, or to make them say something else. */
interface Mutation {
  readonly name: string;
  apply(bytes: Uint8Array, random: Random): Uint8Array;
}

const INTERESTING = [0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0xffffffff];

const somewhere = (bytes: Uint8Array, random: Random): number =>
  bytes.length === 0 ? 0 : random.integer(bytes.length);

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - remove + insert.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(bytes.subarray(at + remove), at + insert.length);
  return out;
}

const mutations: readonly Mutation[] = [
  {
    name: "a bit flipped",
    apply(bytes, random) {
      const out = bytes.slice();
      const at = somewhere(out, random);
      if (out.length > 0) out[at] = out[at] ^ (1 << random.integer(8));
      return out;
    },
  },
  {
    name: "bytes at random",
    apply(bytes, random) {
      const out = bytes.slice();
      const at = somewhere(out, random);
      for (let k = at; k < Math.min(out.length, at + 1 + random.integer(8)); k++)
        out[k] = random.integer(256);
      return out;
    },
  },
  {
    name: "a number of 1, 2, 4 or 8 bytes at an edge of its range",
    apply(bytes, random) {
      const out = bytes.slice();
      const width = [1, 2, 4, 8][random.integer(4)];
      const at = somewhere(out, random);
      let value = INTERESTING[random.integer(INTERESTING.length)];
      for (let k = at; k < Math.min(out.length, at + width); k++) {
        out[k] = value & 0xff;
        value = width === 8 && value === 0xffffffff ? 0xffffffff : value >>> 8;
      }
      return out;
    },
  },
  { name: "cut short", apply: (bytes, random) => bytes.slice(0, somewhere(bytes, random)) },
  {
    name: "a piece left out",
    apply(bytes, random) {
      const at = somewhere(bytes, random);
      return spliced(
        bytes,
        at,
        Math.min(bytes.length - at, 1 + random.integer(64)),
        new Uint8Array(),
      );
    },
  },
  {
    name: "a piece twice",
    apply(bytes, random) {
      const at = somewhere(bytes, random);
      return spliced(bytes, at, 0, bytes.slice(at, at + 1 + random.integer(64)));
    },
  },
  {
    name: "a piece of itself put elsewhere",
    apply(bytes, random) {
      const from = somewhere(bytes, random);
      const piece = bytes.slice(from, from + 1 + random.integer(64));
      return spliced(bytes, somewhere(bytes, random), 0, piece);
    },
  },
  {
    name: "bytes behind the end",
    apply: (bytes, random) =>
      spliced(
        bytes,
        bytes.length,
        0,
        new Uint8Array(1 + random.integer(32)).fill(random.integer(256)),
      ),
  },
];

/** One to four mutations on top of each other. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes;
  for (let k = random.integer(4); k >= 0; k--)
    out = mutations[random.integer(mutations.length)].apply(out, random);
  return out;
}
