import path from "node:path";
import { formatNumber } from "@mclnn/report";
import { say, write } from "../command-line.ts";
import { formulaCases, formulasDocument, runFormulaCase } from "./formulas.ts";

/** What CI has time for. */
const QUICK = ["Cornell", "double well", "no formula, A"].map((name) => `${name}, three particles`);

/** Looks for the formulas of all laws, and writes what came of it. @returns exit code: 1 where a quick one is not as it should be */
export async function writeFormulas(
  noises: readonly number[],
  { quick, out }: { quick: boolean; out: string | undefined },
): Promise<number> {
  const cases = formulaCases().filter(({ name }) => !quick || QUICK.includes(name));
  const rows: Parameters<typeof formulasDocument>[0][number][] = [];
  for (const noise of noises)
    for (const of of cases)
      try {
        const came = await runFormulaCase(of, noise);
        rows.push({ of, noise, came });
        say(
          `${of.name}, noise ${formatNumber(noise)}: ${came.verdict}, ${came.first}, ${came.right}; ${formatNumber(came.seconds)} s`,
        );
      } catch (error) {
        say(`${of.name}, noise ${formatNumber(noise)}: ${(error as Error).message}`);
      }
  const asked = ["pnpm laws --formulas", ...(quick ? ["--quick"] : []), "--noise", noises.join()];
  const text = formulasDocument(rows, asked.join(" "));
  if (quick && out === undefined) process.stdout.write(text);
  else await write(out ?? path.join("docs", "formulas.md"), text);
  return rows.length < cases.length * noises.length ||
    (quick && rows.some(({ came }) => came.right === "no"))
    ? 1
    : 0;
}
