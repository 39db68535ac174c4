import { createRandom } from "@mclnn/datasets";
import { isMclnnError } from "@mclnn/physics";
import type { Format } from "./format.ts";
import { mutated } from "./mutation.ts";

/** What came of reading many damaged files. */
export interface FuzzResult {
  readonly format: string;
  readonly cases: number;
  readonly accepted: number;
  /** Descriptions of the first few, with the file in hexadecimal. */
  readonly failures: readonly string[];
  readonly slowest: number;
}

/** Longest that a small file may take, in milliseconds of the processor; the fastest of three tries counts. */
const PATIENCE = 50;
const SHOWN = 5;

/**
 * Reads `cases` mutations of valid files: each must be refused with an MclnnError that is about the input, or be accepted and write back
 * the same.
 */
export async function fuzz(format: Format, cases: number, seed: number): Promise<FuzzResult> {
  const random = createRandom(seed);
  const failures: string[] = [];
  let accepted = 0;
  let slowest = 0;
  const fail = (bytes: Uint8Array, what: string): void => {
    if (failures.length < SHOWN)
      failures.push(`${format.name}: ${what}: ${Buffer.from(bytes).toString("hex")}`);
  };
  for (let k = 0; k < cases && failures.length < SHOWN; k++) {
    const valid = format.valid[random.integer(format.valid.length)];
    const bytes = random.integer(2) === 0 ? mutated(valid, random) : format.craft(valid, random);
    let took = await timed(format, bytes);
    for (let more = 0; more < 2 && took.milliseconds > PATIENCE; more++)
      took = await timed(format, bytes);
    slowest = Math.max(slowest, took.milliseconds);
    if (took.milliseconds > PATIENCE) fail(bytes, `took ${took.milliseconds.toFixed(0)} ms`);
    if ("error" in took) {
      const { error } = took;
      if (!isMclnnError(error) || error.kind !== "input" || error.message.length > 2000)
        fail(bytes, `${String(error).slice(0, 200)}`);
      continue;
    }
    accepted++;
    const difference = await writesBack(format, took.value);
    if (difference !== null) fail(bytes, difference);
  }
  return { format: format.name, cases, accepted, failures, slowest };
}

async function timed(
  { read }: Format,
  bytes: Uint8Array,
): Promise<{ milliseconds: number } & ({ value: unknown } | { error: unknown })> {
  const began = process.cpuUsage();
  const milliseconds = (): number => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  try {
    const value = await read(bytes);
    return { milliseconds: milliseconds(), value };
  } catch (error) {
    return { milliseconds: milliseconds(), error };
  }
}

/** Null where what was accepted writes, reads and writes the same; else what went wrong. */
async function writesBack({ read, write }: Format, value: unknown): Promise<string | null> {
  try {
    const once = write(value);
    const twice = write(await read(once));
    return Buffer.compare(once, twice) === 0 ? null : "accepted, but does not write back the same";
  } catch (error) {
    return `accepted, but cannot be written and read again (${String(error).slice(0, 200)})`;
  }
}
