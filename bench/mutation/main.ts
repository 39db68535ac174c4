// Changes the sources, one small change at a time, and counts what the tests notice: `pnpm mutation --help`.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { areaByName, areas } from "./areas.ts";
import { kindOf } from "./kinds.ts";
import { type AreaResult, type FileCounts, runArea, score, total } from "./run-area.ts";

const HELP = `Changes the sources, one small change at a time, and counts what the tests notice.

pnpm mutation [options]

  --only A,B      ${areas.map(({ name }) => name).join(", ")}
  --sources GLOB  only these sources of one area
  --out FILE      also writes what it prints there, as Markdown
  --json          prints results in full
`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    sources: { type: "string", multiple: true },
    out: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const results: AreaResult[] = [];
  for (const area of values.only?.split(",").map(areaByName) ?? areas) {
    if (!values.json) process.stderr.write(`${area.name} ...\n`);
    const result = await runArea(area, { sources: values.sources, quiet: values.json });
    results.push(result);
    if (!values.json) process.stdout.write(summary(result));
  }
  if (values.json) process.stdout.write(`\n${JSON.stringify(results)}`);
  if (values.out !== undefined)
    writeFileSync(values.out, `# What the tests notice\n\n${results.map(summary).join("\n")}`);
}

/** Counts of an area and its sources, and the changes that nobody noticed and that are of no known kind. */
function summary({ area, files, survivors }: AreaResult): string {
  const open = survivors.filter((survivor) => kindOf(survivor) === undefined);
  return [
    `${area} ${inWords(total(Object.values(files)))}`,
    ...Object.entries(files).map(([file, counts]) => `- ${file} ${inWords(counts)}`),
    ...open.map(
      ({ file, line, original, replacement, tested }) =>
        `- not noticed${tested ? "" : ", by no test reached"}: ${file}:${line} \`${original}\` -> \`${replacement}\``,
    ),
    "",
  ].join("\n");
}

function inWords(counts: FileCounts): string {
  const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return `${(100 * score(counts)).toFixed(1)} %: ${kinds.join(", ")}`;
}
