// Counts false alarms, and faults that are not named: `pnpm findings --help`.
import { availableParallelism } from "node:os";
import { command, FLAG, numberOf, TEXT } from "../command-line.ts";
import { inProcesses } from "../pool.ts";
import { EXPLAINED } from "./explained.ts";
import { asExpected, KINDS } from "./kinds.ts";
import type { Case, Said } from "./run-case.ts";
import { NOISES, UNEXPLAINED } from "./unexplained.ts";

const HELP = `What train says about data: nothing where a pair law explains them, the cause where none does.

pnpm findings [options]

  --seeds N      noise seeds of each of ${EXPLAINED.length} data sets that a law explains (default 5: ${5 * EXPLAINED.length} trainings)
  --rows A,B     only these rows of that table, from 0
  --no-faults    leave out the ${UNEXPLAINED.length} faults, without noise and with it
  --no-alarms    leave out the data sets that a law explains
  --no-kinds     leave out the ${KINDS.length} kinds of records that something is wrong with (each with those seeds)
  --threads N    trainings at a time (default: one a core)
`;

const OPTIONS = {
  ...{
    seeds: TEXT,
    rows: TEXT,
    "no-faults": FLAG,
    "no-alarms": FLAG,
    "no-kinds": FLAG,
    threads: TEXT,
  },
} as const;

await command(HELP, OPTIONS, async (values) => {
  const { seeds = "5", rows, threads = String(availableParallelism()) } = values;
  const run: Run = async (cases) => {
    const worker = new URL("./worker.ts", import.meta.url);
    const tell = (said: Said, { seed }: Case) => `${said.title}, seed ${seed}: ${inWords(said)}`;
    const said = await inProcesses(worker, cases, numberOf("threads", threads, true), tell);
    return cases.map((one, k) => [one, said[k]] as const);
  };
  const chosen = rows?.split(",").map(Number) ?? EXPLAINED.map((_, row) => row);
  if (!values["no-alarms"]) await falseAlarms(run, chosen, numberOf("seeds", seeds, true));
  if (!values["no-faults"]) await faults(run);
  if (!values["no-kinds"]) await kinds(run, numberOf("seeds", seeds, true));
  return 0;
});

type Run = (cases: readonly Case[]) => Promise<(readonly [Case, Said])[]>;

async function falseAlarms(run: Run, rows: readonly number[], seeds: number): Promise<void> {
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

/** What is said of records that something is wrong with, and how right the law is beside it. */
async function kinds(run: Run, seeds: number): Promise<void> {
  const results = await run(
    KINDS.flatMap((_, row) =>
      Array.from({ length: seeds }, (_, k): Case => ({ table: "kinds", row, seed: k + 1 })),
    ),
  );
  let right = 0;
  for (const [{ row, seed }, said] of results) {
    const kept = asExpected(row, said);
    if (kept) right++;
    const { error = Number.NaN, bars = null } = said.law ?? {};
    process.stdout.write(
      `${kept ? "right " : "WRONG "} ${said.title}, seed ${seed}: V' off ${error.toExponential(1)}, ${bars === null ? "no bars" : `${bars.toPrecision(2)} bars`}; ${inWords(said)}\n`,
    );
  }
  process.stdout.write(`Kinds told and learned from: ${right} of ${results.length}\n`);
}

function isAlarm({ findings, failed }: Said): boolean {
  return findings.length > 0 || failed !== undefined;
}

function inWords({ findings, failed, seconds }: Said): string {
  const said = failed ?? (findings.map(({ text }) => text).join("; ") || "nothing found");
  return `${said} (${seconds.toFixed(1)} s)`;
}
