// Compiles packages/models/assembly/<name>/index.ts to WebAssembly and writes it as a module of hexadecimal text, so that sources, tests
// and bundles need neither a build nor a file; gzipped, it is a sixth smaller than base64, which hides repetition. With --check nothing is written: committed bytes must be those that the sources give.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { main } from "assemblyscript/asc";

/** Bytes of a module, gzipped. */
const BUDGET = 10_000;
const FLAGS = ["-O3", "--runtime", "stub", "--enable", "simd", "--disable", "relaxed-simd"];

const root = path.join(import.meta.dirname, "..");
const from = path.join(root, "packages/models/assembly");
const to = path.join(root, "packages/models/src/kernels/bytes");
const check = process.argv.includes("--check");
const scratch = mkdtempSync(path.join(tmpdir(), "kernels-"));
let problems = 0;

/** @param {string} message */
const problem = (message) => {
  console.error(message);
  problems++;
};

const names = readdirSync(from, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
for (const name of names) {
  const out = path.join(scratch, `${name}.wasm`);
  // Diagnostics name files as they are given.
  process.chdir(root);
  const { error, stderr } = await main([
    path.relative(root, path.join(from, name, "index.ts")),
    ...FLAGS,
    "-o",
    path.relative(root, out),
  ]);
  if (error !== null) {
    problem(`${name}: ${error.message}\n${stderr}`);
    continue;
  }
  const bytes = readFileSync(out);
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length} bytes, ${gzipped} gzipped, of ${BUDGET}`);
  if (gzipped > BUDGET) problem(`${name}: expected at most ${BUDGET} bytes, got ${gzipped}`);
  const file = path.join(to, `${name}.ts`);
  const text = moduleOf(name, bytes);
  if (!check) writeFileSync(file, text);
  else if (read(file) !== text)
    problem(`${path.relative(root, file)}: not what the sources give; run pnpm kernels`);
}
for (const file of readdirSync(to))
  if (!names.includes(path.basename(file, ".ts"))) problem(`${file}: has no sources`);
rmSync(scratch, { recursive: true });
console.log(`kernels: ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;

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
