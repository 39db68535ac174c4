// Reads one attack in a process of its own: tells how long it took, what came, and how much the memory grew, as JSON.
import { isMclnnError } from "@mclnn/physics";
import { attacks } from "./attacks.ts";

const attack = attacks.find(({ name }) => name === process.argv[2]);
if (attack === undefined) throw new Error(`no attack "${process.argv[2]}"`);
const bytes = attack.make();
// Readers are warm, and what making took is counted before.
for (const valid of attack.format.valid) attack.format.read(valid);
const before = process.resourceUsage().maxRSS;
const began = process.cpuUsage();
let outcome = "accepted";
try {
  attack.format.read(bytes);
} catch (error) {
  outcome = isMclnnError(error) && error.kind === "input" ? "refused" : String(error).slice(0, 200);
}
// Of the processor: a wall clock also counts what else the machine does.
const { user, system } = process.cpuUsage(began);
const milliseconds = (user + system) / 1000;
const grown = 1024 * (process.resourceUsage().maxRSS - before);
process.stdout.write(
  JSON.stringify({ outcome, milliseconds, grown, size: bytes.length } satisfies Reading),
);

/** What came of one attack. */
export interface Reading {
  readonly outcome: string;
  readonly milliseconds: number;
  readonly grown: number;
  readonly size: number;
}
