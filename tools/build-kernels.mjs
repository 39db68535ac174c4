// Compiles packages/learning/assembly/<name>/index.ts to WebAssembly and writes it as a module of hexadecimal text, so that sources, tests
// and bundles need neither a build nor a file; gzipped, it is a sixth smaller than base64, which hides repetition. With --check nothing is written: committed bytes must be those that the sources give.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { BYTES, compileKernel, kernelNames } from "./kernels/compile.mjs";

/** Bytes of a module, gzipped. */
const BUDGET = 10_000;

const root = path.join(import.meta.dirname, "..");
const to = path.join(root, BYTES);
const check = process.argv.includes("--check");
let problems = 0;

/** @param {string} message */
const problem = (message) => {
  console.error(message);
  problems++;
};

const names = kernelNames(root);
for (const name of names) {
  try {
    await build(name);
  } catch (error) {
    problem(error instanceof Error ? error.message : String(error));
  }
}
for (const file of readdirSync(to))
  if (!names.includes(path.basename(file, ".ts"))) problem(`${file}: has no sources`);
console.log(`kernels: ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;

/** @param {string} name */
async function build(name) {
  const bytes = await compileKernel(root, name);
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length} bytes, ${gzipped} gzipped, of ${BUDGET}`);
  if (gzipped > BUDGET) problem(`${name}: expected at most ${BUDGET} bytes, got ${gzipped}`);
  const file = path.join(to, `${name}.ts`);
  const text = moduleOf(name, bytes);
  if (!check) writeFileSync(file, text);
  else if (read(file) !== text)
    problem(`${path.relative(root, file)}: not what the sources give; run pnpm kernels`);
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 */
function moduleOf(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return [
    `// From assembly/${name} by \`pnpm kernels\`; do not edit. sha256 of the ${bytes.length} bytes: ${hash}`,
    `export const ${name}Bytes: string =`,
    `  "${Buffer.from(bytes).toString("hex")}";`,
    "",
  ].join("\n");
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
