import { readJson, type Tree } from "./tree.ts";

/** A command that fetches packages without the lockfile, and why that is right. */
interface Exception {
  readonly file: string;
  readonly command: string;
  readonly why: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    file: ".ci/run",
    command: 'npx -y pnpm@12 "$@"',
    why: "the package manager itself: npx has no lockfile; package.json names the version it is developed with",
  },
  {
    file: "tools/check-clean-clone.mjs",
    command: '"npx", ["-y", "pnpm@12", "cli"',
    why: "the same, as the README's first command says it; the clone's own settings freeze what it installs",
  },
  {
    file: "package.json",
    command: "pnpm install --no-frozen-lockfile --lockfile-only",
    why: "a release changes versions of the workspace's own packages, which the lockfile repeats",
  },
  {
    file: "tools/tarballs/project.mjs",
    command: 'this.run("npm", ["install"',
    why: "a user's empty project, in a scratch folder, has no lockfile: what is tried is whether our ranges work",
  },
  {
    file: "tools/tarballs/project.mjs",
    command: 'this.run("pnpm", ["install"',
    why: "the same with the other package manager",
  },
  {
    file: "tools/tarballs/project.mjs",
    command: '"npx", ["-y", `node@',
    why: "the newest Node of each major version that we support, on purpose",
  },
  {
    file: "tools/tarballs/examples.mjs",
    command: "/^npm install /",
    why: "looks for that line in a README",
  },
  {
    file: "tools/check-python.mjs",
    command: '"pip", "install", "--quiet", "numpy", "safetensors"',
    why: "whichever NumPy a user has must read our files; into a scratch environment",
  },
  {
    file: "scripts/tfjs-node-native.sh",
    command:
      'npm install --ignore-scripts --no-audit --no-fund --silent "@tensorflow/tfjs-node@$TFJS_NODE"',
    why: "by hand, into a folder of its own; exact versions, no install scripts",
  },
  {
    file: "scripts/tfjs-node-native.sh",
    command:
      'npm install --ignore-scripts --no-audit --no-fund --silent "node-api-headers@$NODE_API_HEADERS"',
    why: "the same",
  },
  {
    file: "scripts/tfjs-node-native.sh",
    command: "pip download --quiet --disable-pip-version-check --no-deps",
    why: "the same: one wheel of an exact version, without what it needs",
  },
];

/** Package managers and what they do when they fetch, in a shell or as an array of arguments. */
const FETCHES =
  /\b(?:(?:p?npm|yarn|bun)\b["'`]?,?\s*\[?["'`]?(?:install|i|ci|add|update|up|dlx|exec)\b(?!-)|(?:npx|bunx)\b|pip3?\b["'`]?,?\s*["'`]?(?:install|download)\b|apt(?:-get)? install\b|curl\b|wget\b)/;
/** What is run from what is installed already. */
const LOCAL = /pnpm["'`]?,?\s*\[?["'`]?exec\b|--no-install\b/;

/** Lines that fetch packages, where programs of the workspace may: by file. */
function fetchingLines(tree: Tree): { file: string; line: string }[] {
  const files = tree.names.filter(
    (name) => /^(\.ci|tools|scripts|\.github)\//.test(name) && !/\.(md|ts|json)$/.test(name),
  );
  const lines = files.flatMap((file) =>
    (tree.read(file) ?? "").split("\n").map((line) => ({ file, line })),
  );
  for (const file of tree.names.filter((name) => /(^|\/)package\.json$/.test(name))) {
    const { scripts = {} } = readJson<{ scripts?: Record<string, string> }>(tree, file);
    for (const line of Object.values(scripts)) lines.push({ file, line });
  }
  return lines.filter(
    ({ line }) => !/^\s*(#|\/\/|\*|\/\*)/.test(line) && FETCHES.test(line) && !LOCAL.test(line),
  );
}

/** Every install is frozen, or is one of {@link EXCEPTIONS}, which are all needed. */
export function installProblems(tree: Tree): string[] {
  const problems: string[] = [];
  const used = new Set<Exception>();
  for (const { file, line } of fetchingLines(tree)) {
    const known = EXCEPTIONS.filter((each) => each.file === file && line.includes(each.command));
    for (const each of known) used.add(each);
    if (known.length === 0 && !/\s--frozen-lockfile\b/.test(line))
      problems.push(
        `${file}: fetches packages, and neither is frozen nor says why: ${line.trim()}`,
      );
  }
  for (const each of EXCEPTIONS)
    if (!used.has(each))
      problems.push(`${each.file}: "${each.command}" is an exception that nothing needs`);
  if (!/^step .* pnpm install --frozen-lockfile$/m.test(tree.read(".ci/run") ?? ""))
    problems.push(".ci/run: does not install with the lockfile frozen");
  return problems;
}
