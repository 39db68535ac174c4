// Changes the sources, one small change at a time, and counts what the tests notice: `pnpm mutation --help`.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { areaByName, areas } from "./areas.ts";
import { mutationDocument } from "./document.ts";
import { reasonFor } from "./reasons.ts";
import { type AreaResult, readResults, score, total, writeResult } from "./results.ts";
import { runArea } from "./run-area.ts";

const HELP = `Changes the sources, one small change at a time, and counts what the tests notice.

pnpm mutation [options]

  --only A,B      ${areas.map(({ name }) => name).join(", ")}
  --sources GLOB  only these sources of one area; in what is kept they take the place of what was known of them
  --json          prints results in full, and keeps none
  --document      runs nothing: writes docs/mutation.md from the results kept
`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    sources: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
    document: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.document) await writeDocument();
else await main();

async function main(): Promise<void> {
  const wanted = values.only?.split(",").map(areaByName) ?? areas;
  const { sources } = values;
  const results: AreaResult[] = [];
  for (const area of wanted) {
    if (!values.json) process.stderr.write(`${area.name} ...\n`);
    const result = await runArea(area, { sources, quiet: values.json });
    results.push(result);
    if (values.json) continue;
    process.stdout.write(summary(result));
    await writeResult(area, result, sources !== undefined);
  }
  if (values.json) process.stdout.write(`\n${JSON.stringify(results)}`);
  else await writeDocument();
}

async function writeDocument(): Promise<void> {
  const place = new URL("../../docs/mutation.md", import.meta.url);
  await writeFile(place, mutationDocument(await readResults()));
}

/** What was not noticed and has no reason yet, and how many there are of each kind. */
function summary({ area, files, survivors }: AreaResult): string {
  const open = survivors.filter((survivor) => reasonFor(survivor) === undefined);
  return [
    ...open.map(
      ({ file, line, original, replacement, tested }) =>
        `${file}:${line} ${tested ? "" : "(no test) "}${original} -> ${replacement}`,
    ),
    ...Object.entries(files).map(([file, counts]) => `${file} ${inWords(counts)}`),
    `${area} ${inWords(total(Object.values(files)))}`,
    "",
  ].join("\n");

  function inWords(counts: ReturnType<typeof total>): string {
    const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    return `${(100 * score(counts)).toFixed(1)} %: ${kinds.join(", ")}`;
  }
}
