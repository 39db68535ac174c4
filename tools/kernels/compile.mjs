import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { main } from "assemblyscript/asc";

const FLAGS = ["-O3", "--runtime", "stub", "--enable", "simd", "--disable", "relaxed-simd"];

/** Sources of the kernels, from the root of the workspace. */
const SOURCES = "packages/learning/assembly";
/** Their bytes as modules, as committed. */
export const BYTES = "packages/learning/src/wasm/bytes";

/** Names of the kernels: folders with sources. @param {string} root @returns {string[]} */
export function kernelNames(root) {
  return readdirSync(path.join(root, SOURCES), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Compiles one kernel to WebAssembly.
 *
 * @param {string} root - of the workspace
 * @param {string} name
 * @returns {Promise<Buffer>} its bytes
 * @throws {Error} with the compiler's diagnostics
 */
export async function compileKernel(root, name) {
  const scratch = mkdtempSync(path.join(tmpdir(), "kernels-"));
  const before = process.cwd();
  try {
    const out = path.join(scratch, `${name}.wasm`);
    // Diagnostics name files as they are given.
    process.chdir(root);
    const { error, stderr } = await main([
      `${SOURCES}/${name}/index.ts`,
      ...FLAGS,
      "-o",
      path.relative(root, out),
    ]);
    if (error !== null) throw new Error(`${name}: ${error.message}\n${stderr}`);
    return readFileSync(out);
  } finally {
    process.chdir(before);
    rmSync(scratch, { recursive: true });
  }
}
