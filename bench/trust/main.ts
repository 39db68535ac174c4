// Tries to break what is promised, and prints a table of what came of it: `pnpm trust --help`.
import { chosen, command, FLAG, nameLines, say, TEXT } from "../command-line.ts";
import { promises } from "./catalogue.ts";
import { removePrograms } from "./program.ts";
import { Tally, type Tried, trustTable } from "./promise.ts";

const HELP = `Tries to break every promise, and counts: promise, cases tried, failures.

pnpm trust [options]

  --quick        a small part of each, in two minutes: what CI does
  --only A,B     ${nameLines(promises, 17)}
  --list         what is promised
`;

await command(HELP, { quick: FLAG, only: TEXT, list: FLAG }, async ({ quick, only, list }) => {
  const wanted = chosen("only", only, promises).filter(
    ({ onlyInFull }) => only !== undefined || !quick || !onlyInFull,
  );
  if (list) {
    for (const { name, promise } of wanted) process.stdout.write(`${name}: ${promise}\n`);
    return 0;
  }
  const tried: Tried[] = [];
  for (const promised of wanted) {
    say(`${promised.name} ...`);
    const tally = new Tally((line) => say(`  ${line}`));
    const began = performance.now();
    try {
      await promised.check(quick ? "quick" : "full", tally);
    } catch (error) {
      tally.expect(false, `ended by ${error instanceof Error ? error.stack : error}`);
    }
    tried.push({ promised, tally, seconds: (performance.now() - began) / 1000 });
    for (const failure of tally.failures.slice(0, 20)) say(`  ${failure.slice(0, 2000)}`);
  }
  await removePrograms();
  const failures = tried.reduce((sum, { tally }) => sum + tally.failures.length, 0);
  const verdict = failures === 0 ? "All promises held." : `${failures} failures.`;
  process.stdout.write(`${trustTable(tried)}\n\n ${verdict}\n`);
  return failures === 0 ? 0 : 1;
});
