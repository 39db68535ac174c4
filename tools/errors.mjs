// Writes the page of error codes: `pnpm errors [--out FILE]`.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { errorsOf, errorsPage } from "./errors/page.mjs";

const { out } = parseArgs({ options: { out: { type: "string" } } }).values;
const page = errorsPage(errorsOf(path.join(import.meta.dirname, "..")).packages);
if (out === undefined) process.stdout.write(page);
else writeFileSync(out, page);
