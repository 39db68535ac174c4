// Measures speed, and writes what came of it: `pnpm bench --help`.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeFileAtomic } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";
import { Cast } from "../peers/cast.ts";
import { peers as allPeers } from "../peers/catalogue.ts";
import { measurements as allMeasurements } from "./catalogue.ts";
import { benchDocument } from "./document.ts";
import { HELP, readOptions } from "./options.ts";
import { createProblems } from "./problems.ts";
import { mergeResults, readResults } from "./results.ts";
import { runMeasurements } from "./run.ts";

try {
  await main();
} catch (error) {
  if (!(error instanceof MclnnError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.kind === "input" ? 2 : 1;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  const { quick, measurements, peers, python, out, document, update, remark } = options;
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const kept = update ? (await readResults(out)).results : [];
  const folder = await mkdtemp(path.join(tmpdir(), "mclnn-bench-"));
  const problems = createProblems(quick);
  const cast = peers.length === 0 ? null : new Cast({ peers, problems, python, folder, say });
  try {
    const fresh = await runMeasurements(
      measurements,
      { quick, folder, say, problems },
      cast,
      remark,
    );
    const names = allMeasurements.map(({ name }) => name);
    const results = mergeResults(kept, fresh, names);
    await write(out, `${JSON.stringify({ version: 1, results }, null, 1)}\n`);
    const text = `${benchDocument(results, {
      install: allPeers.map(({ title, install }) => [title, install]),
    })}\n`;
    if (document === undefined) process.stdout.write(text);
    else await write(document, text);
    say([out, ...(document === undefined ? [] : [document])].join("\n"));
    if (fresh.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
  } finally {
    await cast?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, text, { force: true });
}
