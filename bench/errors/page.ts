import { elsewhere } from "./catalogue.ts";
import { meanings } from "./meanings.ts";
import type { Message } from "./provocation.ts";

const HEAD = `# Error codes

Every error of the \`@mclnn\` packages is one class, \`MclnnError\`, with a \`code\`, the \`argument\` it is about, what was \`expected\`, what it \`got\`,
often how to \`mend\` it, and its \`kind\`: \`input\` (what was given cannot be used; the command line exits with 2) or \`failure\` (the work itself
failed; exit code 1). Test with \`isMclnnError(error)\`; \`instanceof\` fails when two copies of a package are installed. Under \`--json\` the command
line prints the same as \`{ "error": { "code", "message", "expected", "got", "argument", "mend" } }\`.

\`\`\`js
import { createSystem, gravity, isMclnnError, pairwise } from "@mclnn/physics";

try {
  createSystem({ masses: [1, -1], dimension: 3, potential: pairwise(gravity()) });
} catch (error) {
  if (isMclnnError(error)) console.log(error.code, error.argument); // bad-mass masses
}
\`\`\`

Codes are public: they change only with a note in the changelog. \`npx -y pnpm@12 errors\` writes this page, by making every error that wrong input can
make; a test compares it with the sources.
`;

/** `docs/errors.md`: what each code says, who gives it, and what it looks like. */
export function errorsPage(
  messages: readonly Message[],
  packages: ReadonlyMap<string, readonly string[]>,
): string {
  const codes = Object.keys(meanings);
  const table = codes.map(
    (code) => `| \`${code}\` | ${meanings[code]} | ${(packages.get(code) ?? []).join(", ")} |`,
  );
  const examples = codes.flatMap((code) => {
    const own = messages.filter((each) => each.code === code);
    if (own.length === 0)
      return elsewhere[code] === undefined ? [] : [`- \`${code}\`: ${elsewhere[code]}`];
    return [];
  });
  const sections = codes.flatMap((code) =>
    messages
      .filter((each) => each.code === code)
      .map(
        (each) =>
          `**\`${code}\`**, ${each.package}, by \`${each.by}\`:\n\n\`\`\`text\n${each.message}\n\`\`\``,
      ),
  );
  return [
    HEAD,
    `| code | says | packages |\n| --- | --- | --- |\n${table.join("\n")}\n`,
    `## What they look like\n\nEach made by one call with wrong input, through a public entry.\n\n${sections.join("\n\n")}\n`,
    `## What no wrong input makes\n\n${examples.join("\n")}\n`,
  ].join("\n");
}
