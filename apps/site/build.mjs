// Builds the site, with the playground in it. A link that leads nowhere ends it; so does a page that would load anything from another host.
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "vitepress";

const here = import.meta.dirname;
const dist = path.join(here, "dist");
const playground = path.join(here, "../playground/dist/page");

await build(path.join(here, "src"));
if (!existsSync(playground)) throw new Error("expected a built playground, got none: pnpm build");
cpSync(playground, path.join(dist, "playground"), { recursive: true });

/** What a page loads by itself: not where its links lead. */
const LOADS = /<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)="(?:https?:)?\/\/[^"]*"/g;
const elsewhere = readdirSync(dist, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(html|css)$/.test(file))
  .flatMap((file) => {
    const text = readFileSync(path.join(dist, file), "utf8");
    const found = file.endsWith(".css")
      ? (text.match(/url\(["']?(?:https?:)?\/\/[^)]*\)/g) ?? [])
      : (text.match(LOADS) ?? []);
    return found.map((each) => `${file}: ${each}`);
  });
for (const each of elsewhere) console.error(each);
console.log(`site: ${elsewhere.length} loads from other hosts`);
process.exitCode = elsewhere.length > 0 ? 1 : 0;
