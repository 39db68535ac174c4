// Builds the page twice: as a folder for any static host (`dist/page`), and as one file for a stick (`dist/learn-the-law.html`). Both say by a
// Content-Security-Policy that nothing is loaded from, or sent to, anywhere else.
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build, defaultClientConditions } from "vite";

const here = import.meta.dirname;
const out = path.join(here, "dist");
const conditions = ["@mclnn/source", ...defaultClientConditions];

/** What both have in common. @type {import("vite").InlineConfig} */
const common = {
  configFile: false,
  root: path.join(here, "src"),
  base: "./",
  logLevel: "warn",
  resolve: { conditions },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

/** @param {Record<string, string>} sources - by directive, what it allows beside nothing */
function policy(sources) {
  const all = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    ...sources,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** @param {string} html @param {string} content */
function withPolicy(html, content) {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${content}" />`;
  return html.replace('<meta charset="utf-8" />', `<meta charset="utf-8" />\n    ${meta}`);
}

rmSync(out, { recursive: true, force: true });

await build({
  ...common,
  build: {
    outDir: path.join(out, "page"),
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        page: path.join(here, "src/index.html"),
        learner: path.join(here, "src/learner/worker.ts"),
      },
      output: {
        // The page looks for its worker under this name.
        entryFileNames: ({ name }) =>
          name === "learner" ? "learner.js" : "assets/[name]-[hash].js",
      },
    },
  },
  plugins: [
    {
      name: "policy",
      transformIndexHtml: (html) =>
        withPolicy(
          html,
          policy({
            "script-src": "'self' 'wasm-unsafe-eval'",
            "worker-src": "'self'",
            "style-src": "'self'",
            "connect-src": "'self'",
            "img-src": "data:",
          }),
        ),
    },
  ],
});

const single = await build({
  ...common,
  resolve: {
    conditions,
    alias: [{ find: "./start-worker.ts", replacement: "./start-worker-inline.ts" }],
  },
  build: {
    write: false,
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
  worker: { format: "iife", rolldownOptions: { output: { codeSplitting: false } } },
});
const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (single);
const textOf = (/** @type {string} */ ending) => {
  const file = output.find(({ fileName }) => fileName.endsWith(ending));
  if (file === undefined) throw new Error(`vite made no ${ending} of the one file`);
  return file.type === "chunk" ? file.code : String(file.source);
};
// The end of a script is found by its letters, wherever they stand.
const script = textOf(".js").replaceAll("</script", "<\\/script");
const style = textOf(".css");
const hash = (/** @type {string} */ text) =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const html = textOf(".html")
  .replace(/<script type="module"[^>]*><\/script>\s*/, "")
  .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
  .replace("</body>", () => `<script type="module">${script}</script></body>`);
writeFileSync(
  path.join(out, "learn-the-law.html"),
  withPolicy(
    html,
    policy({
      "script-src": `${hash(script)} 'wasm-unsafe-eval' blob:`,
      "worker-src": "blob: data:",
      "style-src": hash(style),
      "img-src": "data:",
    }),
  ),
);
