// Tries to break what is promised, and prints a table of what came of it: `pnpm trust --help`.
import { parseArgs } from "node:util";
import { promises } from "./catalogue.ts";
import { Tally } from "./promise.ts";
import { type Tried, trustTable } from "./table.ts";

const HELP = `Tries to break every promise, and counts: promise, cases tried, failures.

pnpm trust [options]

  --quick        a small part of each, in seconds: what the tests do
  --only A,B     ${promises.map(({ name }) => name).join(", ")}
  --list         what is promised
`;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const wanted = values.only?.split(",");
const unknown = wanted?.find((name) => !promises.some((each) => each.name === name));

if (values.help) process.stdout.write(HELP);
else if (values.list)
  process.stdout.write(`${promises.map((each) => `${each.name}: ${each.promise}`).join("\n")}\n`);
else if (unknown !== undefined) {
  process.stderr.write(`There is no promise ${unknown}.\n${HELP}`);
  process.exitCode = 2;
} else await main();

async function main(): Promise<void> {
  const tried: Tried[] = [];
  for (const promised of promises) {
    if (wanted !== undefined && !wanted.includes(promised.name)) continue;
    process.stderr.write(`${promised.name} ...\n`);
    const tally = new Tally((line) => process.stderr.write(`  ${line}\n`));
    const began = performance.now();
    try {
      await promised.check(values.quick ? "quick" : "full", tally);
    } catch (error) {
      tally.expect(false, `ended by ${error instanceof Error ? error.stack : error}`);
    }
    tried.push({ promised, tally, seconds: (performance.now() - began) / 1000 });
    for (const failure of tally.failures.slice(0, 20))
      process.stderr.write(`  ${failure.slice(0, 2000)}\n`);
  }
  process.stdout.write(`${trustTable(tried)}\n`);
  const failures = tried.reduce((sum, { tally }) => sum + tally.failures.length, 0);
  process.stdout.write(`\n ${failures === 0 ? "All promises held." : `${failures} failures.`}\n`);
  process.exitCode = failures === 0 ? 0 : 1;
}
