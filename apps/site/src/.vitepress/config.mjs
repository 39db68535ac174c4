// The site mirrors the repository: every page is a Markdown file that reads there as well, and its address is its path. Nothing is asked of
// another host: no fonts, no search service, no counters.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { defineConfig } from "vitepress";
import { sidebar } from "./sidebar.mjs";

/** Pages lie outside this package, from where Vue would not be found. */
const ofVitepress = createRequire(createRequire(import.meta.url).resolve("vitepress/package.json"));
const vue = path.dirname(ofVitepress.resolve("vue/package.json"));
const root = path.join(import.meta.dirname, "../../../..");
/** Where sources are read that are no pages. */
const SOURCES = "https://github.com/mclnn/mclnn/blob/main/";

export default defineConfig({
  title: "MCLNN",
  description: "Give trajectories of interacting particles, get back the law they obey",
  lang: "en",
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: "../../..",
  // Pages are those of the side bar, and what they lead to; not what was installed, built or made.
  srcExclude: [
    "**/{node_modules,dist,out,fixtures,template,etc,.changeset,.program-*}/**",
    "apps/site/**",
    "python/build/**",
    "docs/api/**",
    "bench/**",
  ],
  rewrites: { "docs/index.md": "index.md" },
  outDir: "../dist",
  cacheDir: "../node_modules/.cache",
  cleanUrls: false,
  lastUpdated: false,
  themeConfig: {
    nav: [
      { text: "Playground", link: "/playground/index.html", target: "_self" },
      { text: "Start", link: "/docs/start/what-it-is" },
      { text: "Learn", link: "/docs/learn/first-law" },
      { text: "Do", link: "/docs/do/your-data" },
      { text: "Look up", link: "/docs/look-up/index" },
      { text: "Understand", link: "/docs/understand/how-a-law-is-found" },
    ],
    sidebar,
    search: { provider: "local" },
    outline: [2, 3],
  },
  vite: {
    resolve: {
      alias: [
        {
          find: /^vue\/server-renderer$/,
          replacement: path.join(vue, "server-renderer/index.mjs"),
        },
        { find: /^vue$/, replacement: path.join(vue, "dist/vue.runtime.esm-bundler.js") },
      ],
    },
  },
  markdown: {
    config(markdown) {
      const { link_open: before } = markdown.renderer.rules;
      markdown.renderer.rules.link_open = (tokens, at, options, env, self) => {
        const token = tokens[at];
        const href = token?.attrGet("href") ?? "";
        if (token !== undefined) token.attrSet("href", addressOf(href, env.relativePath));
        return before?.(tokens, at, options, env, self) ?? self.renderToken(tokens, at, options);
      };
    },
  },
});

/** Files of the repository that are no pages are read where the sources are. @param {string} href @param {string} page - its path */
function addressOf(href, page) {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [file = "", anchor] = href.split("#");
  const inRepository = page === "index.md" ? "docs/index.md" : page;
  const target = path.posix.join(path.posix.dirname(inRepository), decodeURIComponent(file));
  if (!existsSync(path.join(root, target))) return href;
  if (!target.endsWith(".md")) return SOURCES + target;
  return `/${target.replace(/\.md$/, ".html")}${anchor === undefined ? "" : `#${anchor}`}`;
}
