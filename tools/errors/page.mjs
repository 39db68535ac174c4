// The page of error codes, for the site: `pnpm errors --out FILE`; what each code says, and which packages give it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { errorCodes } from "../error-codes.mjs";
import { meanings } from "./meanings.mjs";

/** Why a training ended before there was anything to keep: the codes that are the value of a variable, `interrupted`. */
const INTERRUPTIONS = ["aborted", "epochs", "time-limit"];

/**
 * Everything that the sources of all packages say in errors.
 *
 * @param {string} root
 * @returns {{ packages: Map<string, Set<string>>, unseen: string[], unnamed: string[], count: number }} `packages` that give each code; `unseen`: codes
 * that the syntax does not show; `unnamed`: refusals without an argument; `count` of errors
 */
export function errorsOf(root) {
  /** @type {Map<string, Set<string>>} */
  const packages = new Map();
  /** @type {string[]} */
  const unseen = [];
  /** @type {string[]} */
  const unnamed = [];
  let count = 0;
  for (const parent of ["packages", "apps"])
    for (const name of readdirSync(path.join(root, parent))) {
      const folder = path.join(root, parent, name, "src");
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!file.endsWith(".ts")) continue;
        const own = errorCodes(file, readFileSync(path.join(folder, file), "utf8"));
        const interrupted = own.computed.filter((each) => /\binterrupted$/.test(each));
        for (const code of [...own.codes, ...(interrupted.length > 0 ? INTERRUPTIONS : [])])
          packages.set(code, (packages.get(code) ?? new Set()).add(name));
        const at = path.join(parent, name, "src", file);
        unseen.push(
          ...own.computed
            .filter((each) => !interrupted.includes(each))
            .map((each) => `${at}: ${each}`),
        );
        unnamed.push(...own.unnamed.map((each) => `${at}: ${each}`));
        count += own.count;
      }
    }
  return { packages, unseen, unnamed, count };
}

/** @param {ReadonlyMap<string, ReadonlySet<string>>} packages */
export function errorsPage(packages) {
  const rows = Object.entries(meanings).map(
    ([code, says]) => `| \`${code}\` | ${says} | ${[...(packages.get(code) ?? [])].join(", ")} |`,
  );
  return `# Error codes

Every error of the \`@mclnn\` packages is a \`MclnnError\`: its \`code\`, the \`argument\` it is about, what was \`expected\`, what it \`got\`, often how
to \`mend\` it, and its \`kind\`: \`input\` (exit code 2) or \`failure\` (1). Codes change only with a note in the changelog.

| code | says | packages |
| --- | --- | --- |
${rows.join("\n")}
`;
}
