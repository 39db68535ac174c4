import { createHash } from "node:crypto";
import { BYTES, compileKernel, kernelNames } from "../../tools/kernels/compile.mjs";

/** A WebAssembly module in hexadecimal: four bytes `\0asm`, then its version. */
const MODULE = /["'`](0061736d(?:[0-9a-f]{2})+)["'`]/g;

const sumOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Hashes of the WebAssembly modules in a JavaScript or TypeScript text. */
function modulesIn(text: string): string[] {
  return [...text.matchAll(MODULE)].map(([, digits = ""]) => sumOf(Buffer.from(digits, "hex")));
}

/** Compiles kernels anew. @returns hashes of their bytes, by name */
export async function compiledHashes(
  root: string,
  names = kernelNames(root),
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const name of names) hashes.set(name, sumOf(await compileKernel(root, name)));
  return hashes;
}

/** Committed bytes that are not what the sources give. @param read - the text of a file */
export function kernelProblems(
  read: (file: string) => string,
  compiled: ReadonlyMap<string, string>,
): string[] {
  return [...compiled].flatMap(([name, hash]) => {
    const text = read(`${BYTES}/${name}.ts`);
    const found = modulesIn(text);
    const problems: string[] = [];
    if (found.join() !== hash) problems.push(`${name}: committed ${found}, compiled ${hash}`);
    if (!text.includes(hash)) problems.push(`${name}: its file says another hash than ${hash}`);
    return problems;
  });
}

/** Modules in something built that are none of the kernels, and kernels that are not there. */
export function builtProblems(
  what: string,
  texts: readonly string[],
  compiled: ReadonlyMap<string, string>,
): string[] {
  const found = new Set(texts.flatMap(modulesIn));
  const wanted = new Set(compiled.values());
  return [
    ...[...wanted].filter((hash) => !found.has(hash)).map((hash) => `${what} lacks ${hash}`),
    ...[...found]
      .filter((hash) => !wanted.has(hash))
      .map((hash) => `${what} has ${hash}, of no source`),
  ];
}
