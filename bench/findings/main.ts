// Counts false alarms, and faults that are not named: `pnpm findings --help`.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Tinypool } from "tinypool";
import { EXPLAINED } from "./explained.ts";
import type { Case, Said } from "./run-case.ts";
import { NOISES, UNEXPLAINED } from "./unexplained.ts";

const HELP = `What train says about data: nothing where a pair law explains them, the cause where none does.

pnpm findings [options]

  --seeds N      noise seeds of each of ${EXPLAINED.length} data sets that a law explains (default 5: ${5 * EXPLAINED.length} trainings)
  --rows A,B     only these rows of that table, from 0
  --no-faults    leave out the ${UNEXPLAINED.length} faults, without noise and with it
  --no-alarms    leave out the data sets that a law explains
  --threads N    trainings at a time (default: one a core)
`;

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    rows: { type: "string" },
    "no-faults": { type: "boolean", default: false },
    "no-alarms": { type: "boolean", default: false },
    threads: { type: "string", default: String(availableParallelism()) },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (options.help) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const threads = Number(options.threads);
  const pool = new Tinypool({
    filename: new URL("./worker.ts", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    // On Node 20 tsx reads TypeScript in processes, not in threads.
    runtime: "child_process",
  });
  const run = (cases: readonly Case[]): Promise<(readonly [Case, Said])[]> =>
    Promise.all(
      cases.map(async (one) => {
        const said: Said = await pool.run(one);
        process.stderr.write(`${said.title}, seed ${one.seed}: ${inWords(said)}\n`);
        return [one, said] as const;
      }),
    );
  try {
    if (!options["no-alarms"]) await falseAlarms(run);
    if (!options["no-faults"]) await faults(run);
  } finally {
    await pool.destroy();
  }
}

type Run = (cases: readonly Case[]) => Promise<(readonly [Case, Said])[]>;

async function falseAlarms(run: Run): Promise<void> {
  const seeds = Number(options.seeds);
  const rows = options.rows?.split(",").map(Number) ?? EXPLAINED.map((_, row) => row);
  const results = await run(
    rows.flatMap((row) =>
      Array.from({ length: seeds }, (_, k): Case => ({ table: "explained", row, seed: k + 1 })),
    ),
  );
  const alarms = results.filter(([, said]) => isAlarm(said)).length;
  for (const row of rows) {
    const own = results.filter(([one]) => one.row === row).map(([, said]) => said);
    process.stdout.write(
      `${String(own.filter(isAlarm).length).padStart(4)} of ${own.length}  ${own[0]?.title}\n`,
    );
  }
  process.stdout.write(
    `False alarms: ${alarms} of ${results.length}, ${((100 * alarms) / results.length).toFixed(1)} %\n\n`,
  );
}

async function faults(run: Run): Promise<void> {
  const results = await run(
    UNEXPLAINED.flatMap((_, row) =>
      NOISES.map((noise): Case => ({ table: "unexplained", row, seed: 1, noise })),
    ),
  );
  let named = 0;
  for (const [{ row }, said] of results) {
    const { expected } = UNEXPLAINED[row];
    const found = said.findings.some(({ kind }) => expected.includes(kind));
    if (found) named++;
    process.stdout.write(`${found ? "named " : "MISSED"}  ${said.title}: ${inWords(said)}\n`);
  }
  process.stdout.write(`Faults named: ${named} of ${results.length}\n`);
}

function isAlarm({ findings, failed }: Said): boolean {
  return findings.length > 0 || failed !== undefined;
}

function inWords({ findings, failed, seconds }: Said): string {
  const said = failed ?? (findings.map(({ text }) => text).join("; ") || "nothing found");
  return `${said} (${seconds.toFixed(1)} s)`;
}
