import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../scratch.mjs";

/** What every tarball holds beside its sources and what is built from them, and what one of them holds as well: changed on purpose only. */
const EVERYWHERE = ["LICENSE", "README.md", "package.json"];
const TEMPLATE = [
  "README.md",
  "gitignore",
  "main.ts",
  "potential.ts",
  "start.json",
  "tsconfig.json",
];
/** @type {Record<string, string[]>} */
const ALSO = {
  "@mclnn/cli": [
    "bin/mclnn.js",
    ...TEMPLATE.map((name) => `template/${name}`),
    "dist/THIRD-PARTY-LICENSES",
    ...["dist/playground/index.html", "dist/playground/learner.js"],
  ],
};

/** What `bundle.mjs` of the command line makes: entries of threads, chunks, and parts of the playground's page. */
const PROGRAM =
  /^dist\/((([\w-]+\/)+(worker|thread)|[\w-]+-[A-Z0-9]{8}|index)\.js|playground\/assets\/[\w-]+\.(js|css))$/;

/**
 * What is wrong with a tarball's contents: sources must be those in git, `dist/` what one build of them makes, the rest as listed here, and
 * nothing may refer to what is not there.
 *
 * @param {import("./pack.mjs").Tarball} tarball
 * @param {string} root
 * @returns {string[]}
 */
export function contentsProblems({ name, folder, unpacked, manifest, contents }, root) {
  const sources = runProgram("git", ["ls-files", "--", `${folder}/src`], { cwd: root })
    .trim()
    .split("\n")
    .map((each) => each.slice(folder.length + 1));
  const built = sources
    .filter((each) => each.endsWith(".ts"))
    .flatMap((each) => {
      const stem = each.replace(/^src\//, "dist/").replace(/\.ts$/, "");
      return [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`, `${stem}.d.ts.map`];
    });
  const bundled = existsSync(path.join(root, folder, "bundle.mjs"));
  const kept = bundled ? built.filter((each) => !/\.js(\.map)?$/.test(each)) : built;
  const programs = bundled ? contents.filter((each) => PROGRAM.test(each)) : [];
  const expected = [...EVERYWHERE, ...(ALSO[name] ?? []), ...sources, ...kept, ...programs];
  const problems = [
    ...missing(expected, contents).map((each) => `the tarball lacks ${each}`),
    ...missing(contents, expected).map((each) => `the tarball should not hold ${each}`),
  ];

  const there = new Set(contents);
  for (const each of contents.filter((one) => one.endsWith(".map"))) {
    const { sources: leadsTo } = JSON.parse(readFileSync(path.join(unpacked, each), "utf8"));
    for (const source of leadsTo) {
      const target = path.posix.join(path.posix.dirname(each), source);
      if (!there.has(target)) problems.push(`${each} leads to ${target}, which is not there`);
    }
  }
  const targets = JSON.stringify([manifest.exports, manifest.bin ?? {}]).matchAll(/"\.\/([^"]+)"/g);
  for (const [, target] of targets) {
    if (!there.has(/** @type {string} */ (target)) && !isSubpath(manifest, `./${target}`))
      problems.push(`package.json names ${target}, which is not there`);
  }
  for (const [kind, needs] of Object.entries({ ...manifest }))
    if (/ependencies$/.test(kind))
      for (const [needed, range] of Object.entries(needs))
        if (/workspace:|catalog:|file:|link:/.test(String(range)))
          problems.push(`${kind} asks for ${needed} ${range}, which npm cannot read`);
  if (manifest.license === undefined || manifest.repository === undefined)
    problems.push("package.json lacks licence or repository");
  return problems.map((each) => `${name}: ${each}`);
}

/** Whether a text is the name of a subpath, not a file. @param {any} manifest @param {string} text */
function isSubpath(manifest, text) {
  return Object.hasOwn(manifest.exports ?? {}, text);
}

/** @param {readonly string[]} wanted @param {readonly string[]} present */
function missing(wanted, present) {
  const there = new Set(present);
  return wanted.filter((each) => !there.has(each));
}
