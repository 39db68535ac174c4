import path from "node:path";
import { start } from "../../process.ts";
import { attacks } from "../hostile/attacks.ts";
import { fuzz } from "../hostile/fuzz.ts";
import { npz } from "../hostile/npz.ts";
import type { Reading } from "../hostile/read-alone.ts";
import { states } from "../hostile/state-files.ts";
import { checkpoints, models } from "../hostile/tensor-files.ts";
import { trajectoryTexts } from "../hostile/trajectory-texts.ts";
import type { Promised, Tally } from "../promise.ts";

/** Mutated files in all, and how they are shared out: archives take longest and are the most dangerous. */
const CASES = { quick: 3000, full: 10_000_000 };
const SHARES = [
  { format: npz, share: 0.2 },
  ...trajectoryTexts.map((format) => ({ format, share: 0.1 })),
  { format: models, share: 0.25 },
  { format: checkpoints, share: 0.25 },
  { format: states, share: 0.3 },
];
/** Attacks that the small version tries; each is a process. */
const QUICK_ATTACKS = ["a bomb of 10 GB that says 1 MB", "masses nested 200,000 deep"];
/** Bytes of memory that a file may take beside twice its own. */
const MEMORY = 64 * 2 ** 20;

export const hostileFiles: Promised = {
  name: "hostile-files",
  promise:
    "A file from a stranger is refused or means what it says: no crash, no hang, memory of twice the file and 64 MB, what is accepted writes back the same",
  async check(size, tally) {
    for (const { format, share } of SHARES) {
      const { cases, accepted, failures, slowest } = await fuzz(format, share * CASES[size], 1);
      tally.cases += cases;
      tally.failures.push(...failures);
      tally.expect(accepted > 0.001 * cases, `${format.name}: hardly any file was accepted`);
      tally.notes.push(
        `${format.name}: ${cases} mutations, ${accepted} accepted, slowest ${slowest.toFixed(0)} ms`,
      );
    }
    for (const { name, patience } of attacks)
      if (size === "full" || QUICK_ATTACKS.includes(name)) await tryAttack(name, patience, tally);
  },
};

async function tryAttack(name: string, patience: number, tally: Tally): Promise<void> {
  const program = path.join(import.meta.dirname, "../hostile/read-alone.ts");
  const node = [process.execPath, "--import", "tsx", "--conditions=@mclnn/source"];
  const { code, stdout, stderr } = await start([...node, program, name], import.meta.dirname).ended;
  if (code !== 0) {
    tally.expect(false, `${name}: the reader ended with ${code}: ${stderr.slice(-500)}`);
    return;
  }
  const { outcome, milliseconds, grown, size } = JSON.parse(stdout) as Reading;
  tally.expect(outcome === "refused", `${name}: ${outcome}`);
  tally.expect(milliseconds <= patience, `${name}: took ${milliseconds.toFixed(0)} ms`);
  tally.expect(grown <= 2 * size + MEMORY, `${name}: took ${grown} bytes of memory`);
}
