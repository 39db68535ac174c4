import { spawnSync } from "node:child_process";
import { fuzzFormulas } from "../formulas/fuzz.ts";
import type { Promised } from "../promise.ts";

const CASES = { quick: 10_000, full: 1_000_000 };

export const formulas: Promised = {
  name: "formulas",
  promise:
    "A formula is never code: what a second recogniser of the grammar refuses is refused, and so are the texts that have broken other languages",
  check(size, tally) {
    const { cases, accepted, failures } = fuzzFormulas(CASES[size], 1);
    tally.cases += cases;
    tally.failures.push(...failures);
    tally.notes.push(`${accepted} of ${cases} texts were formulas`);
    tally.expect(accepted > 0.001 * cases, "hardly any text was a formula");
    // The evaluation itself under the strictest rules that Node has.
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        "--disallow-code-generation-from-strings",
        "--disable-proto=throw",
        "--import",
        "tsx",
        "--conditions=@mclnn/source",
        "--input-type=module",
        "--eval",
        `import { parseFormula } from "@mclnn/physics/potentials"; console.log(parseFormula("4*eps*((s/r)^12-(s/r)^6); eps=1; s=1").slope(1.5))`,
      ],
      { encoding: "utf8", cwd: import.meta.dirname },
    );
    tally.expect(
      status === 0 && Math.abs(Number(stdout) - 1.1580288) < 1e-6,
      `evaluated where code from strings is forbidden: ${stdout} ${stderr.slice(-300)}`,
    );
  },
};
