// Makes every error that wrong input can make, and writes what they say: `pnpm errors`.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { provocations } from "./catalogue.ts";
import { givenBy } from "./given-by.ts";
import { errorsPage } from "./page.ts";
import { provokeAll } from "./provocation.ts";

const root = path.join(import.meta.dirname, "../..");
const messages = await provokeAll(provocations);
writeFileSync(
  path.join(import.meta.dirname, "messages.json"),
  `${JSON.stringify(messages, null, 2)}\n`,
);
writeFileSync(path.join(root, "docs/errors.md"), errorsPage(messages, givenBy(root)));
process.stdout.write(
  `${messages.length} messages, of ${new Set(messages.map(({ code }) => code)).size} codes\n`,
);
