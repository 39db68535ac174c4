// Measures speed, and writes what came of it: `pnpm bench --help`.
import { chosen, command, FLAG, nameLines, say, TEXT, write } from "../command-line.ts";
import { Cast } from "../peers/cast.ts";
import { peers } from "../peers/catalogue.ts";
import { inFolder } from "../process.ts";
import { measurements } from "./catalogue.ts";
import { benchDocument } from "./document.ts";
import { createProblems } from "./problems.ts";
import { mergeResults, readResults, runMeasurements } from "./results.ts";

const HELP = `Measures how fast training, simulation and their parts are, alone or beside other programs.

pnpm bench [options]

  --only A,B        ${nameLines(measurements)}
  --peers           beside all peers that are installed
  --peer A,B        beside these: ${nameLines(peers)}
  --python PATH     Python of the peers (default: MCLNN_PYTHON, or python3)
  --quick           tiny sizes and few runs: shows that everything works, in seconds
  --out FILE        JSON (default out/bench/results.json)
  --document FILE   Markdown, instead of on standard output
  --update          keep what other measurements have left in the JSON
  --remark TEXT     goes into the document: what else the machine was doing
  --help

Compare numbers of one run alone. Example: pnpm bench --only gauss-newton --peer c
`;

const OPTIONS = {
  ...{ only: TEXT, peers: FLAG, peer: TEXT, python: TEXT, quick: FLAG, out: TEXT },
  ...{ document: TEXT, update: FLAG, remark: TEXT },
} as const;

await command(HELP, OPTIONS, async (values) => {
  const { quick, out = "out/bench/results.json", document, remark } = values;
  const { python = process.env.MCLNN_PYTHON ?? "python3" } = values;
  const wanted = chosen("only", values.only, measurements);
  const beside = values.peers || values.peer !== undefined;
  const kept = values.update ? await readResults(out) : [];
  return inFolder(async (folder) => {
    const problems = createProblems(quick);
    const asked = beside ? chosen("peer", values.peer, peers) : [];
    const cast = beside ? new Cast({ peers: asked, problems, python, folder, say }) : null;
    try {
      const bench = { quick, folder, say, problems };
      const fresh = await runMeasurements(wanted, bench, cast, remark);
      const results = mergeResults(kept, fresh, measurements);
      await write(out, `${JSON.stringify({ version: 1, results }, null, 1)}\n`);
      const text = benchDocument(results, peers);
      if (document === undefined) process.stdout.write(text);
      else await write(document, text);
      say([out, ...(document === undefined ? [] : [document])].join("\n"));
      return fresh.some(({ failed }) => failed !== undefined) ? 1 : 0;
    } finally {
      await cast?.stop();
    }
  });
});
