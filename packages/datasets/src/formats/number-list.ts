import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { decodeNpy } from "../npz/npy.ts";
import type { ByteSource } from "./format.ts";
import { numberOf } from "./lines.ts";
import { allBytes } from "./source.ts";

/** A list of numbers from a file: a NumPy array of one dimension, or text with blanks, commas or line ends between them. @throws MclnnError `bad-format`, `bad-npy` */
export async function readNumbers(source: ByteSource): Promise<Float64Array> {
  checkArgument("source", source, { name: "text", bytes: "function", size: "index?" });
  const bytes = await allBytes(source);
  const refuse = (got: string): MclnnError =>
    new MclnnError(`${source.name} is no list of numbers`, {
      code: "bad-format",
      argument: source.name,
      expected: "numbers, or a NumPy array of one dimension",
      got,
    });
  if (bytes[0] === 0x93) {
    const { shape, data } = decodeNpy(bytes, source.name);
    if (shape.length !== 1) throw refuse(`an array of shape (${shape.join(", ")})`);
    return Float64Array.from(data);
  }
  const words = new TextDecoder()
    .decode(bytes)
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const odd = words.find((word) => !Number.isFinite(numberOf(word)));
  if (odd !== undefined || words.length === 0)
    throw refuse(odd === undefined ? "nothing" : JSON.stringify(odd.slice(0, 40)));
  return Float64Array.from(words, numberOf);
}
