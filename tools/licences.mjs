import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

/** The file in which a bundle brings the licences of what it holds. */
export const LICENCES = "THIRD-PARTY-LICENSES";

/** Between two licences. */
const LINE = `\n\n${"-".repeat(80)}\n\n`;

/**
 * The licences of the libraries whose files went into a bundle, each once, in the order of their names.
 *
 * @param {readonly string[]} files - absolute paths
 * @param {string} [others] - what an earlier bundle said
 */
export function licencesOf(files, others = "") {
  /** @type {Map<string, string>} */
  const texts = new Map(
    others
      .trim()
      .split(LINE)
      .filter((text) => text !== "")
      .map((text) => [text.split(" ", 1)[0] ?? "", text]),
  );
  for (const file of files.filter((each) => existsSync(each))) {
    const [, folder, name] =
      /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(realpathSync(file)) ?? [];
    if (folder === undefined || name === undefined || texts.has(name)) continue;
    const { version, license } = JSON.parse(
      readFileSync(path.join(folder, "package.json"), "utf8"),
    );
    const text = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const said = text === undefined ? "" : readFileSync(path.join(folder, text), "utf8").trim();
    texts.set(name, `${name} ${version} (${license})\n\n${said}`.trim());
  }
  const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return `${sorted.join(LINE)}\n`;
}
