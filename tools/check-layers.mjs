// Imports run down the layers, go in no circle, and keep Node out of what runs in a browser. Part of `pnpm lint`.
import path from "node:path";
import { checkLayers } from "./layers/layer-check.mjs";

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, ".."));
const { violations, files, imports } = checkLayers(root);
for (const { file, line, rule, message } of violations) {
  console.error(`${file}:${line}: ${rule}: ${message}`);
}
console.log(`layers: ${files} files, ${imports} imports, ${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;
