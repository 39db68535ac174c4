import type { Random } from "@mclnn/datasets";

/** What mutations need to know of the bytes: a place in them, and a piece from there. */
type Mutation = (bytes: Uint8Array, at: number, random: Random) => Uint8Array;

const INTERESTING = [0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0xffffffff];

const one = <T>(all: readonly T[], random: Random): T => all[random.integer(all.length)];
const somewhere = (bytes: Uint8Array, random: Random): number =>
  bytes.length === 0 ? 0 : random.integer(bytes.length);

/** With other bytes in the place of some. */
function spliced(
  bytes: Uint8Array,
  at: number,
  remove: number,
  insert: ArrayLike<number>,
): Uint8Array {
  const out = new Uint8Array(bytes.length - remove + insert.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(bytes.subarray(at + remove), at + insert.length);
  return out;
}

/** Overwrites as many bytes as there are from a place on. */
function written(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const fits = values.slice(0, bytes.length - at);
  return spliced(bytes, at, fits.length, fits);
}

const piece = (bytes: Uint8Array, at: number, random: Random): Uint8Array =>
  bytes.subarray(at, at + 1 + random.integer(64));

/** Ways to damage bytes, or to make them say something else. */
const mutations: Readonly<Record<string, Mutation>> = {
  "a bit flipped": (bytes, at, random) =>
    written(bytes, at, [bytes[at] ^ (1 << random.integer(8))]),
  "bytes at random": (bytes, at, random) =>
    written(
      bytes,
      at,
      Array.from({ length: 1 + random.integer(8) }, () => random.integer(256)),
    ),
  "a number of 1, 2, 4 or 8 bytes at an edge of its range": (bytes, at, random) => {
    const width = one([1, 2, 4, 8], random);
    const value = one(INTERESTING, random);
    const high = width === 8 && value === 0xffffffff ? 0xff : 0;
    const digits = Array.from({ length: width }, (_, k) => (k < 4 ? value >>> (8 * k) : high));
    return written(bytes, at, digits);
  },
  "cut short": (bytes, at) => bytes.slice(0, at),
  "a piece left out": (bytes, at, random) =>
    spliced(bytes, at, piece(bytes, at, random).length, []),
  "a piece twice": (bytes, at, random) => spliced(bytes, at, 0, piece(bytes, at, random)),
  "a piece of itself put elsewhere": (bytes, at, random) =>
    spliced(bytes, somewhere(bytes, random), 0, piece(bytes, at, random)),
  "bytes behind the end": (bytes, _, random) =>
    spliced(bytes, bytes.length, 0, new Array(1 + random.integer(32)).fill(random.integer(256))),
};
const MUTATIONS = Object.values(mutations);

/** One to four mutations on top of each other. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let out = bytes;
  for (let k = random.integer(4); k >= 0; k--)
    out = one(MUTATIONS, random)(out, somewhere(out, random), random);
  return out;
}

/** What JSON, headers and formulas are made of, and what attackers put into them. */
const PIECES = [
  ...'"__proto__" "constructor" "toString" "prototype" null true -0 1e999 -1 1e-320'.split(" "),
  ...'9007199254740993 0.1 "" [] [[]] {} [1,2] [1,2,3] {"a":1} , : { } [ ] "'.split(" "),
  ..."\\ \\u0000 \u0000 \ufeff ' ( ) 'O' '|O' True 18446744073709551616 \u202e".split(" "),
];

const TOKEN = /"(?:[^"\\]|\\.)*"|'[^']*'|-?\d[\d.eE+-]*|[A-Za-z_]+|[^\s]/g;

/** A text with some of its tokens replaced, left out, doubled, exchanged, or with others put between. */
export function mutatedText(text: string, random: Random): string {
  const tokens = text.match(TOKEN) ?? [];
  for (let k = random.integer(3); k >= 0; k--) {
    const at = random.integer(tokens.length + 1);
    const piece = one(PIECES, random);
    const other = tokens[random.integer(Math.max(1, tokens.length))] ?? "";
    const many = piece.repeat(1 + random.integer(200));
    const edits = [[1], [1, piece], [0, piece], [1, other], [0, other], [0, many]] as const;
    const [remove, ...put] = one<readonly [number, ...string[]]>(edits, random);
    tokens.splice(at, remove, ...put);
  }
  return tokens.join(random.integer(8) === 0 ? " " : "");
}
